package rounds.ui.block

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import rounds.model.Badge
import rounds.model.Button
import rounds.model.Tone
import rounds.model.Versions
import rounds.ui.look.Card
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.Pill
import rounds.ui.look.QuietButton

/** The versions of an answer, each with who gave it, and the button that chooses it. */
@Composable
fun VersionsView(versions: Versions, onPress: (Button) -> Unit) {
    val palette = LocalPalette.current
    Column(verticalArrangement = Arrangement.spacedBy(10.dp)) {
        Column(Modifier.padding(horizontal = 4.dp)) {
            Text(versions.label, Modifier.semantics { heading() }, style = MaterialTheme.typography.titleLarge)
            Text(versions.about, color = palette.quiet, style = MaterialTheme.typography.bodyMedium)
        }
        versions.versions.forEachIndexed { index, version ->
            Card(edge = BorderStroke(if (index == 0) 2.dp else 1.dp, if (index == 0) palette.leaf else palette.hairline)) {
                if (index == 0) Pill(Badge(LocalWords.current.showsNow, Tone.Neutral))
                Text(version.value, style = MaterialTheme.typography.headlineSmall)
                Text(version.by, color = palette.quiet, style = MaterialTheme.typography.bodyMedium)
                QuietButton(version.button, onPress, Modifier.fillMaxWidth().padding(top = 4.dp))
            }
        }
        versions.other?.let { QuietButton(it, onPress, Modifier.fillMaxWidth()) }
    }
}

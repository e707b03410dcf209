package rounds.ui.block

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import rounds.model.Script
import rounds.ui.look.Card
import rounds.ui.look.LocalPalette
import rounds.ui.look.Sign
import rounds.ui.look.Signs

/** What is to be said now, large enough to read from a phone that lies on the table. */
@Composable
fun ScriptView(script: Script) {
    val palette = LocalPalette.current
    Column(verticalArrangement = Arrangement.spacedBy(10.dp)) {
        Row(
            Modifier.fillMaxWidth().padding(horizontal = 4.dp),
            horizontalArrangement = Arrangement.spacedBy(8.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Text(script.step, Modifier.weight(1f), color = palette.quiet, style = MaterialTheme.typography.labelMedium)
            val ink = if (script.recording) palette.bad else palette.neutral
            if (script.recording) Box(Modifier.size(12.dp).clip(CircleShape).background(ink.letters))
            Text(
                script.state,
                Modifier.semantics { liveRegion = LiveRegionMode.Polite },
                color = ink.letters,
                style = MaterialTheme.typography.labelMedium,
            )
        }
        Card(edge = BorderStroke(2.dp, palette.leaf), padding = PaddingValues(20.dp), gap = 12.dp) {
            Row(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalAlignment = Alignment.CenterVertically) {
                Sign(Signs.speak, null, palette.leaf)
                Text(script.speaker, color = palette.leaf, style = MaterialTheme.typography.titleSmall)
            }
            Text(script.words, style = MaterialTheme.typography.headlineMedium)
        }
        script.instruction?.let {
            Text(it, Modifier.padding(horizontal = 4.dp), style = MaterialTheme.typography.bodyLarge)
        }
    }
}

package rounds.ui.block

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import rounds.model.Score
import rounds.model.Tone
import rounds.ui.look.Card
import rounds.ui.look.LocalPalette
import kotlin.math.roundToInt

/** What a checklist came to: the number, the one before, the sections, and what failed it. */
@Composable
fun ScoreView(score: Score, onTap: (String) -> Unit) {
    val palette = LocalPalette.current
    val ink = palette.of(
        when (score.passed) {
            true -> Tone.Good
            false -> Tone.Bad
            null -> Tone.Active
        },
    )
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Card(padding = PaddingValues(0.dp), gap = 0.dp) {
            Row(
                Modifier.fillMaxWidth().padding(18.dp),
                horizontalArrangement = Arrangement.spacedBy(18.dp),
                verticalAlignment = Alignment.CenterVertically,
            ) {
                Circle(partOf(score.percent, 100.0), 92.dp, ink.letters) {
                    Text("${score.percent.roundToInt()}", style = MaterialTheme.typography.headlineMedium)
                }
                Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(4.dp)) {
                    Text(score.text, color = ink.letters, style = MaterialTheme.typography.titleLarge)
                    score.before?.let { Text(it, color = palette.quiet, style = MaterialTheme.typography.bodyLarge) }
                }
            }
            for (section in score.sections) {
                Hairline()
                FactView(section, onTap)
            }
        }
        Column {
            score.failed.forEachIndexed { index, line ->
                LineView(line, InGroup(index == 0, index == score.failed.lastIndex), onTap)
            }
        }
    }
}

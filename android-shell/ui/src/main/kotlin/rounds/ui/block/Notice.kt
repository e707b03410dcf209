package rounds.ui.block

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import rounds.model.Button
import rounds.model.Notice
import rounds.model.Tone
import rounds.ui.look.Card
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.QuietButton
import rounds.ui.look.Sign
import rounds.ui.look.Signs
import rounds.ui.look.Words

/** Something to know: what happened and why, what to do now, and the buttons that do it. */
@Composable
fun NoticeView(notice: Notice, onPress: (Button) -> Unit) {
    val ink = LocalPalette.current.of(notice.tone)
    Card(ground = ink.ground, edge = BorderStroke(1.dp, ink.ground)) {
        Told(notice)
        for (button in notice.buttons) QuietButton(button, onPress, Modifier.fillMaxWidth())
    }
}

/** The words of a notice, with the sign of its tone. */
@Composable
fun Told(notice: Notice) {
    val ink = LocalPalette.current.of(notice.tone)
    Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
        Sign(Signs.of(notice.tone), LocalWords.current.of(notice.tone), ink.letters, Modifier.padding(top = 1.dp))
        Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(6.dp)) {
            Text(notice.text, color = ink.letters, style = MaterialTheme.typography.titleMedium)
            notice.remedy?.let { Text(it, style = MaterialTheme.typography.bodyLarge) }
            notice.code?.let { Text(it, color = LocalPalette.current.quiet, style = MaterialTheme.typography.labelSmall) }
        }
    }
}

/** What the sign of a tone says; nothing where it says nothing. */
fun Words.of(tone: Tone): String? = when (tone) {
    Tone.Good -> good
    Tone.Warning -> warning
    Tone.Bad -> bad
    Tone.Active, Tone.Neutral -> null
}

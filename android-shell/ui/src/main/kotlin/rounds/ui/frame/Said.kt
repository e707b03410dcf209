package rounds.ui.frame

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kotlinx.coroutines.delay
import rounds.model.Hands
import rounds.model.Said
import rounds.model.Tone
import rounds.ui.block.of
import rounds.ui.look.BIG_TOUCH
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.Sign
import rounds.ui.look.Signs

/** Something said in passing, over the main button; what is wrong stays until it is tapped away. */
@Composable
fun SaidView(said: Said?, hands: Hands, modifier: Modifier = Modifier) {
    if (said == null) return
    val palette = LocalPalette.current
    val notice = said.notice
    val goes = notice.tone != Tone.Bad && notice.tone != Tone.Warning && notice.buttons.isEmpty()
    LaunchedEffect(said) {
        if (goes) {
            delay(2_500L + 40L * (notice.text.length + (notice.remedy?.length ?: 0)))
            hands.heard(said)
        }
    }
    Row(
        modifier.padding(12.dp).fillMaxWidth().heightIn(min = BIG_TOUCH)
            .clip(RoundedCornerShape(14.dp))
            .background(palette.ink)
            .clickable(role = Role.Button, onClickLabel = LocalWords.current.close) { hands.heard(said) }
            .semantics { liveRegion = LiveRegionMode.Assertive }
            .testTag("said")
            .padding(horizontal = 16.dp, vertical = 12.dp),
        horizontalArrangement = Arrangement.spacedBy(12.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Sign(Signs.of(notice.tone), LocalWords.current.of(notice.tone), palette.paper)
        Column(Modifier.weight(1f)) {
            Text(notice.text, color = palette.paper, style = MaterialTheme.typography.titleSmall)
            notice.remedy?.let { Text(it, color = palette.paper, style = MaterialTheme.typography.bodyMedium) }
        }
        if (!goes) Sign(Signs.close, null, palette.paper)
    }
}

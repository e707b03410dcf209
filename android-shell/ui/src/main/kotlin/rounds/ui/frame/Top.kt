package rounds.ui.frame

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import rounds.model.Chip
import rounds.model.Hands
import rounds.model.Screen
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.PILL
import rounds.ui.look.RoundButton
import rounds.ui.look.Sign
import rounds.ui.look.Signs
import rounds.ui.look.TOUCH

/** Back, the title, and the sync chip; a long title, or one in large letters, has the whole width for itself. */
@Composable
fun Top(screen: Screen, hands: Hands) {
    val alone = LocalDensity.current.fontScale > 1.25f || screen.title.cells() > BESIDE
    Column(Modifier.fillMaxWidth().padding(start = if (screen.back) 4.dp else 18.dp, end = 12.dp, top = 8.dp, bottom = 8.dp)) {
        Row(verticalAlignment = Alignment.CenterVertically) {
            if (screen.back) RoundButton(Signs.back, LocalWords.current.back, { hands.back() })
            Box(Modifier.weight(1f).padding(end = 8.dp)) { if (!alone) Titles(screen) }
            screen.chip?.let { ChipView(it, hands) }
        }
        if (alone) Titles(screen, Modifier.padding(start = if (screen.back) 14.dp else 0.dp))
    }
}

@Composable
private fun Titles(screen: Screen, modifier: Modifier = Modifier) = Column(modifier) {
    Text(
        screen.title,
        Modifier.semantics { heading() }.testTag("title"),
        style = if (screen.back) MaterialTheme.typography.titleLarge else MaterialTheme.typography.headlineSmall,
    )
    screen.subtitle?.let {
        Text(it, color = LocalPalette.current.quiet, style = MaterialTheme.typography.bodyMedium)
    }
}

/** So much of a title stands on one line beside the chip. */
private const val BESIDE = 12

/** How wide it is: a Chinese letter is as wide as two Latin ones. */
private fun String.cells() = sumOf { if (it.code >= 0x2E80) 2L else 1L }

/** Where this phone stands. The sign says it without its colour, the words without the sign. */
@Composable
fun ChipView(chip: Chip, hands: Hands) {
    val ink = LocalPalette.current.of(chip.tone)
    Box(
        Modifier.heightIn(min = TOUCH).widthIn(min = TOUCH).clip(PILL)
            .clickable(role = Role.Button) { hands.tap(chip.tap) }
            .semantics { liveRegion = LiveRegionMode.Polite }
            .testTag("chip"),
        contentAlignment = Alignment.Center,
    ) {
        Row(
            Modifier.widthIn(max = 190.dp).clip(PILL).background(ink.ground).padding(start = 9.dp, end = 12.dp, top = 6.dp, bottom = 6.dp),
            horizontalArrangement = Arrangement.spacedBy(6.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Sign(signOf(chip), null, ink.letters, size = 18.dp)
            Text(chip.text, color = ink.letters, style = MaterialTheme.typography.labelSmall)
        }
    }
}

private fun signOf(chip: Chip) = when (chip.state) {
    "syncing" -> Signs.sync
    "offline" -> Signs.offline
    "waiting" -> Signs.upload
    "up_to_date" -> Signs.check
    "no_access", "signed_out" -> Signs.lock
    else -> Signs.of(chip.tone)
}

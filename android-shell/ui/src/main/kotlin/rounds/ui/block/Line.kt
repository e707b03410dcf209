package rounds.ui.block

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import rounds.model.Line
import rounds.model.Tone
import rounds.ui.look.BIG_TOUCH
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.Pill
import rounds.ui.look.Sign
import rounds.ui.look.Signs

/** Where a line stands among the lines beside it, which share one card. */
data class InGroup(val first: Boolean, val last: Boolean)

/** A line of a list: what it is, where it stands, what is next; greyed, why. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun LineView(line: Line, place: InGroup, onTap: (String) -> Unit) {
    val palette = LocalPalette.current
    val words = LocalWords.current
    val shape = shapeOf(place)
    val tap = line.tap
    val grey = line.whyNot != null
    val long = (line.end?.length ?: 0) > 9
    Column(
        Modifier.fillMaxWidth()
            .clip(shape)
            .background(palette.card)
            .border(1.dp, palette.hairline, shape)
            .testTag("line ${line.id}")
            .then(
                if (tap == null) Modifier.semantics(mergeDescendants = true) {}
                else Modifier.clickable(role = Role.Button) { onTap(tap) },
            )
            .then(line.chosen?.let { chosen -> Modifier.semantics { selected = chosen } } ?: Modifier),
    ) {
        Row(
            Modifier.fillMaxWidth().heightIn(min = BIG_TOUCH + 8.dp).padding(horizontal = 14.dp, vertical = 12.dp),
            horizontalArrangement = Arrangement.spacedBy(12.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            line.chosen?.let { Tick(it) }
            line.mark?.let { Mark(it) }
            line.picture?.let { Thumbnail(it, Modifier.size(56.dp)) }
            Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(3.dp)) {
                Text(
                    line.title,
                    color = if (grey) palette.quiet else palette.ink,
                    style = MaterialTheme.typography.titleMedium,
                )
                line.subtitle?.let { Text(it, color = palette.quiet, style = MaterialTheme.typography.bodyMedium) }
                // A moment is too long to stand beside a title.
                if (long) line.end?.let { Text(it, color = palette.quiet, style = MaterialTheme.typography.labelMedium) }
                if (line.badges.isNotEmpty()) {
                    FlowRow(
                        Modifier.padding(top = 3.dp),
                        horizontalArrangement = Arrangement.spacedBy(6.dp),
                        verticalArrangement = Arrangement.spacedBy(6.dp),
                    ) { line.badges.forEach { Pill(it) } }
                }
                line.whyNot?.let { WhyNot(it) }
            }
            if (!long) line.end?.let {
                Text(
                    it,
                    Modifier.widthIn(max = 110.dp),
                    color = palette.quiet,
                    style = MaterialTheme.typography.labelMedium,
                    textAlign = TextAlign.End,
                )
            }
            if (tap != null && line.chosen == null) Sign(Signs.forth, null, palette.quiet, size = 20.dp)
        }
    }
}

@Composable
private fun WhyNot(why: String) {
    val palette = LocalPalette.current
    Row(horizontalArrangement = Arrangement.spacedBy(6.dp)) {
        Sign(Signs.lock, null, palette.quiet, Modifier.padding(top = 1.dp), size = 17.dp)
        Text(why, color = palette.quiet, style = MaterialTheme.typography.bodySmall)
    }
}

/** The mark before a line: a sign where there is one for it, otherwise its letters in a circle. */
@Composable
private fun Mark(mark: String) {
    val palette = LocalPalette.current
    val words = LocalWords.current
    val (sign, says, ink) = when (mark) {
        "✓" -> Triple(Signs.check, words.done, palette.good)
        "!" -> Triple(Signs.attention, words.attention, palette.warning)
        "→" -> Triple(Signs.forth, words.next, palette.active)
        "●" -> Triple(Signs.active, words.going, palette.active)
        "○" -> Triple(null, words.open, palette.neutral)
        "–" -> Triple(Signs.minus, words.skipped, palette.neutral)
        else -> Triple(null, null, palette.of(Tone.Neutral))
    }
    Box(
        Modifier.size(36.dp).clip(CircleShape).background(ink.ground),
        contentAlignment = Alignment.Center,
    ) {
        when {
            sign != null -> Sign(sign, says, ink.letters, size = 21.dp)
            mark == "○" -> Sign(Signs.circle, says, ink.letters, size = 21.dp)
            else -> Text(mark, color = ink.letters, style = MaterialTheme.typography.titleSmall)
        }
    }
}

/** Chosen or not, in a list that several are chosen of. */
@Composable
fun Tick(on: Boolean) {
    val palette = LocalPalette.current
    val shape = RoundedCornerShape(7.dp)
    Box(
        Modifier.size(26.dp).clip(shape)
            .background(if (on) palette.leaf else palette.well)
            .border(2.dp, if (on) palette.leaf else palette.edge, shape),
        contentAlignment = Alignment.Center,
    ) { if (on) Sign(Signs.check, null, palette.onLeaf, size = 20.dp) }
}

private fun shapeOf(place: InGroup): RoundedCornerShape {
    val above = if (place.first) 16.dp else 0.dp
    val below = if (place.last) 16.dp else 0.dp
    return RoundedCornerShape(above, above, below, below)
}

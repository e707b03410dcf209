package rounds.ui.block

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.semantics.ProgressBarRangeInfo
import androidx.compose.ui.semantics.progressBarRangeInfo
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import rounds.ui.look.Card
import rounds.ui.look.LocalPalette
import rounds.ui.look.PILL

/** So much of it is done. */
@Composable
fun ProgressView(text: String, done: Long, of: Long) {
    val palette = LocalPalette.current
    val part = partOf(done.toDouble(), of.toDouble())
    Column(
        Modifier.fillMaxWidth().padding(horizontal = 4.dp).semantics(mergeDescendants = true) {
            progressBarRangeInfo = ProgressBarRangeInfo(part, 0f..1f)
        },
        verticalArrangement = Arrangement.spacedBy(6.dp),
    ) {
        Text(text, color = palette.quiet, style = MaterialTheme.typography.labelMedium)
        Box(Modifier.fillMaxWidth().height(8.dp).clip(PILL).background(palette.neutral.ground)) {
            Box(Modifier.fillMaxWidth(part).fillMaxHeight().clip(PILL).background(palette.leaf))
        }
    }
}

/** A time that has to pass, as a ring that closes. */
@Composable
fun RingView(text: String, leftMs: Long, ofMs: Long) {
    val part = partOf((ofMs - leftMs).toDouble(), ofMs.toDouble())
    Card {
        Row(
            Modifier.semantics(mergeDescendants = true) { progressBarRangeInfo = ProgressBarRangeInfo(part, 0f..1f) },
            horizontalArrangement = Arrangement.spacedBy(16.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Circle(part, 72.dp, LocalPalette.current.leaf) {
                Text(minutes(leftMs), style = MaterialTheme.typography.titleSmall)
            }
            Text(text, Modifier.weight(1f), style = MaterialTheme.typography.bodyLarge)
        }
    }
}

/** A ring of which [part] is drawn. */
@Composable
fun Circle(part: Float, size: Dp, color: Color, inside: @Composable () -> Unit) {
    val rest = LocalPalette.current.neutral.ground
    Box(Modifier.size(size), contentAlignment = Alignment.Center) {
        Canvas(Modifier.size(size)) {
            val pen = Stroke(width = this.size.minDimension / 10, cap = StrokeCap.Round)
            val from = Offset(pen.width / 2, pen.width / 2)
            val round = Size(this.size.width - pen.width, this.size.height - pen.width)
            drawArc(rest, 0f, 360f, false, from, round, style = pen)
            if (part > 0) drawArc(color, -90f, 360f * part, false, from, round, style = pen)
        }
        inside()
    }
}

/** `11:05`, rounded up, so that it ends with what it waits for. */
internal fun minutes(ms: Long): String {
    val seconds = (ms.coerceAtLeast(0) + 999) / 1000
    return "%d:%02d".format(seconds / 60, seconds % 60)
}

internal fun partOf(done: Double, of: Double): Float = if (of > 0) (done / of).coerceIn(0.0, 1.0).toFloat() else 0f

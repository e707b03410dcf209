package rounds.ui.block

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import rounds.model.Point
import rounds.model.Trend
import rounds.ui.look.Card
import rounds.ui.look.LocalPalette

/** Numbers in a row: the question, the answer in words, and bars of which the last one is now. */
@Composable
fun TrendView(trend: Trend) {
    val palette = LocalPalette.current
    Card(gap = 6.dp) {
        Text(trend.title, color = palette.quiet, style = MaterialTheme.typography.bodyMedium)
        Text(trend.text, style = MaterialTheme.typography.titleMedium)
        if (trend.points.isNotEmpty()) {
            Bars(trend.points)
            Row(Modifier.fillMaxWidth(), horizontalArrangement = Arrangement.SpaceBetween) {
                for (point in setOf(trend.points.first(), trend.points.last())) {
                    Text(
                        "${point.label} · ${number(point.value)}",
                        color = palette.quiet,
                        style = MaterialTheme.typography.labelSmall,
                    )
                }
            }
        }
    }
}

@Composable
private fun Bars(points: List<Point>) {
    val palette = LocalPalette.current
    val most = points.maxOf { it.value }.coerceAtLeast(0.0)
    val all = points.joinToString { "${it.label} ${number(it.value)}" }
    Canvas(Modifier.fillMaxWidth().height(64.dp).semantics { contentDescription = all }) {
        val step = size.width / points.size
        val gap = (step * 0.25f).coerceAtMost(6.dp.toPx())
        points.forEachIndexed { index, point ->
            val height = (partOf(point.value, most) * size.height).coerceAtLeast(3.dp.toPx())
            drawRoundRect(
                color = if (index == points.lastIndex) palette.leaf else palette.edge.copy(alpha = 0.55f),
                topLeft = Offset(index * step + gap / 2, size.height - height),
                size = Size(step - gap, height),
                cornerRadius = CornerRadius(4.dp.toPx()),
            )
        }
    }
}

/** A number without a tail of zeros. */
internal fun number(value: Double): String =
    if (value == Math.rint(value) && Math.abs(value) < 1e15) value.toLong().toString()
    else value.toBigDecimal().stripTrailingZeros().toPlainString()

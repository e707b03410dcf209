package rounds.ui.frame

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.gestures.awaitEachGesture
import androidx.compose.foundation.gestures.awaitFirstDown
import androidx.compose.foundation.gestures.drag
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateListOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.drawscope.Stroke as Pencil
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.paneTitle
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import rounds.model.Button
import rounds.model.Dot
import rounds.model.Signing
import rounds.model.Stroke
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.MainButton
import rounds.ui.look.QuietButton
import rounds.ui.look.RoundButton
import rounds.ui.look.Signs

/** A pad to sign on. The paper is white in the dark too: a signature is ink on paper. */
@Composable
fun PadView(signing: Signing) {
    val palette = LocalPalette.current
    val words = LocalWords.current
    val strokes = remember(signing) { mutableStateListOf<Stroke>() }
    var now by remember(signing) { mutableStateOf<Stroke>(emptyList()) }
    Column(
        Modifier.fillMaxSize().background(palette.paper).padding(16.dp).semantics { paneTitle = words.sign },
        verticalArrangement = Arrangement.spacedBy(12.dp),
    ) {
        Row(verticalAlignment = Alignment.CenterVertically) {
            Column(Modifier.weight(1f)) {
                Text(signing.title.ifEmpty { words.sign }, style = MaterialTheme.typography.titleLarge)
                if (signing.signer.isNotEmpty()) Text(signing.signer, style = MaterialTheme.typography.bodyLarge)
            }
            RoundButton(Signs.close, words.close, { signing.give(null) })
        }
        Canvas(
            Modifier.fillMaxWidth().weight(1f)
                .clip(RoundedCornerShape(16.dp)).background(Color.White)
                .border(1.dp, palette.edge, RoundedCornerShape(16.dp))
                .testTag("pad")
                .semantics { contentDescription = words.signHere }
                .pointerInput(signing) {
                    awaitEachGesture {
                        fun dot(at: Offset, ms: Long) = Dot((at.x / size.width).coerceIn(0f, 1f), (at.y / size.height).coerceIn(0f, 1f), ms)
                        val down = awaitFirstDown()
                        now = listOf(dot(down.position, down.uptimeMillis))
                        drag(down.id) {
                            now = now + dot(it.position, it.uptimeMillis)
                            it.consume()
                        }
                        strokes += now
                        now = emptyList()
                    }
                },
        ) { for (stroke in strokes + listOf(now)) drawPath(line(stroke, size), Color(0xFF10224A), style = Pencil(4.dp.toPx(), cap = StrokeCap.Round, join = StrokeJoin.Round)) }
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
            QuietButton(Button("", words.clear), { strokes.clear() })
            Spacer(Modifier.weight(0.01f))
            MainButton(Button("", words.done), { signing.give(strokes.toList()) }, Modifier.weight(1f))
        }
    }
}

private fun line(stroke: Stroke, size: Size) = Path().apply {
    stroke.forEachIndexed { index, dot ->
        val (x, y) = dot.x * size.width to dot.y * size.height
        if (index == 0) moveTo(x, y) else lineTo(x, y)
        // A point alone is a point, too.
        if (stroke.size == 1) lineTo(x + 0.1f, y)
    }
}

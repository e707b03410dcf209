package rounds.ui.input

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.gestures.awaitEachGesture
import androidx.compose.foundation.gestures.awaitFirstDown
import androidx.compose.foundation.gestures.drag
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.wrapContentHeight
import androidx.compose.foundation.layout.wrapContentWidth
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.selection.toggleable
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.semantics.ProgressBarRangeInfo
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.progressBarRangeInfo
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.setProgress
import androidx.compose.ui.unit.dp
import kotlin.math.roundToInt
import rounds.model.Input
import rounds.model.Question
import rounds.ui.block.Tick
import rounds.ui.block.number
import rounds.ui.look.BIG_TOUCH
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.RoundButton
import rounds.ui.look.Signs

/** All of these in an order, moved up and down by two buttons. */
@Composable
fun RankInput(question: Question, input: Input.Rank, pen: Pen) {
    val words = LocalWords.current
    val palette = LocalPalette.current
    val given = question.value.split(' ').filter { it.isNotEmpty() }
    val order = input.options.sortedBy { option -> given.indexOf(option.value).let { if (it < 0) Int.MAX_VALUE else it } }
    fun move(from: Int, to: Int) {
        val now = order.map { it.value }.toMutableList()
        now.add(to, now.removeAt(from))
        pen.answer(question.key, now.joinToString(" "))
    }
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        order.forEachIndexed { index, choice ->
            Row(
                Modifier.fillMaxWidth().clip(RoundedCornerShape(14.dp)).background(palette.well).padding(start = 14.dp),
                horizontalArrangement = Arrangement.spacedBy(8.dp),
                verticalAlignment = Alignment.CenterVertically,
            ) {
                Text("${index + 1}", color = palette.quiet, style = MaterialTheme.typography.titleMedium)
                Text(choice.label, Modifier.weight(1f).padding(vertical = 14.dp), style = MaterialTheme.typography.bodyLarge)
                if (index > 0) RoundButton(Signs.up, "${choice.label}: ${words.up}", { move(index, index - 1) })
                if (index < order.lastIndex) RoundButton(Signs.down, "${choice.label}: ${words.down}", { move(index, index + 1) })
            }
        }
    }
}

/** A number on a scale: its marks as buttons where they are few, otherwise a slider. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun RangeInput(question: Question, input: Input.Range, pen: Pen) {
    val palette = LocalPalette.current
    val steps = ((input.to - input.from) / input.step).roundToInt()
    val now = question.value.toDoubleOrNull()
    if (steps <= 10) {
        val shape = RoundedCornerShape(14.dp)
        FlowRow(
            Modifier.fillMaxWidth().selectableGroup(),
            horizontalArrangement = Arrangement.spacedBy(8.dp),
            verticalArrangement = Arrangement.spacedBy(8.dp),
        ) {
            for (step in 0..steps) {
                val mark = number(input.from + step * input.step)
                val on = now != null && number(now) == mark
                Text(
                    mark,
                    Modifier.widthIn(min = BIG_TOUCH).heightIn(min = BIG_TOUCH)
                        .clip(shape)
                        .background(if (on) palette.leaf else palette.well)
                        .border(1.dp, if (on) palette.leaf else palette.edge, shape)
                        .selectable(on, role = Role.RadioButton) { pen.answer(question.key, mark) }
                        .wrapContentWidth().wrapContentHeight(),
                    color = if (on) palette.onLeaf else palette.ink,
                    style = MaterialTheme.typography.titleMedium,
                )
            }
        }
        return
    }
    Slide(question.label, input, now) { pen.answer(question.key, it) }
}

/** A track as high as a finger, with the number over it; it is answered when the finger is lifted. */
@Composable
private fun Slide(label: String, input: Input.Range, now: Double?, answer: (String) -> Unit) {
    val palette = LocalPalette.current
    val marks = remember(input) { Marks(input) }
    val given by rememberUpdatedState(answer)
    var held by remember(input, now) { mutableStateOf(now?.toFloat()) }
    val part = held?.let(marks::partOf) ?: 0f
    Column {
        Text(held?.let(marks::stored) ?: "–", style = MaterialTheme.typography.titleLarge)
        Canvas(
            Modifier.fillMaxWidth().height(BIG_TOUCH)
                .pointerInput(marks) {
                    awaitEachGesture {
                        val down = awaitFirstDown()
                        var at = marks.at(down.position.x / size.width)
                        held = at
                        down.consume()
                        drag(down.id) {
                            at = marks.at(it.position.x / size.width)
                            held = at
                            it.consume()
                        }
                        given(marks.stored(at))
                    }
                }
                .semantics {
                    contentDescription = label
                    progressBarRangeInfo = ProgressBarRangeInfo(held ?: marks.reach.start, marks.reach)
                    setProgress { value ->
                        given(marks.stored(value))
                        true
                    }
                },
        ) {
            val (middle, thick) = size.height / 2 to 8.dp.toPx()
            val end = part * size.width
            drawLine(palette.edge, Offset(0f, middle), Offset(size.width, middle), thick, StrokeCap.Round)
            drawLine(palette.leaf, Offset(0f, middle), Offset(end, middle), thick, StrokeCap.Round)
            val thumb = 14.dp.toPx()
            drawCircle(palette.leaf, thumb, Offset(end.coerceIn(thumb, size.width - thumb), middle))
        }
    }
}

/** The marks of a scale, and where they are on a track from 0 to 1. */
private class Marks(private val input: Input.Range) {
    val reach = input.from.toFloat()..input.to.toFloat()

    fun at(part: Float): Float = onTheMark(input.from + part * (input.to - input.from)).toFloat()

    fun partOf(at: Float): Float = (at - reach.start) / (reach.endInclusive - reach.start)

    fun stored(at: Float): String = number(onTheMark(at.toDouble()))

    private fun onTheMark(at: Double): Double =
        input.from + ((at.coerceIn(input.from, input.to) - input.from) / input.step).roundToInt() * input.step
}

/** Yes, I have read it. */
@Composable
fun AcknowledgeInput(question: Question, pen: Pen) {
    val palette = LocalPalette.current
    val on = question.value == "OK"
    val shape = RoundedCornerShape(14.dp)
    Row(
        Modifier.fillMaxWidth().heightIn(min = BIG_TOUCH)
            .clip(shape)
            .background(if (on) palette.leafGround else palette.well)
            .border(if (on) 2.dp else 1.dp, if (on) palette.leaf else palette.edge, shape)
            .toggleable(on, role = Role.Checkbox) { pen.answer(question.key, if (it) "OK" else "") }
            .padding(horizontal = 14.dp, vertical = 10.dp),
        horizontalArrangement = Arrangement.spacedBy(12.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Tick(on)
        Text(LocalWords.current.read, style = MaterialTheme.typography.bodyLarge)
    }
}

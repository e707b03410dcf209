package rounds.ui.input

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.IntrinsicSize
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.selection.toggleable
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import rounds.model.Choice
import rounds.model.Input
import rounds.model.Question
import rounds.ui.block.Tick
import rounds.ui.look.BIG_TOUCH
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.Sign
import rounds.ui.look.Signs
import rounds.ui.look.Tool

/** One of several: side by side where two or three short words fit, otherwise one under the other. */
@Composable
fun OneInput(question: Question, input: Input.One, pen: Pen) {
    // A tap on what is chosen takes the answer back where none is needed.
    fun choose(choice: Choice) {
        val again = choice.value == question.value
        if (!again) pen.answer(question.key, choice.value) else if (!question.required) pen.answer(question.key, "")
    }
    Column(Modifier.fillMaxWidth().selectableGroup(), verticalArrangement = Arrangement.spacedBy(8.dp)) {
        if (fitBesideEachOther(input.options)) {
            Row(Modifier.height(IntrinsicSize.Min), horizontalArrangement = Arrangement.spacedBy(8.dp)) {
                for (choice in input.options) {
                    OneOf(choice, choice.value == question.value, { choose(choice) }, Modifier.weight(1f).fillMaxHeight())
                }
            }
        } else {
            for (choice in input.options) OneOf(choice, choice.value == question.value, { choose(choice) }, Modifier.fillMaxWidth())
        }
        WholeList(input.more, pen)
    }
}

/** Several of these. */
@Composable
fun SeveralInput(question: Question, input: Input.Several, pen: Pen) {
    val chosen = question.value.split(' ').filter { it.isNotEmpty() }
    Column(Modifier.fillMaxWidth(), verticalArrangement = Arrangement.spacedBy(8.dp)) {
        for (choice in input.options) {
            val on = choice.value in chosen
            OneOfMany(choice, on) {
                val now = if (on) chosen - choice.value else chosen + choice.value
                pen.answer(question.key, now.joinToString(" "))
            }
        }
        WholeList(input.more, pen)
    }
}

@Composable
private fun WholeList(more: String?, pen: Pen) {
    if (more != null) Tool(LocalWords.current.allChoices, Signs.search, { pen.tap(more) }, Modifier.fillMaxWidth())
}

@Composable
private fun OneOf(choice: Choice, on: Boolean, choose: () -> Unit, modifier: Modifier) {
    val palette = LocalPalette.current
    Option(choice, on, modifier, { it.selectable(on, enabled = choice.whyNot == null, role = Role.RadioButton, onClick = choose) }) {
        Box(
            Modifier.size(24.dp).clip(CircleShape).border(2.dp, if (on) palette.leaf else palette.edge, CircleShape),
            contentAlignment = Alignment.Center,
        ) { if (on) Box(Modifier.size(12.dp).clip(CircleShape).background(palette.leaf)) }
    }
}

@Composable
private fun OneOfMany(choice: Choice, on: Boolean, toggle: () -> Unit) =
    Option(choice, on, Modifier.fillMaxWidth(), {
        it.toggleable(on, enabled = choice.whyNot == null, role = Role.Checkbox, onValueChange = { toggle() })
    }) { Tick(on) }

/** A choice as a wide target, with its sign before it and the reason under it if it is grey. */
@Composable
private fun Option(
    choice: Choice,
    on: Boolean,
    modifier: Modifier,
    touch: (Modifier) -> Modifier,
    sign: @Composable () -> Unit,
) {
    val palette = LocalPalette.current
    val shape = RoundedCornerShape(14.dp)
    Row(
        touch(
            modifier.heightIn(min = BIG_TOUCH)
                .clip(shape)
                .background(if (on) palette.leafGround else palette.well)
                .border(if (on) 2.dp else 1.dp, if (on) palette.leaf else palette.edge, shape),
        ).padding(horizontal = 14.dp, vertical = 10.dp),
        horizontalArrangement = Arrangement.spacedBy(12.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        if (choice.whyNot == null) sign() else Sign(Signs.lock, null, palette.quiet)
        Column(Modifier.weight(1f)) {
            Text(
                choice.label,
                color = if (choice.whyNot == null) palette.ink else palette.quiet,
                style = if (on) MaterialTheme.typography.titleMedium else MaterialTheme.typography.bodyLarge,
            )
            choice.whyNot?.let { Text(it, color = palette.quiet, style = MaterialTheme.typography.bodySmall) }
        }
    }
}

/** Han letters are about as wide as two others. */
private fun fitBesideEachOther(options: List<Choice>): Boolean {
    fun width(text: String) = text.sumOf { if (it.code > 0x2E80) 2.toInt() else 1 }
    val room = when (options.size) {
        2 -> 12
        3 -> 6
        else -> return false
    }
    return options.all { it.whyNot == null && width(it.label) <= room }
}

package rounds.ui.input

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.OutlinedTextFieldDefaults
import androidx.compose.material3.Text
import androidx.compose.material3.TextFieldColors
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.onFocusChanged
import androidx.compose.ui.platform.LocalFocusManager
import androidx.compose.ui.semantics.error
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.input.PasswordVisualTransformation
import androidx.compose.ui.text.input.VisualTransformation
import androidx.compose.ui.unit.dp
import rounds.model.Question
import rounds.ui.look.BIG_TOUCH
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.RoundButton
import rounds.ui.look.Signs

/** What is typed into a field. */
enum class Typing(val keyboard: KeyboardType) {
    Line(KeyboardType.Text),
    Lines(KeyboardType.Text),
    Integer(KeyboardType.Number),
    Decimal(KeyboardType.Decimal),
    Pin(KeyboardType.NumberPassword),
}

/**
 * A field. Every letter is told as typing; it becomes an answer when the field is left. While it is being typed
 * in, it shows what was typed, whatever the core says meanwhile.
 */
@Composable
fun TextField(question: Question, pen: Pen, typing: Typing, modifier: Modifier = Modifier) {
    val stands = question.typed ?: question.value
    var text by rememberSaveable(question.key) { mutableStateOf(stands) }
    var inside by remember { mutableStateOf(false) }
    LaunchedEffect(stands) { if (!inside) text = stands }
    val focus = LocalFocusManager.current
    fun leave() {
        if (text == question.value && question.typed == null) return
        pen.answer(question.key, text)
    }
    OutlinedTextField(
        value = text,
        onValueChange = {
            text = it
            pen.type(question.key, it)
        },
        modifier = modifier.fillMaxWidth().heightIn(min = BIG_TOUCH)
            .onFocusChanged {
                if (inside && !it.isFocused) leave()
                inside = it.isFocused
            }
            .semantics {
                question.error?.let { error(it) }
            },
        prefix = { Voiced(question.label) },
        textStyle = if (typing == Typing.Lines || typing == Typing.Line) MaterialTheme.typography.bodyLarge
        else MaterialTheme.typography.titleLarge,
        isError = question.error != null,
        singleLine = typing != Typing.Lines,
        minLines = if (typing == Typing.Lines) 3 else 1,
        visualTransformation = if (typing == Typing.Pin) PasswordVisualTransformation() else VisualTransformation.None,
        keyboardOptions = KeyboardOptions(
            keyboardType = typing.keyboard,
            imeAction = if (typing == Typing.Lines) ImeAction.Default else ImeAction.Done,
        ),
        keyboardActions = KeyboardActions { focus.clearFocus() },
        shape = RoundedCornerShape(12.dp),
        colors = fieldColors(),
    )
}

/**
 * What a field is called, for people who do not see the words above it. It is no content description: that would be
 * read instead of what stands in the field.
 */
@Composable
fun Voiced(label: String) = Text(label, Modifier.size(0.dp))

/** A whole number: typed, or counted with two big buttons. */
@Composable
fun IntegerInput(question: Question, pen: Pen) {
    val palette = LocalPalette.current
    val words = LocalWords.current
    val now = (question.typed ?: question.value).toLongOrNull()
    fun count(by: Long) = pen.answer(question.key, ((now ?: 0) + by).coerceAtLeast(minOf(now ?: 0, 0)).toString())
    Row(
        Modifier.fillMaxWidth(),
        horizontalArrangement = Arrangement.spacedBy(10.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        val square = RoundedCornerShape(14.dp)
        RoundButton(Signs.minus, "${question.label}: ${words.less}", { count(-1) }, size = BIG_TOUCH, ground = palette.leafGround, color = palette.leaf, shape = square)
        TextField(question, pen, Typing.Integer, Modifier.weight(1f))
        RoundButton(Signs.plus, "${question.label}: ${words.plus}", { count(1) }, size = BIG_TOUCH, ground = palette.leafGround, color = palette.leaf, shape = square)
    }
}

@Composable
fun fieldColors(): TextFieldColors {
    val palette = LocalPalette.current
    return OutlinedTextFieldDefaults.colors(
        focusedTextColor = palette.ink,
        unfocusedTextColor = palette.ink,
        errorTextColor = palette.ink,
        focusedContainerColor = palette.card,
        unfocusedContainerColor = palette.well,
        errorContainerColor = palette.well,
        cursorColor = palette.leaf,
        focusedBorderColor = palette.leaf,
        unfocusedBorderColor = palette.edge,
        errorBorderColor = palette.bad.letters,
        focusedPlaceholderColor = palette.quiet,
        unfocusedPlaceholderColor = palette.quiet,
    )
}

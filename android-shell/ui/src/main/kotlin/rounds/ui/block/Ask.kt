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
import androidx.compose.runtime.key
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import rounds.model.Input
import rounds.model.Question
import rounds.model.Tone
import rounds.ui.input.InputView
import rounds.ui.input.Pen
import rounds.ui.look.Card
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.Sign
import rounds.ui.look.Signs
import rounds.ui.look.Tool

/** A question: its words, what it is answered with, and under it what is wrong with the answer. */
@Composable
fun AskView(question: Question, pen: Pen) {
    val palette = LocalPalette.current
    if (question.input == Input.Note) return NoteView(question)
    val edge = when {
        question.error != null -> BorderStroke(2.dp, palette.bad.letters)
        else -> BorderStroke(1.dp, palette.hairline)
    }
    Card(Modifier.testTag("ask ${question.key}"), edge = edge, gap = 10.dp) {
        Asked(question)
        if (question.readOnly) Text(
            question.shown.ifEmpty { question.value.ifEmpty { "–" } },
            style = MaterialTheme.typography.bodyLarge,
        ) else key(question.key) { InputView(question, pen) }
        question.error?.let { Wrong(it) }
        question.comment?.let { Remark(it) }
        question.versions?.let { tap ->
            Tool(LocalWords.current.opens, Signs.attention, { pen.tap(tap) }, Modifier.fillMaxWidth())
        }
    }
}

/** The words of a question. A star says that it must be answered; a voice says it in words. */
@Composable
private fun Asked(question: Question) {
    val palette = LocalPalette.current
    val words = LocalWords.current
    val says = if (question.required) "${question.label}, ${words.required}" else question.label
    Column(verticalArrangement = Arrangement.spacedBy(3.dp)) {
        Row {
            Text(
                question.label,
                Modifier.weight(1f).semantics { heading(); contentDescription = says },
                style = MaterialTheme.typography.titleMedium,
            )
            if (question.required && !question.readOnly) Text(
                words.required,
                Modifier.padding(start = 8.dp, top = 3.dp).clearAndSetSemantics {},
                color = palette.quiet,
                style = MaterialTheme.typography.labelSmall,
            )
        }
        question.hint?.let { Text(it, color = palette.quiet, style = MaterialTheme.typography.bodyMedium) }
    }
}

/** A question that asks nothing. */
@Composable
private fun NoteView(question: Question) = Column(
    Modifier.padding(horizontal = 4.dp).testTag("ask ${question.key}"),
    verticalArrangement = Arrangement.spacedBy(3.dp),
) {
    Text(question.label, style = MaterialTheme.typography.bodyLarge)
    val more = listOfNotNull(question.hint, question.shown.ifEmpty { null })
    for (line in more) Text(line, color = LocalPalette.current.quiet, style = MaterialTheme.typography.bodyMedium)
    question.error?.let { Wrong(it) }
    question.comment?.let { Remark(it) }
}

/** What is wrong, in words, under the question itself. */
@Composable
private fun Wrong(error: String) = Under(error, Tone.Bad)

/** What a supervisor said about the answer. */
@Composable
private fun Remark(comment: String) = Under(comment, Tone.Warning)

@Composable
private fun Under(text: String, tone: Tone) {
    val ink = LocalPalette.current.of(tone)
    Row(
        Modifier.fillMaxWidth().semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite },
        horizontalArrangement = Arrangement.spacedBy(8.dp),
    ) {
        Sign(Signs.of(tone), LocalWords.current.of(tone), ink.letters, Modifier.padding(top = 1.dp), size = 20.dp)
        Text(text, color = ink.letters, style = MaterialTheme.typography.titleSmall)
    }
}

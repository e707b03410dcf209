package rounds.ui.frame

import androidx.compose.foundation.background
import androidx.compose.foundation.gestures.detectTapGestures
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.platform.LocalFocusManager
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.paneTitle
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import rounds.model.Button
import rounds.model.Hands
import rounds.model.Over
import rounds.model.Screen
import rounds.model.Tone
import rounds.model.filled
import rounds.model.missing
import rounds.ui.block.AskView
import rounds.ui.block.NoticeView
import rounds.ui.input.onSheet
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.MainButton
import rounds.ui.look.QuietButton
import rounds.ui.look.RoundButton
import rounds.ui.look.Signs

/** What lies over the screen: the last one is on top, and the others wait. */
@Composable
fun Overs(over: List<Over>, screen: Screen?, hands: Hands) {
    when (val top = over.lastOrNull()) {
        null -> Unit
        Over.Menu -> MenuSheet(screen?.also.orEmpty(), hands)
        is Over.Why -> Sheet(LocalWords.current.attention, hands) { NoticeView(top.notice, hands::press) }
        is Over.Sheet -> AskSheet(top, hands)
        is Over.Certain -> CertainSheet(top, hands)
    }
}

/** What else can be done here. */
@Composable
private fun MenuSheet(also: List<Button>, hands: Hands) = Sheet(LocalWords.current.more, hands) {
    for (button in also) QuietButton(button, hands::press, Modifier.fillMaxWidth())
}

/** What a button asks for first. */
@Composable
private fun AskSheet(sheet: Over.Sheet, hands: Hands) {
    val pen = remember(hands) { hands.onSheet() }
    val focus = LocalFocusManager.current
    Sheet(sheet.button.title, hands, foot = {
        // What is still missing is said by the button itself, and by the core if it is pressed all the same.
        val ready = sheet.missing().isEmpty()
        MainButton(
            sheet.button.copy(tone = if (ready) sheet.button.tone else Tone.Neutral, whyNot = null),
            {
                focus.clearFocus()
                hands.submit()
            },
            Modifier.fillMaxWidth().testTag("submit"),
        )
    }) {
        sheet.wrong?.let { NoticeView(it, hands::press) }
        for (question in sheet.button.asks) AskView(question.filled(sheet.given), pen)
    }
}

/** The last question before something is done. Where it destroys, the way out is the filled button. */
@Composable
private fun CertainSheet(certain: Over.Certain, hands: Hands) = Sheet(certain.button.title, hands) {
    val destroys = certain.button.tone == Tone.Bad
    val yes = Button(tap = "", title = certain.sure.yes, tone = certain.button.tone)
    val no = Button(tap = "", title = certain.sure.no)
    Text(certain.sure.text, Modifier.padding(start = 4.dp, bottom = 8.dp), style = MaterialTheme.typography.titleLarge)
    val (yesModifier, noModifier) = Modifier.fillMaxWidth().testTag("yes") to Modifier.fillMaxWidth().testTag("no")
    if (destroys) {
        QuietButton(yes, { hands.confirm() }, yesModifier)
        MainButton(no, { hands.back() }, noModifier)
    } else {
        QuietButton(no, { hands.back() }, noModifier)
        MainButton(yes, { hands.confirm() }, yesModifier)
    }
}

/** A sheet that comes up from the bottom, as high as it must be, and scrolls if that is too much. */
@Composable
private fun Sheet(
    says: String,
    hands: Hands,
    foot: (@Composable ColumnScope.() -> Unit)? = null,
    content: @Composable ColumnScope.() -> Unit,
) {
    val palette = LocalPalette.current
    BoxWithConstraints(Modifier.fillMaxSize().testTag("over").semantics { paneTitle = says }) {
        // Beside the sheet: a tap closes it. People who do not see it have the button.
        Box(
            Modifier.fillMaxSize().background(Color.Black.copy(alpha = 0.55f))
                .pointerInput(hands) { detectTapGestures { hands.back() } },
        )
        val shape = RoundedCornerShape(topStart = 24.dp, topEnd = 24.dp)
        Column(
            Modifier.align(Alignment.BottomCenter).fillMaxWidth().heightIn(max = maxHeight * 0.92f)
                .clip(shape).background(palette.paper)
                .pointerInput(Unit) { detectTapGestures {} }
                .padding(bottom = 16.dp),
        ) {
            Row(
                Modifier.padding(start = 20.dp, end = 8.dp, top = 10.dp, bottom = 4.dp),
                verticalAlignment = Alignment.CenterVertically,
            ) {
                Text(says, Modifier.weight(1f).semantics { heading() }, style = MaterialTheme.typography.titleLarge)
                RoundButton(Signs.close, LocalWords.current.close, { hands.back() })
            }
            Column(
                Modifier.weight(1f, fill = false).verticalScroll(rememberScrollState()).padding(horizontal = 16.dp),
                verticalArrangement = Arrangement.spacedBy(10.dp),
                content = content,
            )
            if (foot != null) Column(Modifier.padding(start = 16.dp, end = 16.dp, top = 12.dp), content = foot)
        }
    }
}

package rounds.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kotlinx.coroutines.delay
import rounds.model.Button
import rounds.model.Hands
import rounds.model.Notice
import rounds.model.Shown
import rounds.ui.block.NoticeView
import rounds.ui.frame.Blocks
import rounds.ui.frame.Bottom
import rounds.ui.frame.Overs
import rounds.ui.frame.PadView
import rounds.ui.frame.SaidView
import rounds.ui.frame.Top
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.MainButton

/** The whole phone: the screen, what lies over it, and what is said in passing. */
@Composable
fun Phone(shown: Shown, hands: Hands, modifier: Modifier = Modifier) {
    val palette = LocalPalette.current
    Box(modifier.fillMaxSize().background(palette.paper)) {
        val screen = shown.screen
        if (screen != null) {
            // What lies below a sheet is not read to people who do not see that it is below.
            val below = if (shown.over.isEmpty() && shown.signing == null) Modifier else Modifier.clearAndSetSemantics {}
            Column(Modifier.fillMaxSize().then(below)) {
                Top(screen, hands)
                Box(Modifier.weight(1f).fillMaxWidth()) {
                    Blocks(screen, shown.held, hands)
                    if (shown.over.isEmpty()) SaidView(shown.said, hands, Modifier.align(Alignment.BottomCenter))
                }
                Bottom(screen, hands)
            }
        }
        if (screen == null) shown.fault?.let { Unopened(it, hands) }
        Overs(shown.over, screen, hands)
        shown.signing?.let { PadView(it) }
        if (screen == null && shown.fault == null || shown.busy) Working(Modifier.align(Alignment.TopCenter))
    }
}

/** The core cannot be opened: why, and to try again. */
@Composable
private fun Unopened(fault: Notice, hands: Hands) = Column(
    Modifier.fillMaxSize().padding(16.dp),
    verticalArrangement = Arrangement.spacedBy(16.dp, Alignment.Bottom),
) {
    NoticeView(fault, hands::press)
    MainButton(Button("", LocalWords.current.again), { hands.begin() }, Modifier.fillMaxWidth())
}

/** A line that runs, if something takes longer than the blink of an eye. */
@Composable
private fun Working(modifier: Modifier) {
    val says = LocalWords.current.working
    var long by remember { mutableStateOf(false) }
    LaunchedEffect(Unit) {
        delay(300)
        long = true
    }
    if (long) LinearProgressIndicator(
        modifier.fillMaxWidth().height(4.dp).semantics { contentDescription = says },
        color = LocalPalette.current.leaf,
        trackColor = LocalPalette.current.leafGround,
    )
}

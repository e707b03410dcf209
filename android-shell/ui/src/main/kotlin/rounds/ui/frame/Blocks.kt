package rounds.ui.frame

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.key
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import rounds.model.Block
import rounds.model.Hands
import rounds.model.Screen
import rounds.model.filled
import rounds.ui.block.BlockView
import rounds.ui.block.InGroup
import rounds.ui.block.keyOf
import rounds.ui.input.onScreen
import rounds.ui.look.MARGIN

/** The column of a screen. Only what can be seen is painted, so that a list may be long. */
@Composable
fun Blocks(screen: Screen, held: Map<String, String>, hands: Hands) = key(screen.id) {
    // Something of what stands before the question is seen, too.
    val before = with(LocalDensity.current) { 72.dp.roundToPx() }
    val list = rememberSaveable(screen.id, saver = LazyListState.Saver) {
        val index = indexOf(screen)
        if (index > 1) LazyListState(index, -before) else LazyListState()
    }
    val pen = remember(hands) { hands.onScreen() }
    LaunchedEffect(screen.id, screen.at) { list.bring(screen, before) }
    LazyColumn(
        Modifier.fillMaxSize().testTag("blocks"),
        state = list,
        contentPadding = PaddingValues(start = MARGIN, end = MARGIN, top = 4.dp, bottom = 24.dp),
    ) {
        val keys = HashSet<String>()
        screen.blocks.forEachIndexed { index, block ->
            val place = screen.blocks.placeOf(index)
            val key = keyOf(block)?.takeIf(keys::add) ?: "block $index"
            item(key, block::class) {
                Box(Modifier.padding(top = if (place.first) 10.dp else 0.dp)) {
                    BlockView(block.filled(held), place, hands, pen)
                }
            }
        }
    }
}

private fun Block.filled(held: Map<String, String>): Block =
    if (this is Block.Ask && held.isNotEmpty()) Block.Ask(question.filled(held)) else this

/** Lines that follow each other share a card. */
internal fun List<Block>.placeOf(index: Int): InGroup {
    if (this[index] !is Block.Row) return InGroup(first = true, last = true)
    return InGroup(getOrNull(index - 1) !is Block.Row, getOrNull(index + 1) !is Block.Row)
}

/** Where the person was. */
private fun indexOf(screen: Screen): Int =
    if (screen.at == null) -1 else screen.blocks.indexOfFirst { it is Block.Ask && it.question.key == screen.at }

/** Scrolls to the question where the person is, unless it can be seen already. */
private suspend fun LazyListState.bring(screen: Screen, before: Int) {
    val index = indexOf(screen)
    val seen = layoutInfo.visibleItemsInfo
    val whole = seen.filter { it.offset >= 0 && it.offset + it.size <= layoutInfo.viewportEndOffset }
    if (index >= 0 && seen.isNotEmpty() && whole.none { it.index == index }) animateScrollToItem(index, -before)
}

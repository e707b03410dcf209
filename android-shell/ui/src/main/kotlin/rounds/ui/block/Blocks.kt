package rounds.ui.block

import androidx.compose.runtime.Composable
import rounds.model.Block
import rounds.model.Hands
import rounds.ui.input.Pen

/** Paints a block. [place] is where a line stands among the lines beside it. */
@Composable
fun BlockView(block: Block, place: InGroup, hands: Hands, pen: Pen) = when (block) {
    is Block.Heading -> HeadingView(block.text)
    is Block.Text -> TextView(block.text)
    is Block.Note -> NoticeView(block.notice, hands::press)
    is Block.Facts -> FactsView(block.facts, hands::tap)
    is Block.Row -> LineView(block.line, place, hands::tap)
    is Block.Ask -> AskView(block.question, pen)
    is Block.Progress -> ProgressView(block.text, block.done, block.of)
    is Block.Ring -> RingView(block.text, block.leftMs, block.ofMs)
    is Block.Result -> ScoreView(block.score, hands::tap)
    is Block.Two -> VersionsView(block.versions, hands::press)
    is Block.Chart -> TrendView(block.trend)
    is Block.Say -> ScriptView(block.script)
    is Block.Picture -> PictureView(block.picture, block.about)
    is Block.Do -> DoView(block.button, hands::press)
    is Block.Find -> FindView(block, hands::find)
    is Block.Empty -> EmptyView(block.title, block.text)
    is Block.More -> MoreView(block, hands::more)
}

/** What a list knows a block by when others move around it. */
fun keyOf(block: Block): String? = when (block) {
    is Block.Row -> "line ${block.line.id}"
    is Block.Ask -> "ask ${block.question.key}"
    is Block.Find -> "find"
    else -> null
}

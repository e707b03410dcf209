package rounds.simulator.scenario

import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.focus.FocusManager
import androidx.compose.ui.platform.LocalFocusManager
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.ComposeContentTestRule
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollToIndex
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.test.performTextReplacement
import java.time.LocalDate
import java.time.YearMonth
import java.time.temporal.ChronoUnit
import rounds.model.Block
import rounds.model.Hands
import rounds.model.Input
import rounds.model.Question
import rounds.model.Said
import rounds.model.Screen
import rounds.model.Shell
import rounds.model.Shown
import rounds.simulator.Desk
import rounds.ui.Phone
import rounds.ui.block.LocalPictures
import rounds.ui.look.RoundsTheme
import rounds.ui.look.Words
import rounds.ui.look.wordsOf

/** Plays with a thumb on the painted app: finds things by what stands there, and waits as a person does. */
internal class ByThumb(private val rule: ComposeContentTestRule) : Actor {
    private var played by mutableStateOf<Desk?>(null)
    private var window by mutableStateOf(0)
    private var focus: FocusManager? = null
    private var before = 0L

    override val desk: Desk get() = checkNotNull(played) { "no app was opened" }

    /** An app was opened. */
    val begun: Boolean get() = played != null
    override val screen: Screen get() = checkNotNull(shown.screen)
    override val said: String? get() = shown.said?.takeIf { it.number > before }?.notice?.let { "${it.text} ${it.remedy.orEmpty()}" }
    override var file: String? = null
        private set

    private val shown: Shown get() = desk.shell.state.value
    private val words: Words get() = wordsOf(shown.language)

    init {
        rule.setContent {
            val desk = played ?: return@setContent
            focus = LocalFocusManager.current
            key(desk, window) {
                val hands = remember { Reading(desk.shell) }
                val shown by desk.shell.state.collectAsState()
                RoundsTheme(false, wordsOf(shown.language)) {
                    CompositionLocalProvider(LocalPictures provides desk.pictures) { Phone(shown, hands) }
                }
            }
        }
    }

    override fun take(desk: Desk) {
        played = desk
        before = 0
        rule.waitUntil(WAIT) { desk.shell.state.value.screen != null }
        look()
    }

    /** The phone is turned: the window is another one, on the same shell. */
    fun rotate() {
        window++
        rule.waitForIdle()
    }

    override fun tap(offer: Offer) = doing {
        check(offer.greyed == null) { "${offer.title} is greyed: ${offer.greyed}" }
        when (offer.where) {
            Where.Main -> click(hasTestTag("main"))
            Where.Column, Where.Fact -> {
                val same = offers(screen).filter { it.where == offer.where && it.title == offer.title }
                click(hasClickAction() and hasText(offer.title) and inColumn(), same.indexOf(offer))
            }
            Where.Line -> click(hasTestTag("line ${offer.id}"))
            Where.Menu -> {
                click(hasTestTag("menu"))
                click(hasClickAction() and hasText(offer.title) and hasAnyAncestor(hasTestTag("over")))
            }
            Where.Place -> click(hasTestTag("place ${offer.id}"))
            Where.Chip -> click(hasTestTag("chip"))
        }
        if (offer.button?.sure != null) click(hasTestTag("yes"))
    }

    override fun give(question: Question, value: String) = doing {
        val ask = hasTestTag("ask ${question.key}")
        when (val input = question.input) {
            is Input.Text, Input.Pin, Input.Integer, Input.Decimal, is Input.Barcode -> {
                write(question, value)
                rule.runOnIdle { focus?.clearFocus() }
            }
            is Input.One, is Input.Several -> {
                val now = question.value.split(' ').toSet()
                val wanted = value.split(' ').toSet()
                for (option in options(input).filter { (it.value in now) != (it.value in wanted) }) {
                    if (input is Input.One && option.value !in wanted) continue
                    click(hasClickAction() and hasText(option.label) and hasAnyAncestor(ask))
                }
            }
            Input.Date -> pick(question, LocalDate.parse(value))
            else -> desk.shell.answer(question.key, value)
        }
    }

    override fun type(question: Question, text: String) = doing {
        write(question, text)
        // When the fingers rest, the core is told.
        rule.waitUntil(WAIT) { question(desk.core.now(), question.key).typed == text }
        desk.shell.refresh()
    }

    override fun use(question: Question, tap: String) = doing {
        val lists = question.input is Input.One || question.input is Input.Several
        val tool = hasClickAction() and !hasSetTextAction() and hasAnyAncestor(hasTestTag("ask ${question.key}"))
        click(if (lists) tool and hasText(words.allChoices) else tool)
    }

    override fun find(block: Block.Find, text: String) = doing {
        rule.onNode(hasSetTextAction() and hasText(block.hint)).performTextReplacement(text)
        rule.waitUntil(WAIT) { (shown.screen?.blocks?.firstNotNullOfOrNull { it as? Block.Find })?.typed == text }
    }

    override fun back() = doing { click(hasContentDescription(words.back) and hasClickAction()) }

    override fun page() = doing {
        val lines = screen.blocks.size
        rule.onNode(hasTestTag("blocks")).performScrollToIndex(lines - 1)
        rule.waitUntil(WAIT) { screen.blocks.size >= lines && screen.blocks.none { it is Block.More && it == screen.blocks[lines - 1] } }
    }

    override fun look() {
        desk.shell.refresh()
        settle()
    }

    /** Does something that begins with what was said being out of the way, and waits until it is done. */
    private fun doing(does: () -> Unit) {
        settle()
        shown.said?.let {
            before = it.number
            desk.shell.heard(it)
        }
        file = null
        rule.waitForIdle()
        does()
        settle()
        shown.file?.let {
            file = it.purpose
            desk.shell.filed(false)
        }
    }

    private fun settle() {
        rule.waitForIdle()
        rule.waitUntil(WAIT) { desk.shell.quiet && !shown.busy }
        rule.waitForIdle()
    }

    private fun write(question: Question, text: String) {
        val field = hasSetTextAction() and hasAnyAncestor(hasTestTag("ask ${question.key}"))
        reach(field)
        rule.onNode(field).performTextReplacement(text)
        rule.waitForIdle()
    }

    /** Opens the month, turns to it, and touches the day; what is years away nobody turns to. */
    private fun pick(question: Question, day: LocalDate) {
        val shownMonth = YearMonth.from(runCatching { LocalDate.parse(question.value) }.getOrDefault(LocalDate.now()))
        val months = ChronoUnit.MONTHS.between(shownMonth, YearMonth.from(day))
        if (months !in -2..2) return desk.shell.answer(question.key, day.toString())
        val ask = hasAnyAncestor(hasTestTag("ask ${question.key}"))
        click(hasClickAction() and hasContentDescription("${question.label}: ", substring = true) and ask)
        val turn = if (months < 0) words.dayBefore else words.dayAfter
        repeat(Math.abs(months).toInt()) { click(hasContentDescription(turn) and ask) }
        click(hasContentDescription(day.toString()) and ask)
    }

    private fun click(what: SemanticsMatcher, which: Int = 0) {
        reach(what)
        val nodes = rule.onAllNodes(what)
        val found = nodes.fetchSemanticsNodes().size
        check(found > 0) { "not on the screen: ${what.description}" }
        nodes[which.coerceIn(0, found - 1)].performClick()
        rule.waitForIdle()
    }

    /** Scrolls the column to it, if it stands there and is not in sight. */
    private fun reach(what: SemanticsMatcher) {
        val column = hasTestTag("blocks")
        if (rule.onAllNodes(column).fetchSemanticsNodes().isEmpty()) return
        if (rule.onAllNodes(what).fetchSemanticsNodes().isNotEmpty() && rule.onAllNodes(what and inColumn()).fetchSemanticsNodes().isEmpty()) return
        // What is nowhere is told by whoever wants it.
        runCatching { rule.onNode(column).performScrollToNode(what) }
        rule.waitForIdle()
    }

    private fun inColumn() = hasAnyAncestor(hasTestTag("blocks"))

    /** What was said stays until the next thing is done: the time of a test runs faster than anybody reads. */
    private class Reading(shell: Shell) : Hands by shell {
        override fun heard(said: Said) = Unit
    }

    private companion object {
        const val WAIT = 60_000L
    }
}

package rounds.ui

import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assertIsSelected
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.junit4.createComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTextReplacement
import androidx.compose.ui.test.performTouchInput
import androidx.compose.ui.test.swipe
import java.util.concurrent.CompletableFuture
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import rounds.model.Block
import rounds.model.Button
import rounds.model.Hands
import rounds.model.Input
import rounds.model.NoHands
import rounds.model.Question
import rounds.model.Screen
import rounds.model.Shown
import rounds.model.Signing
import rounds.ui.look.English
import rounds.ui.look.RoundsTheme

/** What fingers do to the painted things is what the shell is told. */
class FingersTest {
    @get:Rule val rule = createComposeRule()
    private val told = mutableListOf<String>()
    private val hands = object : Hands by NoHands {
        override fun press(button: Button) {
            told += "press ${button.tap}"
        }

        override fun tap(tap: String) {
            told += "tap $tap"
        }

        override fun answer(key: String, value: String) {
            told += "answer $key=$value"
        }

        override fun type(key: String, text: String) {
            told += "type $key=$text"
        }

        override fun find(tap: String, text: String) {
            told += "find $tap=$text"
        }

        override fun more(block: Block.More) {
            told += "more ${block.more}"
        }

        override fun give(key: String, value: String) {
            told += "give $key=$value"
        }

        override fun submit() {
            told += "submit"
        }

        override fun confirm() {
            told += "confirm"
        }

        override fun openMenu() {
            told += "menu"
        }
    }

    @Test
    fun `a choice, a count, a date`() {
        show("form")
        ask("spot").assertExists()
        rule.onNodeWithText("Yes").performClick()
        to("facings")
        rule.onNodeWithContentDescription("How many facings?: One more").performClick()
        rule.onNodeWithContentDescription("How many facings?: One less").performClick()
        to("when")
        rule.onNodeWithContentDescription("By when?: 20 Nov 2026").performClick()
        rule.onNodeWithContentDescription("2026-11-30").performClick()
        to("seen")
        rule.onNodeWithText("Dirty shelf").performClick()
        rule.onNodeWithText("A gap").performClick()
        assertEquals(
            listOf("answer spot=yes", "answer facings=5", "answer facings=3", "answer when=2026-11-30", "answer seen=gap rival dirt", "answer seen=rival"),
            told,
        )
    }

    @Test
    fun `what is greyed cannot be chosen, and says why`() {
        show("form")
        rule.onNodeWithText("On leave until Friday.").performClick()
        assertEquals(emptyList<String>(), told)
        rule.onNodeWithText("Li Na").assertIsSelected()
    }

    @Test
    fun `what is typed is told as it is typed, and answered when the field is left`() {
        show("form")
        to("facings")
        field("How many facings?").performTextReplacement("17")
        assertEquals(listOf("type facings=17"), told)
        to("price")
        field("Price on the shelf").performClick()
        rule.waitForIdle()
        assertEquals(listOf("type facings=17", "answer facings=17"), told)
    }

    @Test
    fun `order, scale, reading, tools`() {
        show("inputs")
        to("rank")
        rule.onNodeWithContentDescription("陈列: Move down").performClick()
        to("scale")
        rule.onNodeWithText("5").performClick()
        to("share")
        rule.onNode(SemanticsMatcher.keyIsDefined(SemanticsActions.SetProgress)).performSemanticsAction(SemanticsActions.SetProgress) { it(61f) }
        to("ok")
        rule.onNodeWithText("I have read this").performClick()
        to("place")
        rule.onNodeWithText("Use where I am now").performClick()
        to("code")
        rule.onNodeWithText("Scan").performClick()
        to("sign")
        rule.onNodeWithText("Sign").performClick()
        assertEquals(listOf("answer rank=a b c", "answer scale=5", "answer share=60", "answer ok=", "tap place", "tap scan", "tap sign"), told)
    }

    @Test
    fun `a slider is answered at the mark where the finger is lifted`() {
        val share = Question("share", "Share", null, Input.Range(0.0, 100.0, 5.0), "35", "35")
        rule.setContent {
            RoundsTheme(false, English) { Phone(Shown(Screen("form", "form", "Form", gives = "give", blocks = listOf(Block.Ask(share)))), hands) }
        }
        rule.onNode(SemanticsMatcher.keyIsDefined(SemanticsActions.SetProgress)).performTouchInput {
            down(Offset(width * 0.2f, centerY))
            moveTo(Offset(width * 0.61f, centerY))
            up()
        }
        assertEquals(listOf("answer share=60"), told)
    }

    @Test
    fun `lists search, go on, and open`() {
        show("list")
        rule.waitForIdle()
        assertEquals(listOf("more p 2"), told)
        field("Name, policy number …").performTextInput("P1")
        rule.onNodeWithText("P10000000456").performClick()
        rule.onNodeWithTag("main").performClick()
        assertEquals(listOf("more p 2", "find find=P1", "tap p2", "press do"), told)
    }

    @Test
    fun `what lies over the screen takes the fingers`() {
        show("sheet")
        field("要做什么？").performTextReplacement("补价签")
        rule.onNodeWithTag("submit").performClick()
        rule.onNodeWithTag("main").assertDoesNotExist()
        assertEquals(listOf("give what=补价签", "submit"), told.distinct())
    }

    @Test
    fun `the places, the chip and the menu are within reach`() {
        show("today")
        rule.onNodeWithTag("place tasks").performClick()
        rule.onNodeWithContentDescription("待办, 3 waiting").assertExists()
        rule.onNodeWithTag("chip").performClick()
        rule.onNodeWithTag("menu").performClick()
        assertEquals(listOf("tap go tasks", "tap outbox", "menu"), told)
    }

    @Test
    fun `a finger signs`() {
        val signing = Signing()
        rule.setContent { RoundsTheme(false, English) { Phone(Shown(Sketches.screens["inputs"], signing = signing), hands) } }
        rule.onNodeWithTag("pad").performTouchInput { swipe(center * 0.3f, center * 1.7f, 100) }
        val drawn = CompletableFuture.supplyAsync { signing.await() }
        rule.onNodeWithText("Done").performClick()
        val stroke = checkNotNull(drawn.get()).single()
        assertTrue("${stroke.size} dots", stroke.size > 3)
        assertTrue(stroke.first().x < 0.2 && stroke.last().x > 0.8)
    }

    private fun show(sketch: String) = rule.setContent {
        RoundsTheme(false, English) { Phone(checkNotNull(Sketches.all[sketch]), hands) }
    }

    private fun ask(key: String) = rule.onNodeWithTag("ask $key")

    private fun to(key: String) = rule.onNodeWithTag("blocks").performScrollToNode(hasTestTag("ask $key"))

    private fun field(label: String) = rule.onNode(
        hasSetTextAction() and SemanticsMatcher("labelled $label") { it.config.getOrElse(SemanticsProperties.Text) { emptyList() }.any { text -> text.text == label } },
    )
}

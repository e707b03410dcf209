package rounds.model

import java.util.Collections
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.advanceUntilIdle
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

@OptIn(ExperimentalCoroutinesApi::class)
class ShellTest {
    private val form = Screen("form", "form/1", "Audit", gives = "give", back = true, blocks = listOf(asked("a", "")))
    private val gate = Screen("enrol", "enrol", "Enrol", blocks = listOf(asked("server", ""), asked("code", "")))

    @Test
    fun `a second tap while the first is on its way is a slip of the thumb`() = with(form) { core, shell ->
        shell.tap("next")
        shell.tap("next")
        advanceUntilIdle()
        assertEquals(listOf("now", "tap next"), core.calls)
        shell.tap("next")
        advanceUntilIdle()
        assertEquals("tap next", core.calls.last())
        assertEquals(3, core.calls.size)
    }

    @Test
    fun `a core that cannot be opened says why, once for each try, and is watched once it is open`() = runTest {
        val core = Fake(form)
        var full = true
        var tries = 0
        val opening = Opening("zh-CN") {
            tries += 1
            if (full) throw Fault("storage-full", "No room.", "Make room.") else core
        }
        val shell = Shell(opening, StandardTestDispatcher(testScheduler))
        assertEquals("nothing is opened on the thread that paints", 0, tries)
        advanceUntilIdle()
        assertEquals(Notice(Tone.Bad, "No room.", "Make room.", "storage-full"), shell.state.value.fault)
        assertNull(shell.state.value.screen)
        shell.begin()
        advanceUntilIdle()
        assertEquals("storage-full", shell.state.value.fault?.code)
        full = false
        shell.begin()
        advanceUntilIdle()
        assertEquals(3, tries)
        assertNull(shell.state.value.fault)
        assertEquals(form, shell.state.value.screen)
        core.changed()
        advanceUntilIdle()
        assertEquals(listOf("now", "now"), core.calls)
        shell.close()
    }

    @Test
    fun `what is typed is told once, when the fingers rest`() = with(form) { core, shell ->
        for (text in listOf("1", "12", "12.")) shell.type("a", text)
        advanceTimeBy(249)
        assertEquals(listOf("now"), core.calls)
        advanceTimeBy(2)
        runCurrent()
        assertEquals(listOf("now", "typing a=12."), core.calls)
    }

    @Test
    fun `what stands in a field goes along with a button, and before anything else that leaves`() = with(form) { core, shell ->
        shell.type("a", "12")
        shell.press(Button("next", "Next"))
        advanceUntilIdle()
        assertEquals(listOf("now", "typing a=12", "tap next a=12"), core.calls)
        shell.type("a", "13")
        shell.back()
        advanceUntilIdle()
        assertEquals(listOf("typing a=13", "tap give a=13", "back"), core.calls.drop(3))
    }

    @Test
    fun `answers are given at once where a screen takes them, in order`() = with(form) { core, shell ->
        shell.answer("a", "1")
        shell.answer("b", "2")
        advanceUntilIdle()
        assertEquals(listOf("now", "tap give a=1", "tap give b=2"), core.calls)
    }

    @Test
    fun `answers wait for the button where they go with one, and are shown meanwhile`() = with(gate) { core, shell ->
        shell.answer("code", "ABCD")
        shell.type("server", "http://x")
        advanceUntilIdle()
        assertEquals(mapOf("code" to "ABCD", "server" to "http://x"), shell.state.value.held)
        assertEquals("ABCD", gate.blocks.filterIsInstance<Block.Ask>()[1].question.filled(shell.state.value.held).value)
        shell.press(Button("enrol", "Enrol"))
        advanceUntilIdle()
        assertEquals("tap enrol code=ABCD server=http://x", core.calls.last())
    }

    @Test
    fun `an answer of the core that is new takes the place of what was held`() = with(gate) { core, shell ->
        shell.answer("code", "AB")
        core.next = gate.copy(blocks = listOf(asked("server", ""), asked("code", "SCANNED")))
        shell.tap("scan")
        advanceUntilIdle()
        assertEquals(emptyMap<String, String>(), shell.state.value.held)
    }

    @Test
    fun `a button that asks opens a sheet, makes sure, and gives what was answered`() = with(form) { core, shell ->
        val ask = (asked("why", "") as Block.Ask).question.copy(required = true)
        val button = Button("drop", "Drop", asks = listOf(ask), sure = Sure("Really?", "Yes", "No"))
        shell.press(button)
        assertEquals(listOf(ask), (shell.state.value.over.single() as Over.Sheet).missing())
        shell.give("why", "closed")
        shell.submit()
        assertTrue(shell.state.value.over.last() is Over.Certain)
        advanceUntilIdle()
        assertEquals("nothing is done before the yes", listOf("now"), core.calls)
        assertTrue("no", shell.back())
        shell.submit()
        shell.confirm()
        advanceUntilIdle()
        assertEquals("tap drop why=closed", core.calls.last())
        assertEquals(emptyList<Over>(), shell.state.value.over)
    }

    @Test
    fun `what goes wrong on a sheet is said there, and nothing that was answered is lost`() = with(form) { core, shell ->
        shell.press(Button("act", "Act", asks = listOf((asked("why", "") as Block.Ask).question)))
        shell.give("why", "x")
        core.fault = Fault("too-short", "Too short.", "Write more.")
        shell.submit()
        advanceUntilIdle()
        val sheet = shell.state.value.over.single() as Over.Sheet
        assertEquals("too-short", sheet.wrong?.code)
        assertEquals("x", sheet.given["why"])
        assertFalse(shell.state.value.busy)
    }

    @Test
    fun `a grey button says why`() = with(form) { core, shell ->
        val why = Notice(Tone.Warning, "Too early.", "Wait.")
        shell.press(Button("out", "Check out", whyNot = why))
        advanceUntilIdle()
        assertEquals(listOf(Over.Why(why)), shell.state.value.over)
        assertEquals(listOf("now"), core.calls)
    }

    @Test
    fun `back goes from what lies over the screen first`() = with(form) { core, shell ->
        shell.openMenu()
        assertTrue(shell.back())
        advanceUntilIdle()
        assertEquals(listOf("now"), core.calls)
        assertTrue(shell.back())
        advanceUntilIdle()
        assertEquals("back", core.calls.last())
    }

    @Test
    fun `a fault is said and the screen stays`() = with(form) { core, shell ->
        core.fault = Fault("app-closed", "Closed.")
        shell.tap("next")
        advanceUntilIdle()
        assertEquals("app-closed", shell.state.value.said?.notice?.code)
        assertEquals(form, shell.state.value.screen)
        shell.heard(checkNotNull(shell.state.value.said))
        assertNull(shell.state.value.said)
    }

    @Test
    fun `any number of changes is one look, and none while nobody looks`() = with(form) { core, shell ->
        repeat(100) { core.changed() }
        advanceUntilIdle()
        assertEquals(listOf("now", "now"), core.calls)
        shell.rest()
        advanceUntilIdle()
        repeat(100) { core.changed() }
        advanceUntilIdle()
        assertEquals(listOf("now", "now", "rest"), core.calls)
        shell.awake("start", false)
        advanceUntilIdle()
        assertEquals(listOf("awake start false", "now"), core.calls.drop(3))
    }

    @Test
    fun `a screen on which time runs is read again, until it does not`() = with(form.copy(againMs = 1_000)) { core, shell ->
        advanceTimeBy(1_001)
        runCurrent()
        assertEquals(listOf("now", "now"), core.calls)
        core.next = form
        advanceTimeBy(1_001)
        advanceUntilIdle()
        assertEquals(3, core.calls.size)
    }

    @Test
    fun `a list goes on where it ended`() = with(form.copy(blocks = listOf(Block.Text("a"), Block.More("2")))) { core, shell ->
        shell.more(Block.More("2"))
        shell.more(Block.More("2"))
        advanceUntilIdle()
        assertEquals(listOf(Block.Text("a"), Block.Text("more 2")), shell.state.value.screen?.blocks)
        assertEquals("asked for once", listOf("now", "more 2"), core.calls)
    }

    @Test
    fun `the pad gives what was drawn, and nothing if nobody drew`() {
        val core = Fake(form)
        val shell = Shell(core)
        for ((drawn, given) in listOf(listOf(listOf(Dot(0f, 1f))) to listOf(listOf(Dot(0f, 1f))), emptyList<Stroke>() to null)) {
            val result = java.util.concurrent.CompletableFuture.supplyAsync { listOf(shell.sign(Signing())) }
            var signing: Signing? = null
            while (signing == null) signing = shell.state.value.signing
            signing.give(drawn)
            assertEquals(listOf(given), result.get())
        }
        assertNull(shell.state.value.signing)
        shell.close()
    }

    private fun with(screen: Screen, test: suspend TestScope.(Fake, Shell) -> Unit) = runTest {
        val core = Fake(screen)
        val shell = Shell(core, StandardTestDispatcher(testScheduler))
        runCurrent()
        try {
            test(core, shell)
        } finally {
            shell.close()
        }
    }

    private fun asked(key: String, value: String): Block =
        Block.Ask(Question(key, key, input = Input.Text(false), value = value, shown = value))

    /** A core that says what it was asked. */
    private class Fake(var next: Screen) : Gateway {
        val calls: MutableList<String> = Collections.synchronizedList(mutableListOf())
        var fault: Fault? = null
        var changed: () -> Unit = {}

        override fun now(): Screen = next.also { calls += "now" }

        override fun tap(tap: String, given: List<Given>): After {
            calls += (listOf("tap $tap") + given.map { "${it.key}=${it.value}" }).joinToString(" ")
            fault?.let { throw it }
            return After(next)
        }

        override fun back(): After = After(next).also { calls += "back" }

        override fun typing(key: String, text: String) {
            calls += "typing $key=$text"
        }

        override fun more(more: String): List<Block> = listOf(Block.Text("more $more")).also { calls += "more $more" }

        override fun picture(name: String, longestPx: Int): ByteArray? = null

        override fun language() = "en"

        override fun awake(told: String, metered: Boolean) {
            calls += "awake $told $metered"
        }

        override fun rest() {
            calls += "rest"
        }

        override fun watch(changed: () -> Unit): AutoCloseable {
            this.changed = changed
            return AutoCloseable { this.changed = {} }
        }

        override fun close() = Unit
    }
}

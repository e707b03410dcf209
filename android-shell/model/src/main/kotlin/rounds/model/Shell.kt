package rounds.model

import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/**
 * Holds what is shown, and takes what is tapped to the core, off the thread that paints and one thing at a
 * time. It decides nothing. It outlives the window (a rotation makes a new one); a killed process needs
 * nothing of it, because where a person is is the core's own state.
 *
 * What is typed is told to the core when the fingers rest for [restMs], and in any case before anything else
 * is done. It becomes an answer when its field is left, whatever it is left by.
 */
class Shell(
    private val gateway: Gateway,
    work: CoroutineDispatcher = Dispatchers.IO.limitedParallelism(1),
    private val restMs: Long = 250,
) : Hands, AutoCloseable {
    private val scope = CoroutineScope(SupervisorJob() + work)
    private val shown = MutableStateFlow(Shown())
    private val errands = Channel<() -> Unit>(Channel.UNLIMITED)
    private val stale = AtomicBoolean(false)
    private val onItsWay = AtomicBoolean(false)
    private val underWay = AtomicInteger()
    private val said = AtomicLong()
    private val untold = Slips()
    private val unanswered = Slips()
    private var again: Job? = null
    private var resting: Job? = null
    private var searching: Job? = null

    @Volatile private var visible = true

    /** What is to be painted. */
    val state: StateFlow<Shown> = shown.asStateFlow()

    /** Nothing that was done on the screen waits for the core. What is being typed may not have been told yet. */
    val quiet: Boolean get() = underWay.get() == 0

    private val watching = AtomicReference<AutoCloseable>()

    init {
        scope.launch { for (errand in errands) errand() }
        begin()
    }

    override fun press(button: Button) {
        val over = when {
            button.whyNot != null -> Over.Why(button.whyNot)
            button.asks.isNotEmpty() ->
                Over.Sheet(button, button.asks.associate { it.key to (it.typed ?: it.value) })
            button.sure != null -> Over.Certain(button, button.sure, emptyList())
            else -> return does(button.tap, emptyList())
        }
        shown.update { it.copy(over = it.over.filter { o -> o != Over.Menu } + over) }
    }

    override fun tap(tap: String) = once {
        answerWhatIsTyped()
        after(gateway.tap(tap))
        shown.update { it.copy(over = emptyList()) }
    }

    override fun back(): Boolean {
        if (shown.value.over.isNotEmpty()) {
            shown.update { it.copy(over = it.over.dropLast(1)) }
            return true
        }
        if (shown.value.screen?.back != true) return false
        once {
            answerWhatIsTyped()
            after(gateway.back())
        }
        return true
    }

    override fun answer(key: String, value: String) {
        untold.take(key)
        unanswered.take(key)
        val gives = shown.value.screen?.gives ?: return hold(key, value)
        errand { after(gateway.tap(gives, listOf(Given(key, value)))) }
    }

    override fun type(key: String, text: String) {
        if (shown.value.screen?.gives == null) hold(key, text) else unanswered.put(key, text)
        untold.put(key, text)
        resting?.cancel()
        resting = scope.launch {
            delay(restMs)
            errand {}
        }
    }

    override fun find(tap: String, text: String) {
        searching?.cancel()
        searching = scope.launch {
            delay(restMs)
            errand { after(gateway.tap(tap, listOf(Given(FIND, text)))) }
        }
    }

    override fun more(block: Block.More) = errand {
        if (shown.value.screen?.blocks?.contains(block) != true) return@errand
        val lines = gateway.more(block.more)
        shown.update { now ->
            val screen = now.screen ?: return@update now
            now.copy(screen = screen.copy(blocks = screen.blocks.flatMap { if (it == block) lines else listOf(it) }))
        }
    }

    override fun openMenu() = shown.update { it.copy(over = it.over + Over.Menu) }

    override fun give(key: String, value: String) = onSheet { it.copy(given = it.given + (key to value), wrong = null) }

    override fun submit() {
        val sheet = shown.value.over.lastOrNull() as? Over.Sheet ?: return
        val given = sheet.given.filterValues { it.isNotEmpty() }.map { (key, value) -> Given(key, value) }
        val sure = sheet.button.sure ?: return does(sheet.button.tap, given)
        shown.update { it.copy(over = it.over + Over.Certain(sheet.button, sure, given)) }
    }

    override fun confirm() {
        val certain = shown.value.over.lastOrNull() as? Over.Certain ?: return
        does(certain.button.tap, certain.given)
    }

    override fun begin() = errand {
        shown.update { it.copy(fault = null) }
        watch()
        show(gateway.now())
    }

    override fun heard(said: Said) = shown.update { if (it.said == said) it.copy(said = null) else it }

    /** A picture's bytes; blocks, and may be called from any thread but the one that paints. */
    fun picture(name: String, longestPx: Int): ByteArray? = try {
        gateway.picture(name, longestPx)
    } catch (_: Fault) {
        null
    }

    /** The system's sheet has the file, or it was [done] with it: printed, shared. */
    fun filed(done: Boolean) {
        val file = shown.value.file ?: return
        shown.update { it.copy(file = null) }
        if (done && file.done != null) tap(file.done)
    }

    /**
     * Lays the pad for a signature over the screen until somebody has signed, or has not: none. Blocks; called
     * by the core on the thread that a tap is on.
     */
    fun sign(signing: Signing): List<Stroke>? {
        shown.update { it.copy(signing = signing) }
        try {
            return signing.await()
        } finally {
            shown.update { if (it.signing === signing) it.copy(signing = null) else it }
        }
    }

    /** Something may have changed: reads the screen again, once for any number of calls. */
    fun refresh() {
        if (!visible || stale.getAndSet(true)) return
        errand {
            stale.set(false)
            watch()
            show(gateway.now())
        }
    }

    /** Somebody looks from now on, or the network came while they looked. */
    fun awake(told: String, metered: Boolean) {
        visible = true
        errand { gateway.awake(told, metered) }
        refresh()
    }

    /** Nobody looks any more; nothing is read until somebody does. */
    fun rest() {
        visible = false
        errand { gateway.rest() }
    }

    override fun close() {
        shown.value.signing?.give(null)
        watching.getAndSet(NOBODY)?.close()
        scope.cancel()
        errands.close()
    }

    /** From the first time that the core can be asked. */
    private fun watch() {
        if (watching.get() != null) return
        val mine = gateway.watch(::refresh)
        // It was closed meanwhile.
        if (!watching.compareAndSet(null, mine)) mine.close()
    }

    /** Does what a button says, with the answers that wait for one. */
    private fun does(tap: String, given: List<Given>) = once {
        val held = shown.value.held + unanswered.takeAll()
        after(gateway.tap(tap, held.filterKeys { key -> given.none { it.key == key } }.map { Given(it.key, it.value) } + given))
        shown.update { it.copy(over = emptyList()) }
    }

    /** Does it unless something that was tapped is still on its way: then this is a slip of the thumb. */
    private fun once(does: () -> Unit) {
        if (!onItsWay.compareAndSet(false, true)) return
        shown.update { it.copy(busy = true) }
        errand {
            try {
                does()
            } finally {
                onItsWay.set(false)
                shown.update { it.copy(busy = false) }
            }
        }
    }

    private fun errand(does: () -> Unit) {
        underWay.incrementAndGet()
        errands.trySend {
            attempt { untold.takeAll().forEach { (key, text) -> gateway.typing(key, text) } }
            attempt(does)
            underWay.decrementAndGet()
        }
    }

    private fun attempt(does: () -> Unit) {
        val notice = try {
            return does()
        } catch (fault: Fault) {
            fault.notice()
        }
        // Before the first screen there is nowhere else to say it.
        if (shown.value.screen == null) return shown.update { it.copy(fault = notice) }
        if (shown.value.over.lastOrNull() is Over.Certain) shown.update { it.copy(over = it.over.dropLast(1)) }
        if (shown.value.over.lastOrNull() is Over.Sheet) onSheet { it.copy(wrong = notice) } else say(notice)
    }

    private fun answerWhatIsTyped() {
        val gives = shown.value.screen?.gives ?: return
        val given = unanswered.takeAll().map { (key, text) -> Given(key, text) }
        if (given.isNotEmpty()) after(gateway.tap(gives, given))
    }

    private fun hold(key: String, value: String) = shown.update { it.copy(held = it.held + (key to value)) }

    private fun after(after: After) {
        show(after.screen)
        after.said?.let(::say)
        after.file?.let { file -> shown.update { it.copy(file = file) } }
    }

    private fun show(screen: Screen) {
        val language = gateway.language()
        shown.update {
            val same = it.screen?.id == screen.id
            val over = if (same) it.over.map { over -> over.on(screen) } else emptyList()
            val held = if (same) it.held.filterKeys { key -> !changed(key, it.screen, screen) } else emptyMap()
            it.copy(screen = screen, fault = null, language = language, held = held, over = over)
        }
        again?.cancel()
        again = screen.againMs?.let {
            scope.launch {
                delay(it)
                refresh()
            }
        }
    }

    private fun say(notice: Notice) = shown.update { it.copy(said = Said(said.incrementAndGet(), notice)) }

    private fun onSheet(change: (Over.Sheet) -> Over.Sheet) = shown.update { now ->
        val sheet = now.over.lastOrNull() as? Over.Sheet ?: return@update now
        now.copy(over = now.over.dropLast(1) + change(sheet))
    }
}

/** What stands in fields. */
private class Slips {
    private val texts = LinkedHashMap<String, String>()

    @Synchronized fun put(key: String, text: String) {
        texts[key] = text
    }

    @Synchronized fun take(key: String) {
        texts.remove(key)
    }

    @Synchronized fun takeAll(): Map<String, String> = texts.toMap().also { texts.clear() }
}

/** The core has another answer now than it had: a code was read. What was typed before it is out of date. */
private fun changed(key: String, before: Screen?, now: Screen): Boolean {
    fun value(screen: Screen?) = screen?.blocks?.firstNotNullOfOrNull { (it as? Block.Ask)?.question?.takeIf { q -> q.key == key } }?.value
    return value(before) != value(now)
}

/** What lies over a screen, when the screen beneath has changed: a sheet goes on with its button as it is now. */
private fun Over.on(screen: Screen): Over {
    if (this !is Over.Sheet) return this
    val button = screen.buttons().firstOrNull { it.tap == this.button.tap && it.asks.isNotEmpty() } ?: return this
    val fresh = button.asks.filter { now -> this.button.asks.none { it.key == now.key && it.value == now.value } }
    return copy(button = button, given = given + fresh.associate { it.key to it.value })
}

/** In the place of what watches, once nobody does any more. */
private val NOBODY = AutoCloseable {}

package rounds.model

/**
 * A core that is opened by the first call that needs it, so that the thread that paints does not wait for it. What
 * goes wrong is told to whoever called, and the next call tries anew.
 */
class Opening(private val language: String, private val open: () -> Gateway) : Gateway {
    @Volatile private var opened: Gateway? = null

    @Synchronized private fun core(): Gateway = opened ?: open().also { opened = it }

    override fun now(): Screen = core().now()

    override fun tap(tap: String, given: List<Given>): After = core().tap(tap, given)

    override fun back(): After = core().back()

    override fun typing(key: String, text: String) = core().typing(key, text)

    override fun more(more: String): List<Block> = core().more(more)

    override fun picture(name: String, longestPx: Int): ByteArray? = core().picture(name, longestPx)

    override fun language(): String = opened?.language() ?: language

    override fun awake(told: String, metered: Boolean) = core().awake(told, metered)

    override fun rest() {
        opened?.rest()
    }

    override fun watch(changed: () -> Unit): AutoCloseable = core().watch(changed)

    override fun close() {
        opened?.close()
    }
}

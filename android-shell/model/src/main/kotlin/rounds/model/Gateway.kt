package rounds.model

/**
 * The four verbs of a shell, and what a screen needs besides. The core answers them ([Core]); tests of the
 * painting answer them with screens made by hand.
 *
 * Calls block. [now], [tap], [back] and [typing] come from one thread at a time; the others from any. What
 * goes wrong is thrown as a [Fault].
 */
interface Gateway : AutoCloseable {
    /** The screen as it is now. Has no effect. */
    fun now(): Screen

    /** Does what a screen offers, with what was given beside it. Returns when it is done, a photo taken. */
    fun tap(tap: String, given: List<Given> = emptyList()): After

    /** Goes where the person came from. */
    fun back(): After

    /** So much stands in a field now and is no answer yet. */
    fun typing(key: String, text: String)

    /** The next lines of a list. */
    fun more(more: String): List<Block>

    /** The bytes of a picture that is no longer than so many pixels, or none if there is none. */
    fun picture(name: String, longestPx: Int): ByteArray?

    /** The language that texts are in: `zh-CN` or `en`. */
    fun language(): String

    /** Somebody looks: [told] is `start` or `network`; a [metered] network costs money. */
    fun awake(told: String, metered: Boolean)

    /** Nobody looks any more. */
    fun rest()

    /** Calls [changed] from any thread whenever the screen may have changed by itself, until closed. */
    fun watch(changed: () -> Unit): AutoCloseable
}

/** What the core could not do: in words, what to do now, and the code for support. */
class Fault(val code: String, override val message: String, val remedy: String? = null, cause: Throwable? = null) :
    Exception(message, cause) {
    fun notice() = Notice(Tone.Bad, message, remedy, code)
}

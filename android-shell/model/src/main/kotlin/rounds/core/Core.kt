package rounds.core

import java.util.concurrent.atomic.AtomicBoolean
import rounds.model.After
import rounds.model.Block
import rounds.model.Fault
import rounds.model.Gateway
import rounds.model.Given
import rounds.model.Opening
import rounds.model.Screen
import uniffi.rounds_bindings.InternalException
import uniffi.rounds_bindings.Phone
import uniffi.rounds_bindings.PhoneException
import uniffi.rounds_bindings.Pulse
import uniffi.rounds_bindings.Watcher
import uniffi.rounds_bindings.Given as CoreGiven

/**
 * The core as a [Gateway]. Together with `Reading.kt` the only place of the app, beside the glue to the system,
 * that knows the generated types. Closing it lets go of the core's object, not of what is stored.
 */
class Core(val phone: Phone) : Gateway {
    override fun now(): Screen = said { phone.now().read() }

    override fun tap(tap: String, given: List<Given>): After =
        said { phone.tap(tap, given.map { CoreGiven(it.key, it.value) }).read() }

    override fun back(): After = said { phone.back().read() }

    override fun typing(key: String, text: String) = said { phone.typing(key, text) }

    override fun more(more: String): List<Block> = said { phone.page(more).blocks.map { it.read() } }

    override fun picture(name: String, longestPx: Int): ByteArray = said { phone.picture(name, longestPx.toUInt()) }

    override fun language(): String = said { phone.language() }

    override fun awake(told: String, metered: Boolean) = said { phone.awake(told, metered) }

    override fun rest() = said { phone.rest() }

    override fun watch(changed: () -> Unit): AutoCloseable {
        val told = AtomicBoolean(false)
        val watching = said {
            phone.watch(
                object : Watcher {
                    // The first time it is told how things are, which is no change.
                    override fun on(pulse: Pulse) {
                        if (told.getAndSet(true)) changed()
                    }
                },
            )
        }
        return AutoCloseable {
            watching.cancel()
            watching.close()
        }
    }

    override fun close() = phone.close()
}

/** What the core throws, as what a shell shows. */
internal fun <T> said(does: () -> T): T = try {
    does()
} catch (e: PhoneException) {
    throw e.fault()
} catch (e: InternalException) {
    throw Fault("internal", e.message.orEmpty(), cause = e)
} catch (e: IllegalStateException) {
    // It was let go of while something was on its way to it.
    throw Fault("app-closed", e.message.orEmpty(), cause = e)
} catch (e: LinkageError) {
    // The core's library is not in the app, or of another version than the Kotlin that was generated of it.
    throw Fault("internal", e.message.orEmpty(), cause = e)
}

/** The core as a gateway that is opened when somebody first needs it. [language] is that of what goes wrong meanwhile. */
fun opening(language: String, open: () -> Phone): Gateway = Opening(language) { said { Core(open()) } }

/** An error of the core, in its words. */
fun PhoneException.fault(): Fault = when (this) {
    is PhoneException.Closed -> Fault(code, text, remedy.ifEmpty { null }, this)
    is PhoneException.Usage -> Fault(code, text, remedy.ifEmpty { null }, this)
    is PhoneException.Refused -> Fault(code, text, remedy.ifEmpty { null }, this)
    is PhoneException.Offline -> Fault(code, text, remedy.ifEmpty { null }, this)
    is PhoneException.Access -> Fault(code, text, remedy.ifEmpty { null }, this)
    is PhoneException.Storage -> Fault(code, text, remedy.ifEmpty { null }, this)
    is PhoneException.Internal -> Fault(code, text, remedy.ifEmpty { null }, this)
}

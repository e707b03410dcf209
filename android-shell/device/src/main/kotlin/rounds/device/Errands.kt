package rounds.device

import android.app.Activity
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ExecutionException
import java.util.concurrent.atomic.AtomicInteger
import uniffi.rounds_bindings.CaptureException

/**
 * Asks other apps and the person for something, on behalf of the core, which waits on a thread of its own. It
 * outlives the window: what was asked for before a rotation is answered to the window that is there after it.
 */
class Errands(private val context: Context) {
    private val next = AtomicInteger(FIRST)
    private val results = ConcurrentHashMap<Int, CompletableFuture<Intent?>>()
    private val permissions = ConcurrentHashMap<Int, CompletableFuture<Unit>>()

    /** The system shows one question of permission at a time, and answers a second one with nothing. */
    private val asking = Any()

    @Volatile private var window: Activity? = null

    /** This window is in front. */
    fun at(window: Activity) {
        this.window = window
    }

    /** It is not, any more. Where none follows it, nobody answers what was asked for behind it. */
    fun left(window: Activity) {
        if (this.window === window) this.window = null
        if (!window.isFinishing) return
        for (open in results.values + permissions.values) open.completeExceptionally(CaptureException.Cancelled())
    }

    /** The window behind which everything happens, or that there is none. */
    fun window(): Activity = window ?: throw CaptureException.Unavailable()

    /** Starts something and waits: what it gave, or none if the person went back. */
    fun go(intent: Intent): Intent? = waits(results) { code -> window().startActivityForResult(intent, code) }

    /** Whether the person has allowed it. Asks nobody. */
    fun isAllowed(permission: String) = context.checkSelfPermission(permission) == PackageManager.PERMISSION_GRANTED

    /** Makes sure that the person allows all of these. Waits for them, so it is called with no lock held. */
    fun allowed(vararg wanted: String) = asked(wanted) { wanted.all(::isAllowed) }

    /** The same where one of them is enough: a place may be rough. */
    fun anyAllowed(vararg wanted: String) = asked(wanted) { wanted.any(::isAllowed) }

    private fun asked(wanted: Array<out String>, enough: () -> Boolean) {
        if (enough()) return
        // Whoever waits here finds what the question before it came to.
        synchronized(asking) {
            if (enough()) return
            val missing = wanted.filterNot(::isAllowed).toTypedArray()
            waits(permissions) { code -> window().requestPermissions(missing, code) }
        }
        if (!enough()) throw CaptureException.Denied()
    }

    /** From `Activity.onActivityResult`. */
    fun came(code: Int, result: Int, data: Intent?) {
        val answer = if (result == Activity.RESULT_OK) data ?: Intent() else null
        results.remove(code)?.complete(answer)
    }

    /** From `Activity.onRequestPermissionsResult`. What was granted is asked of the system. */
    fun decided(code: Int) {
        permissions.remove(code)?.complete(Unit)
    }

    private fun <T> waits(open: ConcurrentHashMap<Int, CompletableFuture<T>>, begin: (Int) -> Unit): T {
        // Codes have 16 bits at most.
        val code = FIRST + (next.incrementAndGet() and 0x3FFF)
        val answer = CompletableFuture<T>()
        open[code] = answer
        window().runOnUiThread {
            try {
                begin(code)
            } catch (e: CaptureException) {
                answer.completeExceptionally(e)
            } catch (e: RuntimeException) {
                answer.completeExceptionally(CaptureException.Failed(e.javaClass.simpleName))
            }
        }
        try {
            return answer.get()
        } catch (e: ExecutionException) {
            throw e.cause ?: e
        } finally {
            open.remove(code)
        }
    }

    private companion object {
        const val FIRST = 0x100
    }
}

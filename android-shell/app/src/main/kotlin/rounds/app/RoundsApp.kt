package rounds.app

import android.Manifest.permission.POST_NOTIFICATIONS
import android.app.Application
import android.os.Build
import java.util.Locale
import kotlin.concurrent.thread
import rounds.core.opening
import rounds.device.Errands
import rounds.device.Files
import rounds.device.HasPhone
import rounds.device.Networks
import rounds.device.Notices
import rounds.device.Outgoing
import rounds.device.PhoneClock
import rounds.device.PhoneRecorder
import rounds.device.SyncJob
import rounds.device.phoneMachine
import rounds.model.Gateway
import rounds.model.Shell
import uniffi.rounds_bindings.Phone

/** What outlives windows: the core's phone, what is shown, the tools. Made when somebody first needs it. */
class RoundsApp : Application(), HasPhone {
    val errands by lazy { Errands(this) }
    val outgoing by lazy { Outgoing() }
    private val tag: String get() = Locale.getDefault().toLanguageTag()

    val recorder: PhoneRecorder by lazy { PhoneRecorder(this, errands, PhoneClock(this)) }

    /** A failure is told to whoever asked; the next one tries anew. */
    override val phone: Phone by lazy {
        val machine = phoneMachine(this, errands, recorder) { shell.sign(it) }
        Phone.open(Files.home(this).path, tag, machine)
    }

    private val core: Gateway by lazy { opening(tag) { phone } }
    val shell: Shell by lazy { Shell(core) }
    val notices: Notices by lazy { Notices(this, R.drawable.rounds, getString(R.string.needs_you)) }
    private val networks: Networks by lazy {
        Networks(this) { metered ->
            if (looking) return@Networks shell.awake("network", metered)
            // A sync in the background may be under way, and has to know it, too.
            thread(name = "rounds-network") { runCatching { phone.metered(metered) } }
        }
    }

    @Volatile private var looking = false

    override fun onCreate() {
        super.onCreate()
        SyncJob.schedule(this)
        // What a killed process left of photos that were on their way.
        thread(name = "rounds-sweep") { Files.taken(this).listFiles()?.forEach { it.delete() } }
    }

    override val metered: Boolean get() = networks.metered

    /** Once, after somebody has signed in: before that there is nothing that could be told them. */
    fun asksToNotify() {
        if (Build.VERSION.SDK_INT < 33) return
        val kept = getSharedPreferences("asked", MODE_PRIVATE)
        if (kept.getBoolean(POST_NOTIFICATIONS, false)) return
        kept.edit().putBoolean(POST_NOTIFICATIONS, true).apply()
        // No is an answer, too.
        thread(name = "rounds-ask") { runCatching { errands.allowed(POST_NOTIFICATIONS) } }
    }

    /** Somebody looks. */
    fun looks() {
        looking = true
        notices.seen()
        shell.awake("start", networks.metered)
    }

    /** Nobody looks any more. */
    fun looksAway() {
        looking = false
        shell.rest()
    }

    override fun synced() {
        if (!looking) notices.tell(runCatching { core.now().chip }.getOrNull())
    }
}

package rounds.device

import android.content.Context
import android.os.SystemClock
import android.provider.Settings
import java.security.MessageDigest
import uniffi.rounds_bindings.Clock
import uniffi.rounds_bindings.Reading

/** The phone's clocks. The second one goes on while the phone sleeps, and nobody can set it. */
class PhoneClock(private val context: Context) : Clock {
    /** Another value after each start of the phone, the same for every start of the app in between. */
    private val boot: ByteArray by lazy {
        val settings = context.contentResolver
        val start = Settings.Global.getInt(settings, Settings.Global.BOOT_COUNT, 0)
        val phone = Settings.Secure.getString(settings, Settings.Secure.ANDROID_ID).orEmpty()
        MessageDigest.getInstance("SHA-256").digest("rounds boot $start of $phone".toByteArray()).copyOf(16)
    }

    override fun read() = Reading(System.currentTimeMillis(), SystemClock.elapsedRealtime().toULong(), boot)
}

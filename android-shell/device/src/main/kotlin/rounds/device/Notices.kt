package rounds.device

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import rounds.model.Chip
import rounds.model.Tone

/**
 * Tells somebody who does not look that something needs them: the words of the chip, no content of a record, since
 * a locked screen shows them to everybody.
 */
class Notices(private val context: Context, private val icon: Int, private val channelName: String) {
    private val manager = context.getSystemService(NotificationManager::class.java)

    init {
        manager.createNotificationChannel(NotificationChannel(CHANNEL, channelName, NotificationManager.IMPORTANCE_DEFAULT))
    }

    /** After a sync that nobody saw. */
    fun tell(chip: Chip?) {
        if (chip == null || chip.tone != Tone.Warning && chip.tone != Tone.Bad) return manager.cancel(ONE)
        val open = context.packageManager.getLaunchIntentForPackage(context.packageName) ?: return
        val notice = Notification.Builder(context, CHANNEL)
            .setSmallIcon(icon)
            .setContentTitle(chip.text)
            .setContentIntent(PendingIntent.getActivity(context, 0, open, PendingIntent.FLAG_IMMUTABLE))
            .setAutoCancel(true)
            .build()
        manager.notify(ONE, notice)
    }

    /** Somebody looks. */
    fun seen() = manager.cancel(ONE)

    private companion object {
        const val CHANNEL = "needs-you"
        const val ONE = 1
    }
}

package rounds.device

import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.app.job.JobService
import android.content.ComponentName
import android.content.Context
import android.util.Log
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.TimeUnit
import uniffi.rounds_bindings.CaptureException
import uniffi.rounds_bindings.Phone
import uniffi.rounds_bindings.PhoneException
import uniffi.rounds_bindings.SyncStop

/** Where the running app's phone is found by what the system starts: the app's `Application`. */
interface HasPhone {
    /** Opened by whoever needs it first, so it is asked for beside the thread that paints. */
    val phone: Phone

    /** The network that there is costs money. */
    val metered: Boolean

    /** A sync in the background ended. */
    fun synced()
}

/**
 * Syncs while nobody looks. The system gives it some minutes with a network; it ends itself in good order before
 * that, and at once when the system wants it to. What is left goes on with the next one.
 */
class SyncJob : JobService() {
    private val stops = ConcurrentHashMap<Int, SyncStop>()

    override fun onStartJob(job: JobParameters): Boolean {
        val app = application as? HasPhone ?: return false
        val stop = try {
            SyncStop()
        } catch (_: CaptureException) {
            return false
        }
        stops[job.jobId] = stop
        Thread({ run(app, job, stop) }, "rounds-job").start()
        return true
    }

    private fun run(app: HasPhone, job: JobParameters, stop: SyncStop) {
        var again = false
        try {
            again = app.phone.syncUntil(WITHIN_MS, stop, app.metered).unfinished != null
        } catch (e: PhoneException) {
            // Offline: tried again. Nobody has signed in, no access: a person has to do something first.
            again = e is PhoneException.Offline
        } catch (e: Exception) {
            Log.w("rounds", "a sync in the background failed: ${e.javaClass.simpleName}")
        } finally {
            // Another run may have its own there by now.
            stops.remove(job.jobId, stop)
            stop.close()
            jobFinished(job, again)
        }
        app.synced()
    }

    override fun onStopJob(job: JobParameters): Boolean {
        // It may be over, and let go of, at this very moment.
        runCatching { stops[job.jobId]?.cancel() }
        return true
    }

    companion object {
        private const val JOB = 1
        private const val WITHIN_MS: ULong = 480_000u

        /** From now on, every quarter of an hour or so that there is a network, also after a restart. */
        fun schedule(context: Context) {
            val scheduler = context.getSystemService(JobScheduler::class.java)
            if (scheduler.getPendingJob(JOB) != null) return
            val job = JobInfo.Builder(JOB, ComponentName(context, SyncJob::class.java))
                .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
                .setPeriodic(TimeUnit.MINUTES.toMillis(15))
                .setPersisted(true)
                .build()
            scheduler.schedule(job)
        }
    }
}

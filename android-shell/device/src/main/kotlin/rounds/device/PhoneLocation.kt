package rounds.device

import android.Manifest.permission.ACCESS_COARSE_LOCATION
import android.Manifest.permission.ACCESS_FINE_LOCATION
import android.annotation.SuppressLint
import android.content.Context
import android.location.LocationListener
import android.location.LocationManager
import android.os.Build
import android.os.SystemClock
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import uniffi.rounds_bindings.CaptureException
import uniffi.rounds_bindings.Fix
import uniffi.rounds_bindings.FixAsk
import uniffi.rounds_bindings.Location
import uniffi.rounds_bindings.Source
import android.location.Location as Found

/** Where the phone is, from the system's own service: Google's is missing on many phones in China. */
class PhoneLocation(private val context: Context, private val errands: Errands) : Location {
    private val manager = context.getSystemService(LocationManager::class.java)
    private val beside = Executors.newSingleThreadExecutor { Thread(it, "rounds-location").apply { isDaemon = true } }

    @SuppressLint("MissingPermission")
    override fun fix(ask: FixAsk): Fix {
        val now = ask.withinMs == 0uL
        when {
            // Whoever only looks at a screen is asked nothing.
            !now -> errands.anyAllowed(ACCESS_FINE_LOCATION, ACCESS_COARSE_LOCATION)
            !errands.isAllowed(ACCESS_FINE_LOCATION) && !errands.isAllowed(ACCESS_COARSE_LOCATION) ->
                throw CaptureException.Denied()
        }
        if (!manager.isLocationEnabled) throw CaptureException.Unavailable()
        val providers = providers().ifEmpty { throw CaptureException.Unavailable() }
        val known = providers.mapNotNull { manager.getLastKnownLocation(it) }.filter { it.ageMs() <= ask.ageMs.toLong() }
        var best = known.minByOrNull { it.radius() }
        if (best != null && best.radius() <= ask.accuracyM) return best.fix()
        if (now) return best?.fix() ?: throw CaptureException.Unavailable()
        val found = LinkedBlockingQueue<Found>()
        val listener = LocationListener { found += it }
        val until = SystemClock.elapsedRealtime() + ask.withinMs.toLong()
        for (provider in providers) manager.requestLocationUpdates(provider, INTERVAL_MS, 0f, beside, listener)
        try {
            while (best == null || best.radius() > ask.accuracyM) {
                val left = until - SystemClock.elapsedRealtime()
                val next = (if (left > 0) found.poll(left, TimeUnit.MILLISECONDS) else null) ?: break
                if (best == null || next.radius() <= best.radius()) best = next
            }
        } finally {
            manager.removeUpdates(listener)
        }
        return best?.fix() ?: throw CaptureException.Unavailable()
    }

    /** Those that the person lets the app ask: who allows a rough place only, gets no satellites. */
    private fun providers(): List<String> {
        val fused = if (Build.VERSION.SDK_INT >= 31) listOf(LocationManager.FUSED_PROVIDER) else emptyList()
        val fine = if (errands.isAllowed(ACCESS_FINE_LOCATION)) listOf(LocationManager.GPS_PROVIDER) else emptyList()
        return (fused + fine + LocationManager.NETWORK_PROVIDER)
            .filter { it in manager.allProviders && manager.isProviderEnabled(it) }
    }

    private fun Found.radius() = if (hasAccuracy()) accuracy.toDouble() else UNKNOWN_M

    private fun Found.ageMs() = (SystemClock.elapsedRealtimeNanos() - elapsedRealtimeNanos) / 1_000_000

    @Suppress("DEPRECATION")
    private fun Found.fix() = Fix(
        latitude = latitude,
        longitude = longitude,
        altitudeM = if (hasAltitude()) altitude else null,
        accuracyM = radius(),
        mock = if (Build.VERSION.SDK_INT >= 31) isMock else isFromMockProvider,
        gpsMs = if (provider == LocationManager.GPS_PROVIDER) time else null,
        ageMs = ageMs().coerceAtLeast(0).toULong(),
        speedMps = if (hasSpeed()) speed.toDouble() else null,
        source = when (provider) {
            LocationManager.GPS_PROVIDER -> Source.SATELLITE
            LocationManager.NETWORK_PROVIDER -> Source.NETWORK
            else -> Source.UNKNOWN
        },
    )

    private companion object {
        const val INTERVAL_MS = 1_000L

        /** An accuracy that proves nothing. */
        const val UNKNOWN_M = 10_000.0
    }
}

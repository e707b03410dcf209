package rounds.device

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import android.net.NetworkCapabilities

/** Tells when a network came, and whether it costs money. */
class Networks(context: Context, private val came: (metered: Boolean) -> Unit) : AutoCloseable {
    private val manager = context.getSystemService(ConnectivityManager::class.java)
    private val told = object : ConnectivityManager.NetworkCallback() {
        override fun onCapabilitiesChanged(network: Network, can: NetworkCapabilities) {
            // Also when the network is the same and became usable, or free: a sign-in page was passed.
            val now = State(
                usable = can.hasCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET),
                metered = !can.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED),
            )
            if (now == state) return
            state = now
            if (now.usable) came(now.metered)
        }

        override fun onLost(network: Network) {
            state = null
        }
    }

    @Volatile private var state: State? = null

    /** What there is costs money; so does what is not known. */
    val metered: Boolean get() = manager.isActiveNetworkMetered

    init {
        manager.registerDefaultNetworkCallback(told)
    }

    override fun close() = manager.unregisterNetworkCallback(told)

    private data class State(val usable: Boolean, val metered: Boolean)
}

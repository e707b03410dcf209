package rounds.simulator

import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.Semaphore
import java.util.concurrent.atomic.AtomicLong
import kotlin.concurrent.thread

/** The network between a phone and its server, with a switch for airplane mode. */
class Airplane(private val server: InetSocketAddress) : AutoCloseable {
    private val door = ServerSocket(0, 50, InetAddress.getLoopbackAddress())
    private val open = ConcurrentHashMap.newKeySet<Socket>()
    private val carried = AtomicLong()

    /** In airplane mode nothing comes through, and what was under way breaks off. */
    @Volatile var on = false
        set(value) {
            field = value
            if (value) cut()
        }

    /** Phones are let in and hear nothing; each that knocks is counted in [knocks]. */
    @Volatile var silent = false

    /** How many phones were let in and heard nothing. */
    val knocks = Semaphore(0)

    /** After so many bytes upwards it turns itself on: in the middle of whatever is being sent. */
    @Volatile var cutAfter: Long? = null
        set(value) {
            carried.set(0)
            field = value
        }

    /** Where phones find the server. */
    val url = "http://127.0.0.1:${door.localPort}"

    init {
        thread(isDaemon = true, name = "airplane") {
            while (!door.isClosed) {
                val phone = try {
                    door.accept()
                } catch (_: IOException) {
                    break
                }
                when {
                    on -> phone.close()
                    silent -> {
                        open += phone
                        knocks.release()
                    }
                    else -> join(phone)
                }
            }
        }
    }

    override fun close() {
        door.close()
        cut()
    }

    /** Breaks off what is under way. */
    fun drop() = cut()

    private fun cut() = open.forEach { runCatching { it.close() } }

    private fun join(phone: Socket) {
        val up = try {
            Socket().apply { connect(server, 2_000) }
        } catch (_: IOException) {
            return phone.close()
        }
        open += listOf(phone, up)
        carry(phone, up) { bytes ->
            val limit = cutAfter
            if (limit != null && carried.addAndGet(bytes.toLong()) >= limit) {
                cutAfter = null
                on = true
            }
        }
        carry(up, phone) {}
    }

    private fun carry(from: Socket, to: Socket, count: (Int) -> Unit) = thread(isDaemon = true, name = "airplane-carry") {
        try {
            pour(from.getInputStream(), to.getOutputStream(), count)
        } catch (_: IOException) {
            // Cut off.
        }
        open -= listOf(from, to).toSet()
        runCatching { from.close() }
        runCatching { to.close() }
    }

    private fun pour(from: InputStream, to: OutputStream, count: (Int) -> Unit) {
        val buffer = ByteArray(8_192)
        while (true) {
            val bytes = from.read(buffer)
            if (bytes < 0) return
            to.write(buffer, 0, bytes)
            to.flush()
            count(bytes)
        }
    }
}

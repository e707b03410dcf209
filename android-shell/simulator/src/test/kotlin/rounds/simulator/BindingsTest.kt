package rounds.simulator

import com.sun.jna.Library
import com.sun.jna.Native
import com.sun.jna.NativeLong
import com.sun.jna.Structure
import java.io.File
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference
import kotlin.concurrent.thread
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import uniffi.rounds_bindings.CaptureException
import uniffi.rounds_bindings.Clock
import uniffi.rounds_bindings.Given
import uniffi.rounds_bindings.KeyStore
import uniffi.rounds_bindings.Machine
import uniffi.rounds_bindings.Phone
import uniffi.rounds_bindings.PhoneException
import uniffi.rounds_bindings.Reading
import uniffi.rounds_bindings.Pulse
import uniffi.rounds_bindings.SyncStop
import uniffi.rounds_bindings.Watcher

/** The border between Kotlin and the core: what goes wrong on one side is an error on the other, never a crash. */
class BindingsTest {
    @get:Rule val folder = TemporaryFolder()

    private fun machine(clock: Clock = DeskClock, keys: KeyStore = DeskKeys(File(folder.root, "keys"))) =
        Machine(clock, keys, null, null, null, null, null, emptyList(), "Desk")

    private fun open(language: String = "en", machine: Machine = machine()) =
        Phone.open(File(folder.root, "app").path, language, machine)

    @Test
    fun `an error has its code, and its words in the language of the app`() {
        for ((language, word) in listOf("en" to "closed", "zh-CN" to "关闭")) {
            Phone.open(File(folder.root, language).path, language, machine()).use { phone ->
                phone.shut()
                val error = assertThrows(PhoneException.Closed::class.java) { phone.now() }
                assertEquals("app-closed", error.code)
                assertTrue(error.text, error.text.contains(word))
                phone.reopen()
                assertEquals("enrol", phone.now().name)
            }
        }
    }

    @Test
    fun `a tap that nobody offered is refused in words, and nothing happens`() = open().use { phone ->
        val before = phone.now()
        for (tap in listOf("", "{", "\"nothing\"", "x".repeat(100_000))) {
            val after = phone.tap(tap, emptyList())
            assertEquals("tap-unknown", after.said?.code)
            assertEquals(before, after.screen)
        }
    }

    @Test
    fun `what a machine throws is told as an error, whatever it throws`() {
        val faults = listOf(
            CaptureException.Failed("no clock") to "capture-failed",
            CaptureException.Denied() to "capture-denied",
            IllegalStateException("of its own") to "capture-failed",
        )
        // Joining looks at the clock, and keeps a key, before it goes to the network.
        for ((fault, code) in faults) {
            val timeless = machine(clock = object : Clock { override fun read(): Reading = throw fault })
            val keyless = machine(
                keys = object : KeyStore {
                    override fun load(name: String): ByteArray? = throw fault
                    override fun store(name: String, secret: ByteArray) = throw fault
                    override fun remove(name: String) = throw fault
                },
            )
            for (broken in listOf(timeless, keyless)) Phone.open(folder.newFolder().path, "en", broken).use { phone ->
                assertEquals("enrol", phone.now().name)
                val given = listOf(Given("server", "http://127.0.0.1:1"), Given("code", "ABCD"))
                val said = checkNotNull(phone.tap(checkNotNull(phone.now().main).tap, given).said)
                assertEquals("$fault: $said", code, said.code)
                assertTrue("$said", said.text.isNotBlank() && !said.remedy.isNullOrBlank())
            }
        }
    }

    @Test
    fun `nobody who has not signed in syncs`() = open().use { phone ->
        val error = assertThrows(PhoneException.Access::class.java) { phone.syncUntil(1_000u, null) }
        assertEquals("nobody-signed-in", error.code)
        SyncStop().use { stop ->
            val again = assertThrows(PhoneException.Access::class.java) { runBlocking { phone.sync(null, stop) } }
            assertEquals("nobody-signed-in", again.code)
        }
    }

    @Test
    fun `who looks is told at once, may call back, and is not told any more afterwards`() = open().use { phone ->
        val told = AtomicInteger()
        val inside = AtomicReference<String>()
        val watcher = object : Watcher {
            override fun on(pulse: Pulse) {
                told.incrementAndGet()
                inside.set(phone.now().name)
                throw IllegalStateException("its own")
            }
        }
        val watching = phone.watch(watcher)
        assertEquals(1, told.get())
        assertEquals("enrol", inside.get())
        phone.tap(phone.now().also.first().tap, emptyList())
        val before = told.get()
        assertTrue("$before", before >= 2)
        watching.cancel()
        phone.tap(phone.now().also.first().tap, emptyList())
        assertEquals(before, told.get())
        watching.close()
    }

    @Test
    fun `closing and opening again while others are inside harms nobody`() = open().use { phone ->
        val wrong = AtomicReference<Throwable>()
        val (looks, refused) = AtomicInteger() to AtomicInteger()
        // Until both were met often enough: neither is left to chance.
        fun enough() = wrong.get() != null || minOf(looks.get(), refused.get()) >= 100
        val threads = List(4) {
            thread {
                while (!enough()) try {
                    phone.now()
                    looks.incrementAndGet()
                } catch (_: PhoneException.Closed) {
                    refused.incrementAndGet()
                } catch (e: Throwable) {
                    wrong.set(e)
                }
            }
        }
        while (!enough()) {
            phone.shut()
            Thread.yield()
            phone.reopen()
        }
        threads.forEach { it.join() }
        assertEquals(null, wrong.get())
        assertEquals("enrol", phone.now().name)
    }

    @Test
    fun `letting go of the phone while it is used is safe, and using it afterwards is an error`() {
        repeat(20) {
            val phone = open()
            val looks = CountDownLatch(3)
            val ends = List(3) {
                CompletableFuture.supplyAsync {
                    runCatching {
                        while (true) {
                            phone.now()
                            looks.countDown()
                        }
                    }.exceptionOrNull()
                }
            }
            // They are at it.
            looks.await()
            phone.close()
            for (end in ends) end.get().let { assertTrue("$it", it is IllegalStateException) }
            assertThrows(IllegalStateException::class.java) { phone.now() }
        }
    }

    @Test
    fun `ten thousand calls leave nothing behind`() = open().use { phone ->
        fun watch() = phone.watch(object : Watcher { override fun on(pulse: Pulse) = Unit })
        fun calls() = repeat(2_500) {
            phone.now()
            phone.typing("code", "ABCD-$it")
            phone.tap("nothing", emptyList())
            watch().use { watching -> watching.cancel() }
        }
        calls()
        // What is compiled and warmed up meanwhile is no leak: a leak is there every time.
        val tidy = (1..3).minOf {
            val before = held()
            calls()
            held() - before
        }
        val before = held()
        val kept = List(2_500) { watch() }
        val untidy = held() - before
        println("10,000 calls: $tidy bytes; 2,500 watchers kept: $untidy")
        kept.forEach { it.close() }
        assertTrue("that 2,500 watchers are kept is not even seen: $untidy bytes", untidy > 400_000)
        assertTrue("$tidy bytes more after 10,000 calls, $untidy with 2,500 watchers kept", tidy < untidy / 4)
    }

    /** What Java's heap and the native one hold, in bytes, once Java and its cleaners tidy up nothing more. */
    private fun held(): Long {
        var (least, same) = Long.MAX_VALUE to 0
        while (same < 10) {
            System.gc()
            System.runFinalization()
            // Cleaners have a thread of their own, which wants to run, too.
            Thread.sleep(10)
            val heap = Runtime.getRuntime().run { totalMemory() - freeMemory() }
            val now = heap + LibC.INSTANCE.mallinfo2().used.toLong()
            same = if (now < least - 20_000) 0 else same + 1
            least = minOf(least, now)
        }
        return least
    }
}

/** What glibc says of its heap, which is the core's. */
internal interface LibC : Library {
    fun mallinfo2(): Heap

    companion object {
        val INSTANCE: LibC = Native.load("c", LibC::class.java)
    }
}

/** `struct mallinfo2`: ten numbers, of which the eighth is what is in use. */
@Structure.FieldOrder("arena", "free", "small", "maps", "mapped", "most", "smallFree", "used", "unused", "top")
class Heap : Structure(), Structure.ByValue {
    @JvmField var arena = NativeLong()
    @JvmField var free = NativeLong()
    @JvmField var small = NativeLong()
    @JvmField var maps = NativeLong()
    @JvmField var mapped = NativeLong()
    @JvmField var most = NativeLong()
    @JvmField var smallFree = NativeLong()
    @JvmField var used = NativeLong()
    @JvmField var unused = NativeLong()
    @JvmField var top = NativeLong()
}

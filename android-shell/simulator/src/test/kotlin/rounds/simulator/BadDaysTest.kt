package rounds.simulator

import java.io.File
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference
import kotlin.concurrent.thread
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.AfterClass
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.BeforeClass
import org.junit.ClassRule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import rounds.model.Block
import rounds.model.Given
import rounds.simulator.scenario.offer
import uniffi.rounds_bindings.CaptureException
import uniffi.rounds_bindings.PhoneException
import uniffi.rounds_bindings.SyncStop

/** What goes wrong between a phone and its server, and with its tools, seen through the bindings. */
class BadDaysTest {
    @Test
    fun `airplane mode in the middle of a sync, at every place of it`() {
        desk("airplane").use { desk ->
            desk.signIn(team.network.url, { team.invite("李娜") })
            desk.phone.syncUntil(60_000u, null)
            var cut = 0
            for (bytes in listOf(1L, 200L, 600L, 1_500L)) {
                create(desk, "Customer $bytes")
                assertEquals("waiting", desk.core.now().chip?.state)
                team.network.cutAfter = bytes
                try {
                    desk.phone.syncUntil(60_000u, null)
                } catch (e: PhoneException.Offline) {
                    cut++
                    assertEquals("offline", desk.core.now().chip?.state)
                    assertTrue(e.text, e.text.isNotBlank())
                }
                team.network.cutAfter = null
                team.network.on = false
                desk.phone.syncUntil(60_000u, null)
                assertEquals("up_to_date", desk.core.now().chip?.state)
            }
            assertTrue("$cut were cut off", cut >= 2)
        }
        // Nothing was lost, and nothing is there twice.
        val other = Headless(root, folder.newFolder("other"))
        other.run("enrol", team.network.url, team.invite("李娜"))
        other.run("sync")
        val names = Regex("Customer [0-9]+").findAll(other.run("list", "client")).map { it.value }.toList()
        assertEquals(listOf(1, 200, 600, 1_500).map { "Customer $it" }.sorted(), names.sorted())
    }

    @Test
    fun `a sync that nobody waits for any more ends, and so does one that is stopped`() = desk("cancelled").use { desk ->
        desk.signIn(team.network.url, { team.invite("李娜") })
        desk.phone.syncUntil(60_000u, null)
        create(desk, "Waits")
        team.network.silent = true
        runBlocking {
            SyncStop().use { stop ->
                val sync = launch(Dispatchers.IO) { desk.phone.sync(null, stop) }
                assertTrue("it does not reach the network", team.network.knocks.tryAcquire(30, TimeUnit.SECONDS))
                sync.cancelAndJoin()
            }
            SyncStop().use { stop ->
                val stopped = async(Dispatchers.IO) { runCatching { desk.phone.sync(null, stop) } }
                assertTrue("it does not reach the network", team.network.knocks.tryAcquire(30, TimeUnit.SECONDS))
                stop.cancel()
                assertEquals("cancelled", stopped.await().getOrThrow().unfinished)
            }
        }
        // Nobody is inside any more, so that it closes; and what was not sent is still to be sent.
        desk.phone.shut()
        desk.phone.reopen()
        val waits = checkNotNull(desk.core.now().chip)
        assertTrue("$waits", waits.state in listOf("waiting", "offline"))
        team.network.silent = false
        team.network.drop()
        desk.phone.syncUntil(60_000u, null)
        assertEquals("up_to_date", desk.core.now().chip?.state)
    }

    @Test
    fun `a token that the server does not know any more`() = desk("revoked").use { desk ->
        desk.signIn(team.network.url, { team.invite("张伟") })
        desk.phone.syncUntil(60_000u, null)
        create(desk, "Unsent")
        team.admin("revoke", "--person", "张伟")
        runCatching { desk.phone.syncUntil(60_000u, null) }
        val chip = checkNotNull(desk.core.now().chip)
        assertEquals("$chip", "signed_out", chip.state)
        assertTrue("it says so in words", chip.text.isNotBlank())
    }

    @Test
    fun `a key that is gone is told, and not taken for a wrong PIN`() {
        desk("keys").use { it.signIn(team.network.url, { team.invite("李娜") }) }
        desk("keys").use { desk ->
            assertEquals("pin", desk.core.now().name)
            desk.keys.lose()
            val after = desk.core.tap(checkNotNull(desk.core.now().main).tap, listOf(Given("pin", PIN)))
            assertEquals("key-lost", after.said?.code)
        }
    }

    @Test
    fun `a camera that is not allowed says so, and one from which somebody goes back says nothing`() = desk("camera").use { desk ->
        desk.signIn(team.network.url, { team.invite("李娜") })
        desk.phone.syncUntil(60_000u, null)
        tap(desk, "Work")
        tap(desk, "Shelf audits")
        tap(desk, "New: ")
        if (desk.core.now().name == "new") tap(desk, "Begin")
        val photo = desk.core.now().blocks.firstNotNullOf { (it as? Block.Ask)?.question?.takeIf { q -> q.input is rounds.model.Input.Photo } }
        val take = (photo.input as rounds.model.Input.Photo).take
        desk.tools.cameraFault = CaptureException.Denied()
        val denied = checkNotNull(desk.core.tap(take).said)
        assertTrue("$denied", denied.text.isNotBlank() && !denied.remedy.isNullOrBlank())
        desk.tools.cameraFault = null
        desk.tools.photo = null
        assertEquals(null, desk.core.tap(take).said)
    }

    @Test
    fun `closing and opening while a tap, a sync and a picture are under way harms nobody`() = desk("busy").use { desk ->
        desk.signIn(team.network.url, { team.invite("张伟") })
        desk.phone.syncUntil(60_000u, null)
        desk.tools.photo = shelf(1)
        tap(desk, "Work")
        tap(desk, "Shelf audits")
        tap(desk, "New: ")
        if (desk.core.now().name == "new") tap(desk, "Begin")
        desk.core.tap(photo(desk).take)
        val picture = checkNotNull(photo(desk).picture)
        val (gives, form) = checkNotNull(desk.core.now().gives) to desk.core.now().id
        val wrong = AtomicReference<Throwable>()
        val (worked, refused) = AtomicInteger() to AtomicInteger()
        fun enough() = wrong.get() != null || minOf(worked.get(), refused.get()) >= 40
        fun ever(does: () -> Unit) = thread {
            while (!enough()) try {
                does()
                worked.incrementAndGet()
            } catch (_: PhoneException.Closed) {
                refused.incrementAndGet()
            } catch (e: Throwable) {
                wrong.set(e)
            }
        }
        val threads = listOf(
            ever { desk.phone.tap(gives, emptyList()) },
            ever { SyncStop().use { stop -> runBlocking { desk.phone.sync(null, stop) } } },
            ever { assertTrue(desk.phone.picture(picture, 100u).isNotEmpty()) },
        )
        while (!enough()) {
            desk.phone.shut()
            desk.phone.reopen()
        }
        threads.forEach { it.join() }
        assertEquals(null, wrong.get())
        assertEquals("the same screen", form, desk.core.now().id)
        assertTrue("the same person", desk.core.now().chip != null)
    }

    private fun photo(desk: Desk) = desk.core.now().blocks.firstNotNullOf { (it as? Block.Ask)?.question?.input as? rounds.model.Input.Photo }

    @Test
    fun `a call after the end is an error`() {
        val desk = desk("ended").apply { close() }
        // Closed, or let go of, if nobody was inside any more.
        val error = assertThrows(Exception::class.java) { desk.phone.now() }
        assertTrue("$error", error is PhoneException.Closed || error is IllegalStateException)
    }

    private fun desk(name: String) = Desk(File(folder.root, name), "en", "Desk")

    private fun create(desk: Desk, name: String) {
        tap(desk, "Work")
        tap(desk, "Customers")
        tap(desk, "New: Customer")
        val question = desk.core.now().blocks.firstNotNullOf { (it as? Block.Ask)?.question?.takeIf { q -> q.label == "Name" } }
        desk.core.tap(checkNotNull(desk.core.now().gives), listOf(Given(question.key, name)))
        tap(desk, "Begin")
        while (desk.core.now().back) desk.core.back()
    }

    private fun tap(desk: Desk, words: String) {
        val screen = desk.core.now()
        desk.core.tap(checkNotNull(offer(screen, words)) { "$words on $screen" }.tap)
    }

    companion object {
        @ClassRule @JvmField
        val folder = TemporaryFolder()
        private lateinit var team: Team

        @BeforeClass @JvmStatic
        fun found() {
            team = Team(File(folder.root, "team"), root).found()
        }

        @AfterClass @JvmStatic
        fun end() = team.close()
    }
}

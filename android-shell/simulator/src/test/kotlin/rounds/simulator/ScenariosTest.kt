package rounds.simulator

import androidx.compose.ui.test.junit4.createComposeRule
import java.io.File
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.junit.runners.Parameterized
import rounds.simulator.scenario.ByThumb
import rounds.simulator.scenario.ByVerb
import rounds.simulator.scenario.Player
import rounds.ui.unreachable

/** Every scenario that all shells share, through the bindings. */
@RunWith(Parameterized::class)
class ScenariosTest(private val name: String) {
    @Test
    fun `comes out as told`() = Player(scenario(name), root, ByVerb()).use { it.play() }

    companion object {
        @JvmStatic
        @Parameterized.Parameters(name = "{0}")
        fun scenarios(): List<String> = checkNotNull(folder.list { _, name -> name.endsWith(".json") }).sorted()
    }
}

/** The same days with a thumb on the painted screens, each of which is measured on the way. */
@RunWith(Parameterized::class)
class ThumbTest(private val name: String) {
    @get:Rule val rule = createComposeRule()

    @Test
    fun `comes out as told by a thumb, and everything is within its reach`() {
        val thumb = ByThumb(rule)
        val seen = HashSet<String>()
        Player(scenario(name), root, thumb).use { player ->
            player.play { step ->
                if (!thumb.begun) return@play
                if (step % 7 == 0) thumb.rotate()
                val wrong = rule.unreachable()
                assertTrue("${thumb.screen.name}: $wrong", wrong.isEmpty())
                seen += thumb.screen.name
            }
        }
        assertTrue("$seen", seen.size >= 4)
    }

    companion object {
        @JvmStatic
        @Parameterized.Parameters(name = "{0}")
        fun scenarios(): List<String> = ScenariosTest.scenarios()
    }
}

internal val root: File get() = File(System.getProperty("rounds.root", "../..")).absoluteFile.normalize()
private val folder get() = File(root, "tests/scenarios")

internal fun scenario(name: String) = File(folder, name)

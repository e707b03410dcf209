package rounds.ui

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.junit4.createComposeRule
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import rounds.model.NoHands
import rounds.model.Screen
import rounds.model.Shown
import rounds.ui.look.English
import rounds.ui.look.RoundsTheme

/** Every control of every sketch can be found by a voice and hit by a finger, with letters of any size. */
class ReachTest {
    @get:Rule val rule = createComposeRule()
    private var shown by mutableStateOf(Shown(Screen("none", "none", "")))
    private var letters by mutableStateOf(1f)

    @Test
    fun `every control has a label and is 48 dp large`() {
        rule.setContent {
            CompositionLocalProvider(LocalDensity provides Density(1f, letters)) {
                // High enough that a whole list is there.
                Box(Modifier.requiredSize(360.dp, 6_000.dp)) { RoundsTheme(false, English) { Phone(shown, NoHands) } }
            }
        }
        var controls = 0
        val wrong = mutableListOf<String>()
        for (size in listOf(1f, 2f)) for ((name, sketch) in Sketches.all) {
            letters = size
            shown = sketch
            rule.waitForIdle()
            controls += rule.onAllNodes(hasClickAction()).fetchSemanticsNodes().size
            wrong += rule.unreachable().map { "$name × $size: $it" }
        }
        assertEquals(emptyList<String>(), wrong)
        assertTrue("$controls controls", controls > 150)
    }
}

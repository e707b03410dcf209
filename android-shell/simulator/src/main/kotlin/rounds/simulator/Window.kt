package rounds.simulator

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.foundation.layout.width
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.input.key.KeyEventType
import androidx.compose.ui.input.key.key
import androidx.compose.ui.input.key.type
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.DpSize
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.Window
import androidx.compose.ui.window.application
import androidx.compose.ui.window.rememberWindowState
import java.awt.Desktop
import java.io.File
import rounds.model.Button
import rounds.ui.Phone
import rounds.ui.block.LocalPictures
import rounds.ui.look.LocalPalette
import rounds.ui.look.QuietButton
import rounds.ui.look.RoundsTheme
import rounds.ui.look.wordsOf

/** The phone in a window, with what surrounds a phone beside it: light, letters, the network, the place. */
fun window(desk: Desk, network: Airplane?) = application {
    val shown by desk.shell.state.collectAsState()
    val around = remember { Around() }
    LaunchedEffect(Unit) { desk.shell.awake("start", metered = false) }
    LaunchedEffect(shown.file) {
        val file = shown.file ?: return@LaunchedEffect
        runCatching { Desktop.getDesktop().open(File(file.path)) }
        desk.shell.filed(true)
    }
    Window(
        onCloseRequest = ::exitApplication,
        state = rememberWindowState(size = DpSize(660.dp, 900.dp)),
        title = "Rounds",
        onKeyEvent = { it.type == KeyEventType.KeyUp && it.key == Key.Escape && desk.shell.back() },
    ) {
        RoundsTheme(around.dark, wordsOf(shown.language)) {
            Row(Modifier.fillMaxSize().background(LocalPalette.current.well)) {
                Box(Modifier.width(410.dp).fillMaxHeight(), contentAlignment = Alignment.Center) {
                    val density = LocalDensity.current
                    CompositionLocalProvider(
                        LocalDensity provides Density(density.density, around.letters),
                        LocalPictures provides desk.pictures,
                    ) { Phone(shown, desk.shell, Modifier.requiredSize(390.dp, 844.dp)) }
                }
                Beside(around, desk, network)
            }
        }
    }
}

/** What surrounds a phone. */
private class Around {
    var dark by mutableStateOf(false)
    var letters by mutableStateOf(1f)
}

@Composable
private fun Beside(around: Around, desk: Desk, network: Airplane?) = Column(
    Modifier.fillMaxHeight().padding(16.dp),
    verticalArrangement = Arrangement.spacedBy(10.dp),
) {
    var airplane by remember { mutableStateOf(network?.on == true) }
    var place by remember { mutableStateOf(0) }
    @Composable
    fun knob(title: String, turn: () -> Unit) = QuietButton(Button("", title), { turn() }, Modifier.fillMaxWidth())
    Text("Esc: back", style = MaterialTheme.typography.bodyMedium)
    knob(if (around.dark) "Light" else "Dark") { around.dark = !around.dark }
    knob("Letters × ${around.letters}") { around.letters = if (around.letters >= 2f) 1f else around.letters + 0.25f }
    if (network != null) knob(if (airplane) "Airplane mode: on" else "Airplane mode: off") {
        airplane = !airplane
        network.on = airplane
        if (!airplane) desk.shell.awake("network", metered = false)
    }
    val places = remember { places(desk.tools) }
    knob("Place: ${places[place].first}") {
        place = (place + 1) % places.size
        desk.tools.place = places[place].second
    }
}

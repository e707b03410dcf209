package rounds.simulator

import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.ExperimentalComposeUiApi
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.unit.Density
import androidx.compose.ui.use
import org.jetbrains.skia.EncodedImageFormat
import rounds.model.NoHands
import rounds.model.Shown
import rounds.ui.Phone
import rounds.ui.block.LocalPictures
import rounds.ui.block.Pictures
import rounds.ui.look.RoundsTheme
import rounds.ui.look.wordsOf

/** How a picture is taken. */
data class Look(val dark: Boolean = false, val letters: Float = 1f, val sharp: Float = 1f)

/** A phone of 390 × 844 points that shows this, as a PNG. Needs no display. */
@OptIn(ExperimentalComposeUiApi::class)
fun photograph(shown: Shown, look: Look, pictures: Pictures): ByteArray {
    val (width, height) = (390 * look.sharp).toInt() to (844 * look.sharp).toInt()
    return ImageComposeScene(width, height, Density(look.sharp, look.letters)) {
        RoundsTheme(look.dark, wordsOf(shown.language)) {
            CompositionLocalProvider(LocalPictures provides pictures) { Phone(shown, NoHands) }
        }
    }.use { scene ->
        // The second frame has what the first one asked for.
        scene.render(0)
        checkNotNull(scene.render(1_000_000_000).encodeToData(EncodedImageFormat.PNG)).bytes
    }
}

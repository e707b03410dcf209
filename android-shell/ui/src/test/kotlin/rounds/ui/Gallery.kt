package rounds.ui

import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.unit.Density
import androidx.compose.ui.use
import java.io.File
import org.jetbrains.skia.EncodedImageFormat
import rounds.model.NoHands
import rounds.model.Shown
import rounds.ui.look.Chinese
import rounds.ui.look.RoundsTheme

/** A picture of what is shown, as a PNG of 390 × 844 points. */
@OptIn(androidx.compose.ui.ExperimentalComposeUiApi::class)
fun picture(shown: Shown, dark: Boolean, large: Float = 1f): ByteArray =
    ImageComposeScene(390, 844, Density(1f, large)) {
        RoundsTheme(dark, Chinese) { Phone(shown, NoHands) }
    }.use { scene ->
        scene.render(0)
        checkNotNull(scene.render(1_000_000_000).encodeToData(EncodedImageFormat.PNG)).bytes
    }

/** Paints all sketches into a folder. */
fun main(args: Array<String>) {
    val folder = File(args[0]).apply { mkdirs() }
    for ((name, shown) in Sketches.all) {
        File(folder, "$name.png").writeBytes(picture(shown, dark = false))
        File(folder, "$name-dark.png").writeBytes(picture(shown, dark = true))
    }
    File(folder, "form-large.png").writeBytes(picture(Shown(Sketches.screens["form"]), dark = false, large = 1.6f))
    File(folder, "today-large.png").writeBytes(picture(Shown(Sketches.screens["today"]), dark = false, large = 1.6f))
}

package rounds.ui.look

import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.graphics.vector.PathParser
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import rounds.model.Tone

/** The app's signs: drawn with one pen, two points wide. */
object Signs {
    val back = sign("M15 5 L8 12 L15 19")
    val forth = sign("M9.5 6 L15.5 12 L9.5 18")
    val up = sign("M6 14.5 L12 8.5 L18 14.5")
    val down = sign("M6 9.5 L12 15.5 L18 9.5")
    val close = sign("M6 6 L18 18 M18 6 L6 18")
    val check = sign("M5 12.5 L10 17.5 L19 7.5")
    val plus = sign("M12 5 V19 M5 12 H19")
    val minus = sign("M5 12 H19")
    val dots = sign("M5 12 H5.01 M12 12 H12.01 M19 12 H19.01", width = 3.4f)
    val attention = sign("M12 4 L21 19.5 H3 Z M12 10 V14 M12 16.8 V16.81")
    val bad = sign("M8.3 3.5 H15.7 L20.5 8.3 V15.7 L15.7 20.5 H8.3 L3.5 15.7 V8.3 Z M9 9 L15 15 M15 9 L9 15")
    val info = sign("M12 3.5 A8.5 8.5 0 1 1 11.99 3.5 Z M12 11 V16.5 M12 7.6 V7.61")
    val good = sign("M12 3.5 A8.5 8.5 0 1 1 11.99 3.5 Z M8 12.3 L11 15.2 L16 9.3")
    val active = sign("M12 3.5 A8.5 8.5 0 1 1 11.99 3.5 Z M12 7.5 V12 L15 14")
    val circle = sign("M12 3.5 A8.5 8.5 0 1 1 11.99 3.5 Z")
    val search = sign("M10.5 4 A6.5 6.5 0 1 1 10.49 4 Z M15.5 15.5 L20 20")
    val calendar = sign("M4 6.5 H20 V20 H4 Z M4 10.5 H20 M8 4 V7.5 M16 4 V7.5")
    val clock = active
    val camera = sign("M4 8 H8 L9.5 5.5 H14.5 L16 8 H20 V19 H4 Z M12 10 A3.3 3.3 0 1 1 11.99 10 Z")
    val mic = sign("M9 5.5 A3 3 0 0 1 15 5.5 V11.5 A3 3 0 0 1 9 11.5 Z M5.5 11.5 A6.5 6.5 0 0 0 18.5 11.5 M12 18 V21")
    val place = sign("M12 21 C7.5 16 5 12.8 5 9.8 A7 7 0 0 1 19 9.8 C19 12.8 16.5 16 12 21 Z M12 7.3 A2.6 2.6 0 1 1 11.99 7.3 Z")
    val barcode = sign("M4 6 V18 M7.5 6 V18 M10.5 6 V18 M14.5 6 V18 M17 6 V18 M20 6 V18")
    val pen = sign("M4 20 L5 15.5 L16 4.5 L19.5 8 L8.5 19 Z M4 20 H20")
    val offline = sign("M4 4 L20 20 M3.5 10.2 A13 13 0 0 1 7.5 7.6 M11.5 6.5 A13 13 0 0 1 20.5 10.2 M7 14 A8 8 0 0 1 11 11.9 M12 18.5 V18.51")
    val sync = sign("M5 11 A7.2 7.2 0 0 1 18 8.2 M19 13 A7.2 7.2 0 0 1 6 15.8 M18.5 4.5 V8.5 H14.5 M5.5 19.5 V15.5 H9.5")
    val upload = sign("M12 19 V6 M6.5 11 L12 5.5 L17.5 11")
    val tray = sign("M4 13 L7 5 H17 L20 13 V19 H4 Z M4 13 H9 L10.3 15.5 H13.7 L15 13 H20")
    val lock = sign("M6 11 H18 V20 H6 Z M8.5 11 V8 A3.5 3.5 0 0 1 15.5 8 V11")
    val day = sign("M5 5.5 H19 V20 H5 Z M5 10 H19 M9 3.5 V7 M15 3.5 V7 M9 15 L11.3 17.2 L15.5 13")
    val work = sign("M4 8 H20 V19.5 H4 Z M9 8 V5 H15 V8 M4 13 H20")
    val tasks = sign("M9.5 6 H20 M9.5 12 H20 M9.5 18 H20 M3.5 6 L4.7 7.2 L6.8 5 M3.5 12 L4.7 13.2 L6.8 11 M3.5 18 L4.7 19.2 L6.8 17")
    val team = sign("M9 5 A3.2 3.2 0 1 1 8.99 5 Z M3 19 A6 6 0 0 1 15 19 M16 6 A2.8 2.8 0 0 1 16 11.4 M17.5 14 A5.5 5.5 0 0 1 21 19")
    val menu = sign("M4 7 H20 M4 12 H20 M4 17 H20")
    val speak = sign("M4 5 H20 V16 H11 L7 19.5 V16 H4 Z")

    /** The sign of a tone, so that its colour is never alone. */
    fun of(tone: Tone): ImageVector = when (tone) {
        Tone.Good -> good
        Tone.Warning -> attention
        Tone.Bad -> bad
        Tone.Active -> active
        Tone.Neutral -> info
    }

    private fun sign(path: String, width: Float = 2f): ImageVector =
        ImageVector.Builder(defaultWidth = 24.dp, defaultHeight = 24.dp, viewportWidth = 24f, viewportHeight = 24f)
            .addPath(
                pathData = PathParser().parsePathString(path).toNodes(),
                stroke = SolidColor(Color.Black),
                strokeLineWidth = width,
                strokeLineCap = StrokeCap.Round,
                strokeLineJoin = StrokeJoin.Round,
            )
            .build()
}

/** A sign. [says] is for people who do not see it; nothing if the words beside it say the same. */
@Composable
fun Sign(sign: ImageVector, says: String?, color: Color, modifier: Modifier = Modifier, size: Dp = 24.dp) =
    Icon(sign, says, modifier.size(size), color)

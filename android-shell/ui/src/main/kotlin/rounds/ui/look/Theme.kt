package rounds.ui.look

import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Typography
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp

/** Paints [content] in the colours, letters and words of the app. */
@Composable
fun RoundsTheme(
    dark: Boolean,
    words: Words,
    letters: FontFamily = FontFamily.Default,
    content: @Composable () -> Unit,
) {
    val palette = if (dark) Dark else Light
    MaterialTheme(colorScheme = scheme(palette), typography = type(letters)) {
        CompositionLocalProvider(
            LocalPalette provides palette,
            LocalWords provides words,
            LocalContentColor provides palette.ink,
            content = content,
        )
    }
}

/** A finger needs so much. */
val TOUCH = 48.dp

/** What is meant to be hit in the rain. */
val BIG_TOUCH = 56.dp

/** From the edge of the screen. */
val MARGIN = 16.dp

val CARD = RoundedCornerShape(16.dp)
val PILL = RoundedCornerShape(50)

private fun scheme(p: Palette) = (if (p.dark) darkColorScheme() else lightColorScheme()).copy(
    primary = p.leaf,
    onPrimary = p.onLeaf,
    primaryContainer = p.leafGround,
    onPrimaryContainer = p.ink,
    secondary = p.leaf,
    onSecondary = p.onLeaf,
    background = p.paper,
    onBackground = p.ink,
    surface = p.card,
    onSurface = p.ink,
    surfaceVariant = p.well,
    onSurfaceVariant = p.quiet,
    outline = p.edge,
    outlineVariant = p.hairline,
    error = p.bad.letters,
    onError = p.bad.ground,
    errorContainer = p.bad.ground,
    onErrorContainer = p.bad.letters,
)

/** Few sizes, all of them large: read at arm's length, in the rain. */
private fun type(letters: FontFamily): Typography {
    fun style(size: Int, line: Int, weight: FontWeight = FontWeight.Normal) =
        TextStyle(fontFamily = letters, fontSize = size.sp, lineHeight = line.sp, fontWeight = weight)
    return Typography(
        displaySmall = style(34, 42, FontWeight.SemiBold),
        headlineMedium = style(27, 36, FontWeight.SemiBold),
        headlineSmall = style(24, 31, FontWeight.Bold),
        titleLarge = style(20, 27, FontWeight.SemiBold),
        titleMedium = style(18, 25, FontWeight.SemiBold),
        titleSmall = style(15, 21, FontWeight.SemiBold),
        bodyLarge = style(17, 25),
        bodyMedium = style(15, 21),
        bodySmall = style(14, 19),
        labelLarge = style(18, 24, FontWeight.SemiBold),
        labelMedium = style(15, 20, FontWeight.Medium),
        labelSmall = style(14, 18, FontWeight.Medium),
    )
}

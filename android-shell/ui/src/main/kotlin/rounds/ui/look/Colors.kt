package rounds.ui.look

import androidx.compose.runtime.Immutable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.graphics.Color
import rounds.model.Tone

/** The colours of letters and of the ground that they stand on. Each pair has a contrast of 4.5 at least. */
@Immutable
data class Ink(val letters: Color, val ground: Color)

/**
 * The palette: paper and ink, one calm green for what can be done, and a pair of colours for each tone. A tone
 * never stands alone: it has a sign and words.
 */
@Immutable
data class Palette(
    val dark: Boolean,
    /** Behind everything. */
    val paper: Color,
    /** What things stand on. */
    val card: Color,
    /** What can be filled or chosen. */
    val well: Color,
    val ink: Color,
    /** Less important letters. */
    val quiet: Color,
    /** Around what can be touched. */
    val edge: Color,
    /** Between things. */
    val hairline: Color,
    /** The main button, what is chosen. */
    val leaf: Color,
    val onLeaf: Color,
    /** A chosen thing's ground. */
    val leafGround: Color,
    val good: Ink,
    val warning: Ink,
    val bad: Ink,
    val active: Ink,
    val neutral: Ink,
) {
    fun of(tone: Tone): Ink = when (tone) {
        Tone.Good -> good
        Tone.Warning -> warning
        Tone.Bad -> bad
        Tone.Active -> active
        Tone.Neutral -> neutral
    }
}

val Light = Palette(
    dark = false,
    paper = Color(0xFFF3F1EB),
    card = Color(0xFFFFFFFF),
    well = Color(0xFFF6F4EF),
    ink = Color(0xFF14201C),
    quiet = Color(0xFF4A5651),
    edge = Color(0xFF78837E),
    hairline = Color(0xFFE2DED4),
    leaf = Color(0xFF0B5B52),
    onLeaf = Color(0xFFFFFFFF),
    leafGround = Color(0xFFDCEEEA),
    good = Ink(Color(0xFF1B5A22), Color(0xFFE0F0E0)),
    warning = Ink(Color(0xFF734500), Color(0xFFFBECCE)),
    bad = Ink(Color(0xFF9C1A11), Color(0xFFFBE3DF)),
    active = Ink(Color(0xFF0B4A82), Color(0xFFDFEBF7)),
    neutral = Ink(Color(0xFF434E49), Color(0xFFE9E6DE)),
)

val Dark = Palette(
    dark = true,
    paper = Color(0xFF0E1412),
    card = Color(0xFF19211E),
    well = Color(0xFF222B28),
    ink = Color(0xFFE8EEEB),
    quiet = Color(0xFFB2BDB8),
    edge = Color(0xFF87938D),
    hairline = Color(0xFF2C3632),
    leaf = Color(0xFF85D5C7),
    onLeaf = Color(0xFF00302A),
    leafGround = Color(0xFF173A35),
    good = Ink(Color(0xFFA3DFA7), Color(0xFF17331B)),
    warning = Ink(Color(0xFFF4CB7D), Color(0xFF3A2A08)),
    bad = Ink(Color(0xFFFFB9AE), Color(0xFF471A14)),
    active = Ink(Color(0xFFABD0F6), Color(0xFF13304B)),
    neutral = Ink(Color(0xFFC3CDC8), Color(0xFF2A3430)),
)

val LocalPalette = staticCompositionLocalOf { Light }

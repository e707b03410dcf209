package rounds.ui.look

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Shape
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import rounds.model.Badge
import rounds.model.Button
import rounds.model.Tone

/** Something to stand on. */
@Composable
fun Card(
    modifier: Modifier = Modifier,
    ground: Color = LocalPalette.current.card,
    edge: BorderStroke = BorderStroke(1.dp, LocalPalette.current.hairline),
    padding: PaddingValues = PaddingValues(16.dp),
    gap: Dp = 8.dp,
    content: @Composable ColumnScope.() -> Unit,
) = Column(
    modifier.fillMaxWidth().clip(CARD).background(ground).border(edge, CARD).padding(padding),
    verticalArrangement = Arrangement.spacedBy(gap),
    content = content,
)

/** The main button: as wide as it may be, the one filled thing on a screen. */
@Composable
fun MainButton(button: Button, onPress: (Button) -> Unit, modifier: Modifier = Modifier) {
    val palette = LocalPalette.current
    val grey = button.whyNot != null
    val bad = button.tone == Tone.Bad
    Pushed(
        title = button.title,
        sign = if (grey) Signs.lock else null,
        onPress = { onPress(button) },
        modifier = modifier,
        ground = when {
            grey -> palette.neutral.ground
            bad -> palette.bad.letters
            else -> palette.leaf
        },
        letters = when {
            grey -> palette.neutral.letters
            bad -> palette.bad.ground
            else -> palette.onLeaf
        },
        says = button.whyNot?.let { "${button.title}. ${it.text}" },
    )
}

/** A button in the column or on a card. */
@Composable
fun QuietButton(button: Button, onPress: (Button) -> Unit, modifier: Modifier = Modifier) {
    val palette = LocalPalette.current
    val grey = button.whyNot != null
    Pushed(
        title = button.title,
        sign = if (grey) Signs.lock else null,
        onPress = { onPress(button) },
        modifier = modifier,
        ground = if (grey) palette.neutral.ground else palette.card,
        letters = when {
            grey -> palette.neutral.letters
            button.tone == Tone.Bad -> palette.bad.letters
            else -> palette.leaf
        },
        edge = if (grey) null else BorderStroke(1.5.dp, if (button.tone == Tone.Bad) palette.bad.letters else palette.edge),
        says = button.whyNot?.let { "${button.title}. ${it.text}" },
    )
}

/** A tool of a question: take a photo, scan, sign. */
@Composable
fun Tool(title: String, sign: ImageVector?, onPress: () -> Unit, modifier: Modifier = Modifier, says: String? = null) {
    val palette = LocalPalette.current
    Pushed(title, sign, onPress, modifier, palette.leafGround, palette.leaf, says = says)
}

@Composable
private fun Pushed(
    title: String,
    sign: ImageVector?,
    onPress: () -> Unit,
    modifier: Modifier,
    ground: Color,
    letters: Color,
    edge: BorderStroke? = null,
    says: String? = null,
) {
    val shape = RoundedCornerShape(16.dp)
    Row(
        modifier
            .heightIn(min = BIG_TOUCH)
            .clip(shape)
            .background(ground)
            .then(if (edge == null) Modifier else Modifier.border(edge, shape))
            .clickable(role = Role.Button, onClick = onPress)
            .then(if (says == null) Modifier else Modifier.semantics { contentDescription = says })
            .padding(horizontal = 18.dp, vertical = 10.dp),
        horizontalArrangement = Arrangement.spacedBy(10.dp, Alignment.CenterHorizontally),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        if (sign != null) Sign(sign, null, letters)
        Text(title, color = letters, style = MaterialTheme.typography.labelLarge, textAlign = TextAlign.Center)
    }
}

/** A round button with a sign alone; [says] what it does. */
@Composable
fun RoundButton(
    sign: ImageVector,
    says: String,
    onPress: () -> Unit,
    modifier: Modifier = Modifier,
    size: Dp = TOUCH,
    ground: Color = Color.Transparent,
    color: Color = LocalPalette.current.ink,
    shape: Shape = CircleShape,
) = Box(
    modifier.size(size).clip(shape).background(ground).clickable(role = Role.Button, onClick = onPress),
    contentAlignment = Alignment.Center,
) { Sign(sign, says, color) }

/** A few words on the colour of their tone, with its sign. */
@Composable
fun Pill(badge: Badge, modifier: Modifier = Modifier) {
    val ink = LocalPalette.current.of(badge.tone)
    Row(
        modifier.clip(PILL).background(ink.ground).padding(start = 8.dp, end = 10.dp, top = 3.dp, bottom = 3.dp),
        horizontalArrangement = Arrangement.spacedBy(5.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        if (badge.tone != Tone.Neutral) Sign(Signs.of(badge.tone), null, ink.letters, size = 16.dp)
        Text(badge.text, color = ink.letters, style = MaterialTheme.typography.labelSmall)
    }
}

/** How many wait; never wider than two digits and a plus. */
@Composable
fun Count(count: Long, modifier: Modifier = Modifier) {
    val palette = LocalPalette.current
    Box(
        modifier.widthIn(min = 20.dp).clip(PILL).background(palette.bad.letters).padding(horizontal = 5.dp, vertical = 1.dp),
        contentAlignment = Alignment.Center,
    ) {
        Text(
            if (count > 99) "99+" else count.toString(),
            color = palette.bad.ground,
            style = MaterialTheme.typography.labelSmall,
        )
    }
}

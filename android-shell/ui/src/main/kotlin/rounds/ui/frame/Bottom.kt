package rounds.ui.frame

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.offset
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import rounds.model.Hands
import rounds.model.Place
import rounds.model.Screen
import rounds.ui.look.BIG_TOUCH
import rounds.ui.look.Count
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.MainButton
import rounds.ui.look.PILL
import rounds.ui.look.RoundButton
import rounds.ui.look.Sign
import rounds.ui.look.Signs

/** What a thumb reaches: the main button, the menu beside it, the places under them. */
@Composable
fun Bottom(screen: Screen, hands: Hands) {
    val palette = LocalPalette.current
    val main = screen.main
    if (main == null && screen.also.isEmpty() && screen.places.isEmpty()) return
    Column(Modifier.fillMaxWidth().background(palette.card)) {
        Box(Modifier.fillMaxWidth().height(1.dp).background(palette.hairline))
        if (main != null || screen.also.isNotEmpty()) {
            Row(
                Modifier.padding(horizontal = 16.dp, vertical = 10.dp),
                horizontalArrangement = Arrangement.spacedBy(10.dp),
                verticalAlignment = Alignment.CenterVertically,
            ) {
                if (main != null) MainButton(main, hands::press, Modifier.weight(1f).testTag("main")) else Spacer(Modifier.weight(1f))
                if (screen.also.isNotEmpty()) RoundButton(
                    Signs.dots,
                    LocalWords.current.more,
                    hands::openMenu,
                    Modifier.border(1.5.dp, palette.edge, RoundedCornerShape(16.dp)).testTag("menu"),
                    size = BIG_TOUCH,
                    shape = RoundedCornerShape(16.dp),
                )
            }
        }
        if (screen.places.isNotEmpty()) Places(screen.places, hands)
    }
}

@Composable
private fun Places(places: List<Place>, hands: Hands) = Row(Modifier.fillMaxWidth().padding(horizontal = 4.dp)) {
    for (place in places) PlaceView(place, { hands.tap(place.tap) }, Modifier.weight(1f))
}

/** A place: where the person is has a ground under its sign and bold letters. */
@Composable
private fun PlaceView(place: Place, go: () -> Unit, modifier: Modifier) {
    val palette = LocalPalette.current
    val words = LocalWords.current
    val ink = if (place.here) palette.leaf else palette.quiet
    val says = if (place.count > 0) "${place.title}, ${words.waiting.format(place.count)}" else place.title
    Column(
        modifier.heightIn(min = 64.dp)
            .selectable(place.here, role = Role.Tab, onClick = go)
            .semantics { contentDescription = says }
            .testTag("place ${place.icon}")
            .padding(vertical = 8.dp, horizontal = 2.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
        verticalArrangement = Arrangement.spacedBy(2.dp),
    ) {
        Box {
            Box(
                Modifier.clip(PILL).background(if (place.here) palette.leafGround else palette.card).padding(horizontal = 16.dp, vertical = 3.dp),
            ) { Sign(signOf(place.icon), null, ink) }
            if (place.count > 0) Count(place.count, Modifier.align(Alignment.TopEnd).offset(x = 4.dp, y = (-3).dp))
        }
        Text(
            place.title,
            color = ink,
            style = if (place.here) MaterialTheme.typography.titleSmall.copy(fontSize = MaterialTheme.typography.labelSmall.fontSize)
            else MaterialTheme.typography.labelSmall,
            maxLines = 1,
            overflow = TextOverflow.Ellipsis,
        )
    }
}

private fun signOf(icon: String) = when (icon) {
    "today" -> Signs.day
    "work" -> Signs.work
    "tasks" -> Signs.tasks
    "outbox" -> Signs.tray
    "team" -> Signs.team
    else -> Signs.menu
}

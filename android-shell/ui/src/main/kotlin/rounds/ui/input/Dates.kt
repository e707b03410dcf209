package rounds.ui.input

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import java.time.LocalDate
import java.time.LocalDateTime
import java.time.LocalTime
import java.time.YearMonth
import java.time.temporal.ChronoUnit
import rounds.model.Question
import rounds.ui.look.BIG_TOUCH
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.RoundButton
import rounds.ui.look.Sign
import rounds.ui.look.Signs
import rounds.ui.look.TOUCH
import rounds.ui.look.Tool

/** A date: a field that opens a month under itself. */
@Composable
fun DateInput(question: Question, pen: Pen) {
    val words = LocalWords.current
    val date = read { LocalDate.parse(question.value) }
    Opens(question, words.chooseDate, Signs.calendar) { close ->
        Month(date) {
            pen.answer(question.key, it.toString())
            close()
        }
    }
}

/** A time of day: hours and minutes, each with its two buttons. */
@Composable
fun TimeInput(question: Question, pen: Pen) {
    val words = LocalWords.current
    val time = read { LocalTime.parse(question.value) }
    Opens(question, words.chooseTime, Signs.clock) {
        Clock(question.label, time) { pen.answer(question.key, it.toString()) }
    }
}

/** A date and a time of day. */
@Composable
fun DateTimeInput(question: Question, pen: Pen) {
    val words = LocalWords.current
    val moment = read { LocalDateTime.parse(question.value.take(19)) }
    fun answer(date: LocalDate, time: LocalTime) = pen.answer(question.key, "${date}T$time")
    Opens(question, words.chooseDate, Signs.calendar) {
        Month(moment?.toLocalDate()) { answer(it, moment?.toLocalTime() ?: thisMinute()) }
        Clock(question.label, moment?.toLocalTime()) { answer(moment?.toLocalDate() ?: LocalDate.now(), it) }
    }
}

/** What is answered, as a wide button that opens the way to answer it. */
@Composable
private fun Opens(question: Question, hint: String, sign: ImageVector, inside: @Composable (close: () -> Unit) -> Unit) {
    val palette = LocalPalette.current
    var open by rememberSaveable(question.key) { mutableStateOf(false) }
    val shown = question.shown.ifEmpty { question.value }
    val shape = RoundedCornerShape(12.dp)
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Row(
            Modifier.fillMaxWidth().heightIn(min = BIG_TOUCH)
                .clip(shape)
                .background(palette.well)
                .border(if (open) 2.dp else 1.dp, if (open) palette.leaf else palette.edge, shape)
                .clickable(role = Role.Button) { open = !open }
                .semantics { contentDescription = "${question.label}: ${shown.ifEmpty { hint }}" }
                .padding(horizontal = 14.dp, vertical = 10.dp),
            horizontalArrangement = Arrangement.spacedBy(10.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Sign(sign, null, palette.leaf)
            Text(
                shown.ifEmpty { hint },
                Modifier.weight(1f),
                color = if (shown.isEmpty()) palette.quiet else palette.ink,
                style = MaterialTheme.typography.bodyLarge,
            )
            Sign(if (open) Signs.up else Signs.down, null, palette.quiet)
        }
        if (open) inside { open = false }
    }
}

/** A month as a grid of days, each as large as a finger. */
@Composable
private fun Month(chosen: LocalDate?, choose: (LocalDate) -> Unit) {
    val words = LocalWords.current
    val today = remember { LocalDate.now() }
    var month by remember { mutableStateOf(YearMonth.from(chosen ?: today)) }
    Column {
        Row(verticalAlignment = Alignment.CenterVertically) {
            RoundButton(Signs.back, words.dayBefore, { month = month.minusMonths(1) })
            Text(
                words.month.format(month.year, month.monthValue),
                Modifier.weight(1f),
                style = MaterialTheme.typography.titleMedium,
                textAlign = TextAlign.Center,
            )
            RoundButton(Signs.forth, words.dayAfter, { month = month.plusMonths(1) })
        }
        Row {
            for (day in words.weekdays) Text(
                day,
                Modifier.weight(1f).padding(vertical = 4.dp),
                color = LocalPalette.current.quiet,
                style = MaterialTheme.typography.labelSmall,
                textAlign = TextAlign.Center,
            )
        }
        val before = month.atDay(1).dayOfWeek.value - 1
        val weeks = (before + month.lengthOfMonth() + 6) / 7
        for (week in 0 until weeks) {
            Row {
                for (column in 0 until 7) {
                    val day = week * 7 + column - before + 1
                    if (day in 1..month.lengthOfMonth()) Day(month.atDay(day), chosen, today, choose, Modifier.weight(1f))
                    else Box(Modifier.weight(1f))
                }
            }
        }
        Tool(words.today, null, { choose(today) }, Modifier.fillMaxWidth().padding(top = 8.dp))
    }
}

@Composable
private fun Day(day: LocalDate, chosen: LocalDate?, today: LocalDate, choose: (LocalDate) -> Unit, modifier: Modifier) {
    val palette = LocalPalette.current
    val on = day == chosen
    Box(
        modifier.height(TOUCH)
            .clip(CircleShape)
            .background(if (on) palette.leaf else palette.card)
            .then(if (day == today) Modifier.border(2.dp, palette.leaf, CircleShape) else Modifier)
            .selectable(on, role = Role.RadioButton) { choose(day) }
            .semantics { contentDescription = day.toString() },
        contentAlignment = Alignment.Center,
    ) {
        Text(
            day.dayOfMonth.toString(),
            color = if (on) palette.onLeaf else palette.ink,
            style = MaterialTheme.typography.bodyLarge,
        )
    }
}

@Composable
private fun Clock(label: String, time: LocalTime?, choose: (LocalTime) -> Unit) {
    val words = LocalWords.current
    val from = time ?: thisMinute()
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Row(Modifier.fillMaxWidth(), horizontalArrangement = Arrangement.spacedBy(16.dp, Alignment.CenterHorizontally)) {
            Hand("%02d".format(from.hour), "$label: ${words.hour}") { choose(from.plusHours(it)) }
            Hand("%02d".format(from.minute), "$label: ${words.minute}") { choose(from.withMinute(onTheMark(from.minute, it))) }
        }
        Tool(words.now, null, { choose(thisMinute()) }, Modifier.fillMaxWidth())
    }
}

/** Two figures between a button that adds and one that takes away. */
@Composable
private fun Hand(figures: String, says: String, turn: (Long) -> Unit) = Column(horizontalAlignment = Alignment.CenterHorizontally) {
    val words = LocalWords.current
    val palette = LocalPalette.current
    RoundButton(Signs.up, "$says, ${words.plus}", { turn(1) }, size = BIG_TOUCH, ground = palette.leafGround, color = palette.leaf)
    Text(figures, Modifier.padding(vertical = 6.dp), style = MaterialTheme.typography.headlineMedium)
    RoundButton(Signs.down, "$says, ${words.less}", { turn(-1) }, size = BIG_TOUCH, ground = palette.leafGround, color = palette.leaf)
}

/** The next mark of five minutes, or the one before, within the hour. */
internal fun onTheMark(minute: Int, by: Long): Int =
    if (by > 0) (minute / 5 * 5 + 5) % 60 else ((minute + 4) / 5 * 5 - 5 + 60) % 60

private fun thisMinute(): LocalTime = LocalTime.now().truncatedTo(ChronoUnit.MINUTES)

private fun <T> read(parse: () -> T): T? = runCatching(parse).getOrNull()

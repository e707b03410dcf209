package rounds.simulator

import java.io.File
import java.time.LocalDate
import rounds.model.After
import rounds.model.Block
import rounds.model.Button
import rounds.model.Given
import rounds.model.Input
import rounds.model.Over
import rounds.model.Question
import rounds.model.Screen
import rounds.model.Shown
import rounds.model.Tone
import rounds.model.buttons

/**
 * Walks through the whole app as a rep of the demo team and takes a picture of every screen that it comes to, by
 * the screens' names; of those that look different each time, a few. It knows no screen: it follows what is offered,
 * and answers what is asked with the first thing that fits.
 */
class Tour(private val desk: Desk, private val language: String, private val out: File) {
    private val core = desk.core
    private val taken = HashMap<String, Int>()
    private val known = HashSet<String>()

    /** Becomes a device of the team, and looks around. */
    fun make(server: String, invite: () -> String) {
        out.mkdirs()
        picture(core.now())
        desk.signIn(server, invite, ::picture)
        picture(core.now())
        sync()
        desk.tools.place = places(desk.tools).first().second
        val places = core.now().places.map { it.tap }
        for (place in places) around(reach(place), 3)
        reach(places.first())
        work(60)
        for (place in places) begin(place)
        sync()
        for (place in places) around(reach(place), 2)
    }

    /** A place, from wherever the walk has come to. */
    private fun reach(place: String): Screen {
        while (core.now().chip == null) if (core.now().back) core.back() else desk.signIn("", { error("signed out") })
        return core.tap(place).screen
    }

    /** Begins one of whatever can be begun in the lists of a place, and goes on with it for some steps. */
    private fun begin(place: String) {
        val lists = reach(place).blocks.mapNotNull { (it as? Block.Row)?.line?.tap }
        for (list in lists) {
            core.tap(place)
            val there = core.tap(list).screen
            if (there.name == core.tap(place).screen.name || there.blocks.any { it is Block.Ask }) continue
            core.tap(list)
            work(9)
        }
    }

    /** Everything of the server comes, and what waits goes. */
    private fun sync() {
        runCatching { desk.phone.syncUntil(60_000u, null) }
    }

    /** This screen, and what it leads to. */
    private fun around(screen: Screen, deep: Int) {
        picture(screen)
        if (deep == 0 || !known.add("${screen.id} $deep")) return
        for (way in ways(screen)) {
            val there = core.tap(way).screen
            if (there.id == screen.id) continue
            if ((taken[there.name] ?: 0) < 3) around(there, deep - 1)
            if (!returned(screen)) return
        }
    }

    private fun ways(screen: Screen): List<String> {
        val lines = screen.blocks.flatMap { block ->
            when (block) {
                is Block.Row -> listOfNotNull(block.line.tap)
                is Block.Facts -> block.facts.mapNotNull { it.tap }
                is Block.Ask -> listOfNotNull(elsewhere(block.question))
                else -> emptyList()
            }
        }
        val plain = screen.buttons().filter { it.whyNot == null && it.asks.isEmpty() && it.sure == null && it != screen.main && it.title !in LANGUAGES }
        return (lines.take(5) + lines.drop(5).takeLast(7) + plain.map { it.tap }).distinct()
    }

    /** Where a question leads: to all of its choices, to what is recorded for it. */
    private fun elsewhere(question: Question): String? = if (question.readOnly) null else when (val input = question.input) {
        is Input.One -> input.more
        is Input.Several -> input.more
        is Input.File -> input.take
        else -> null
    }

    /** Back to a screen; false if there is no way. */
    private fun returned(to: Screen): Boolean {
        repeat(8) {
            val now = core.now()
            if (now.id == to.id) return true
            when {
                // From what stands before signing in, too.
                now.back -> core.back()
                now.chip == null -> desk.signIn("", { error("signed out") })
                else -> {
                    val place = now.places.firstOrNull { !it.here && to.places.any { p -> p.here && p.icon == it.icon } }
                    core.tap(place?.tap ?: return false)
                }
            }
        }
        return core.now().id == to.id
    }

    /** Goes on with whatever the main button offers, answering what is asked. */
    private fun work(steps: Int) {
        val pressed = HashSet<String>()
        repeat(steps) {
            var screen = core.now()
            picture(screen)
            screen = answered(screen)
            picture(screen)
            // What is recorded for a question is looked at, too.
            screen.blocks.firstNotNullOfOrNull { (it as? Block.Ask)?.question?.takeIf { q -> q.input is Input.File && q.value.isEmpty() } }
                ?.let { elsewhere(it) }?.takeIf { known.add("recorded $it") }
                ?.let { screen = core.tap(it).screen }
            // What was done here before, with the same on the screen, comes to the same: then what else is offered.
            // Giving up comes last.
            val main = (listOfNotNull(screen.main) + screen.blocks.mapNotNull { (it as? Block.Do)?.button } + screen.also)
                .filter { it.whyNot == null && it.sure == null && it.title !in LANGUAGES }
                .sortedBy { it.tone == Tone.Warning || it.tone == Tone.Bad }
                .firstOrNull { pressed.add("${screen.id} ${screen.blocks.hashCode()} ${it.tap}") } ?: return
            val given = main.asks.mapNotNull { question ->
                (question.value.ifEmpty { null } ?: anything(question))?.let { Given(question.key, it) }
            }
            val after = done(main, given)
            if (System.getProperty("tell") != null) println("${screen.id} | ${main.title} -> ${after.screen.id}: ${after.said?.text}")
            after.said?.let { said -> picture(after.screen, "said", Shown(after.screen, core.language(), said = rounds.model.Said(1, said))) }
        }
    }

    /** Does it; where the rules say no, with what else is asked, and a day that is still to come. */
    private fun done(main: Button, given: List<Given>): After {
        val after = core.tap(main.tap, given)
        val gives = after.screen.gives
        if (after.said?.code == null || gives == null) return after
        val open = after.screen.blocks.mapNotNull { (it as? Block.Ask)?.question }.filter { !it.readOnly }
        val days = open.filter { it.input == Input.Date }.map { Given(it.key, LocalDate.now(ZONE).plusDays(7).toString()) }
        val words = open.filter { it.input is Input.Text && it.value.isEmpty() }.mapNotNull { asked -> anything(asked)?.let { Given(asked.key, it) } }
        if (days.isEmpty() && words.isEmpty()) return after
        picture(core.tap(gives, days + words).screen)
        return core.tap(main.tap, given)
    }

    private fun answered(from: Screen): Screen {
        var screen = from
        val gives = screen.gives
        val open = screen.blocks.mapNotNull { (it as? Block.Ask)?.question }.filter {
            // A photo that need not be is taken once: on the sheet of an act, too.
            !it.readOnly && it.value.isEmpty() && (it.required || it.input is Input.Photo && known.add("photo on ${screen.name}"))
        }
        for (question in open) {
            val tool = toolOf(question)
            val answer = anything(question)
            if (answer == null && tool == null) {
                screen = chosen(screen, question)
                continue
            }
            val after = when {
                tool != null -> core.tap(tool)
                answer != null && gives != null -> core.tap(gives, listOf(Given(question.key, answer)))
                else -> continue
            }
            if (after.screen.id != from.id) return after.screen
            screen = after.screen
        }
        return screen
    }

    /** The first of the choices that have a screen of their own. */
    private fun chosen(screen: Screen, question: Question): Screen {
        val choices = core.tap(elsewhere(question) ?: return screen).screen
        picture(choices)
        val first = choices.blocks.firstNotNullOfOrNull { (it as? Block.Row)?.line?.takeIf { line -> line.whyNot == null }?.tap }
        return (if (first == null) core.back() else core.tap(first)).screen
    }

    /** A few pictures of a kind of screen, so that each thing on one is seen, and one of each that lies over it. */
    private fun picture(screen: Screen) {
        if (!known.add("picture ${screen.hashCode()}")) return
        // What was not seen on one of these before is worth another picture.
        val parts = screen.blocks.map { block -> if (block is Block.Ask) block.question.input.javaClass.simpleName else block.javaClass.simpleName }
        val marks = screen.blocks.mapNotNull { (it as? Block.Row)?.line?.mark?.takeIf { mark -> mark.none(Char::isDigit) } }
        val new = (parts + marks).count { known.add("${screen.name} with $it") } > 0
        if (!new && (taken[screen.name] ?: 0) >= 3) return
        val number = taken.merge(screen.name, 1, Int::plus) ?: 1
        save("${screen.name}${if (number == 1) "" else "-$number"}", Shown(screen, core.language()))
        val last = screen.blocks.lastOrNull { it is Block.Ask } as? Block.Ask
        if (last != null && screen.blocks.size > 6) {
            save("${screen.name}-end${if (number == 1) "" else "-$number"}", Shown(screen.copy(id = screen.id + " end", at = last.question.key), core.language()))
        }
        if (screen.also.isNotEmpty()) picture(screen, "menu", Shown(screen, core.language(), over = listOf(Over.Menu)))
        for (button in screen.buttons()) over(screen, button)
    }

    private fun over(screen: Screen, button: Button) {
        val why = button.whyNot
        val sure = button.sure
        when {
            why != null -> picture(screen, "why", Shown(screen, core.language(), over = listOf(Over.Why(why))))
            button.asks.isNotEmpty() -> picture(screen, "sheet", Shown(screen, core.language(), over = listOf(Over.Sheet(button, button.asks.associate { it.key to it.value }))))
            sure != null -> picture(screen, "sure", Shown(screen, core.language(), over = listOf(Over.Certain(button, sure, emptyList()))))
        }
    }

    private fun picture(screen: Screen, what: String, shown: Shown) {
        if (known.add("$what on ${screen.name}")) save("${screen.name}-$what", shown)
    }

    private fun save(name: String, shown: Shown) {
        for (dark in listOf(false, true)) {
            val file = File(out, "$name-${if (language == "en") "en" else "zh"}${if (dark) "-dark" else ""}.png")
            file.writeBytes(photograph(shown, Look(dark), desk.pictures))
        }
    }
}

/** What leads to the other language, which has a walk of its own. */
private val LANGUAGES = listOf("English", "中文")

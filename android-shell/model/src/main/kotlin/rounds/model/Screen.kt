package rounds.model

/**
 * A screen as plain data, as `core/app/src/screen.rs` computes it: a column of blocks, one main button, a
 * menu, the sync chip. Every text is in the reader's language already; a shell only paints.
 */
data class Screen(
    /** What it is, for tests and logs: `today`, `record`, `form`, `outbox` … with no content. */
    val name: String,
    /** Which one of these it is: equal for the same screen of the same thing. */
    val id: String,
    val title: String,
    val subtitle: String? = null,
    /**
     * The tap with which an answer is given as soon as it is made, durably; none where answers go with a
     * button alone. A button takes answers in any case.
     */
    val gives: String? = null,
    /** None before somebody has signed in. */
    val chip: Chip? = null,
    /** The places at the bottom; empty deeper inside. */
    val places: List<Place> = emptyList(),
    val back: Boolean = false,
    val blocks: List<Block> = emptyList(),
    /** The one main button, in reach of a thumb. */
    val main: Button? = null,
    /** What else can be done: a menu. */
    val also: List<Button> = emptyList(),
    /** The key of the question that the person was at. */
    val at: String? = null,
    /** To be read again after so many milliseconds, because a time runs on it. */
    val againMs: Long? = null,
)

/** Where this phone stands, on every screen. */
data class Chip(val state: String, val text: String, val tone: Tone, val tap: String)

/** A place that can be reached from everywhere. */
data class Place(val icon: String, val title: String, val tap: String, val here: Boolean, val count: Long = 0)

/** How something is meant; its words always say it too. */
enum class Tone { Neutral, Active, Good, Warning, Bad }

/** A part of a screen. */
sealed interface Block {
    data class Heading(val text: String) : Block

    data class Text(val text: String) : Block

    data class Note(val notice: Notice) : Block

    data class Facts(val facts: List<Fact>) : Block

    data class Row(val line: Line) : Block

    data class Ask(val question: Question) : Block

    /** [of] is more than zero. */
    data class Progress(val text: String, val done: Long, val of: Long) : Block

    /** A time that has to pass; [ofMs] is more than zero. */
    data class Ring(val text: String, val leftMs: Long, val ofMs: Long) : Block

    data class Result(val score: Score) : Block

    data class Two(val versions: Versions) : Block

    data class Chart(val trend: Trend) : Block

    data class Say(val script: Script) : Block

    data class Picture(val picture: String, val about: String) : Block

    data class Do(val button: Button) : Block

    /** Its text is given with the key [FIND]. */
    data class Find(val hint: String, val typed: String, val tap: String) : Block

    data class Empty(val title: String, val text: String) : Block

    /** The list goes on: its next lines come when this is reached. */
    data class More(val more: String) : Block
}

/** Something to know. */
data class Notice(
    val tone: Tone,
    val text: String,
    val remedy: String? = null,
    /** For support, small. */
    val code: String? = null,
    val buttons: List<Button> = emptyList(),
)

/** A label with its value. */
data class Fact(val label: String, val value: String, val tone: Tone = Tone.Neutral, val tap: String? = null)

/** A line of a list: what it is, where it stands, what is next. */
data class Line(
    val id: String,
    val mark: String? = null,
    val title: String,
    val subtitle: String? = null,
    val end: String? = null,
    val badges: List<Badge> = emptyList(),
    /** Greyed: why, in one line. */
    val whyNot: String? = null,
    val tap: String? = null,
    val chosen: Boolean? = null,
    val picture: String? = null,
)

/** A word beside a line. */
data class Badge(val text: String, val tone: Tone)

/** What a checklist came to; [percent] is of a hundred. */
data class Score(
    val text: String,
    val percent: Double,
    val passed: Boolean? = null,
    val before: String? = null,
    val sections: List<Fact> = emptyList(),
    val failed: List<Line> = emptyList(),
)

/** An answer of which there are several versions; the first one shows now. */
data class Versions(val label: String, val about: String, val versions: List<Version>, val other: Button? = null)

/** One of several versions. */
data class Version(val value: String, val by: String, val mine: Boolean, val button: Button)

/** Numbers in a row, oldest first, that answer one question. */
data class Trend(val title: String, val text: String, val points: List<Point>)

data class Point(val label: String, val value: Double)

/** A step of a recording. */
data class Script(
    val step: String,
    val speaker: String,
    val words: String,
    val instruction: String? = null,
    val state: String,
    val recording: Boolean,
)

/** A button. */
data class Button(
    val tap: String,
    val title: String,
    val tone: Tone = Tone.Neutral,
    /** Greyed: why, and what to do. */
    val whyNot: Notice? = null,
    /** What it asks for first, on a sheet of its own. */
    val asks: List<Question> = emptyList(),
    /** What is said before it is done, where it cannot be taken back. */
    val sure: Sure? = null,
)

data class Sure(val text: String, val yes: String, val no: String)

/** What a tap came to. */
data class After(val screen: Screen, val said: Notice? = null, val file: OutFile? = null)

/** A file that leaves the app by the system's own sheet. [purpose] is `print` or `share`. */
data class OutFile(val name: String, val mime: String, val path: String, val purpose: String, val done: String? = null)

/** The key that the text of a [Block.Find] is given with. */
const val FIND = "find"

/** Every button that stands on a screen. */
fun Screen.buttons(): List<Button> = listOfNotNull(main) + also + blocks.flatMap { block ->
    when (block) {
        is Block.Do -> listOf(block.button)
        is Block.Note -> block.notice.buttons
        is Block.Two -> block.versions.versions.map { it.button } + listOfNotNull(block.versions.other)
        else -> emptyList()
    }
}

package rounds.model

/** Everything that is painted: the core's screen, and what lies over it. */
data class Shown(
    /** None only until the first answer of the core. */
    val screen: Screen? = null,
    /** `zh-CN` or `en`. */
    val language: String = "zh-CN",
    /** Answers that wait for a button, on a screen where they go with one. */
    val held: Map<String, String> = emptyMap(),
    /** Something that was tapped is being done. */
    val busy: Boolean = false,
    /** What lies over the screen; the last one is on top. */
    val over: List<Over> = emptyList(),
    /** Something to say in passing. */
    val said: Said? = null,
    /** A file for the system's own sheet. */
    val file: OutFile? = null,
    /** A signature is being asked for. */
    val signing: Signing? = null,
    /** Why there is no screen yet: the core cannot be opened. */
    val fault: Notice? = null,
)

/** A notice in passing; [number] tells two equal ones apart. */
data class Said(val number: Long, val notice: Notice)

/** What lies over a screen until it is done or gone back from. */
sealed interface Over {
    /** What else can be done here. */
    data object Menu : Over

    /** Why something cannot be done, and what to do. */
    data class Why(val notice: Notice) : Over

    /** What a button asks for first. [wrong] is what its last try came to. */
    data class Sheet(val button: Button, val given: Map<String, String>, val wrong: Notice? = null) : Over

    /** The last question before what cannot be taken back. */
    data class Certain(val button: Button, val sure: Sure, val given: List<Given>) : Over
}

/** A question with what was given and has not gone to the core. */
fun Question.filled(given: Map<String, String>): Question {
    val value = given[key] ?: return this
    return copy(value = value, typed = null, shown = if (value == this.value) shown else value)
}

/** The questions of a sheet that still need an answer. */
fun Over.Sheet.missing(): List<Question> =
    button.asks.filter { it.required && !it.readOnly && it.input != Input.Note && given[it.key].isNullOrBlank() }

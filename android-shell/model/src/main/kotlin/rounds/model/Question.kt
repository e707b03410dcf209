package rounds.model

/** A question as a person meets it, in forms, acts, sign-in and settings (`core/app/src/ask.rs`). */
data class Question(
    val key: String,
    val label: String,
    val hint: String? = null,
    val input: Input,
    /** The answer as it is stored; empty if there is none. */
    val value: String = "",
    /** The answer as people read it. */
    val shown: String = "",
    /** What is being typed there and is no answer yet. Shown instead of the answer. */
    val typed: String? = null,
    val required: Boolean = false,
    /** Shown, not asked. */
    val readOnly: Boolean = false,
    /** What is wrong with the answer, in words. */
    val error: String? = null,
    /** What a supervisor said about the answer, in words. */
    val comment: String? = null,
    /** The tap that opens the versions of the answer, where there are two. */
    val versions: String? = null,
)

/** What a question asks for. The stored form of each answer is that of XLSForm. */
sealed interface Input {
    data object Note : Input

    data class Text(val long: Boolean) : Input

    data object Pin : Input

    data object Integer : Input

    data object Decimal : Input

    /** `2026-11-23` */
    data object Date : Input

    /** `09:12` */
    data object Time : Input

    /** `2026-11-23T09:12` */
    data object DateTime : Input

    data class One(val options: List<Choice>, val more: String? = null) : Input

    /** Values with a space between. */
    data class Several(val options: List<Choice>, val more: String? = null) : Input

    /** All of these in an order: values with a space between. */
    data class Rank(val options: List<Choice>) : Input

    data class Range(val from: Double, val to: Double, val step: Double) : Input

    /** `OK` or nothing. */
    data object Acknowledge : Input

    data class Photo(val take: String, val picture: String? = null) : Input

    data class File(val take: String, val about: String? = null) : Input

    data class Place(val take: String) : Input

    data class Barcode(val scan: String) : Input

    data class Signature(val sign: String, val picture: String? = null) : Input
}

/** Something that can be chosen; greyed for the reason [whyNot]. */
data class Choice(val value: String, val label: String, val whyNot: String? = null)

/** What was given with a tap: the answer of a question in its stored form. */
data class Given(val key: String, val value: String)

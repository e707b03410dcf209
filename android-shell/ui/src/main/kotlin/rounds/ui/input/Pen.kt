package rounds.ui.input

import rounds.model.Hands

/** What a question is answered with: the core, when it stands on the screen; the sheet, when it stands there. */
class Pen(
    /** Something half-typed. */
    val type: (key: String, text: String) -> Unit,
    /** An answer in its stored form; empty takes it back. */
    val answer: (key: String, value: String) -> Unit,
    /** A tool: the camera, a fix, a list that opens. */
    val tap: (tap: String) -> Unit,
)

fun Hands.onScreen() = Pen(::type, ::answer, ::tap)

fun Hands.onSheet() = Pen(::give, ::give, ::tap)

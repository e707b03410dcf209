package rounds.simulator.scenario

import rounds.model.Block
import rounds.model.Question
import rounds.model.Screen
import rounds.simulator.Desk

/** Whoever plays a scenario on a phone: by the four verbs of the app, or with a thumb on what is painted. */
internal interface Actor {
    /** The phone that is played. */
    val desk: Desk

    /** What is seen. */
    val screen: Screen

    /** What the last tap or back said, text and remedy. */
    val said: String?

    /** The purpose of the file that the last tap gave. */
    val file: String?

    /** From now on this phone is played. */
    fun take(desk: Desk)

    fun tap(offer: Offer)

    /** [value] is in its stored form. */
    fun give(question: Question, value: String)

    fun type(question: Question, text: String)

    /** A tool or the whole list of a question. */
    fun use(question: Question, tap: String)

    fun find(block: Block.Find, text: String)

    fun back()

    /** Asks for the lines behind the last block. */
    fun page()

    /** Looks again, because something happened beside. */
    fun look()
}

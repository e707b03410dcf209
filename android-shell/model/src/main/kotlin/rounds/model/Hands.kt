package rounds.model

/** What fingers can do on a screen. [Shell] does it; a picture of a screen has [NoHands]. */
interface Hands {
    /** A button: says why it is grey, asks what it asks for, makes sure, or does it. */
    fun press(button: Button)

    /** Anything else that a screen offers. A second one while the first is on its way is a slip of the thumb. */
    fun tap(tap: String)

    /** Back: first from what lies over the screen, then on it. False if there is nothing to go back to. */
    fun back(): Boolean

    /** A question of the screen is answered; an empty [value] takes the answer back. */
    fun answer(key: String, value: String)

    /** So much stands in a field of the screen now. */
    fun type(key: String, text: String)

    /** Searches for what stands in a field, when the fingers rest. */
    fun find(tap: String, text: String)

    /** A list is read to its end: its next lines come in the place of [block]. */
    fun more(block: Block.More)

    fun openMenu()

    /** A question of the sheet is answered. */
    fun give(key: String, value: String)

    /** The sheet is filled. */
    fun submit()

    /** Yes, it is to be done. */
    fun confirm()

    /** What was said has been read. */
    fun heard(said: Said)

    /** Asks for the first screen, once more where that failed. */
    fun begin()
}

/** Nothing happens. */
object NoHands : Hands {
    override fun press(button: Button) = Unit

    override fun tap(tap: String) = Unit

    override fun back() = false

    override fun answer(key: String, value: String) = Unit

    override fun type(key: String, text: String) = Unit

    override fun find(tap: String, text: String) = Unit

    override fun more(block: Block.More) = Unit

    override fun openMenu() = Unit

    override fun give(key: String, value: String) = Unit

    override fun submit() = Unit

    override fun confirm() = Unit

    override fun heard(said: Said) = Unit

    override fun begin() = Unit
}

package rounds.simulator.scenario

import rounds.model.After
import rounds.model.Block
import rounds.model.FIND
import rounds.model.Given
import rounds.model.Question
import rounds.model.Screen
import rounds.simulator.Desk

/** Plays through the gateway alone. */
internal class ByVerb : Actor {
    override lateinit var desk: Desk
        private set
    override lateinit var screen: Screen
        private set
    override var said: String? = null
        private set
    override var file: String? = null
        private set
    private val waiting = mutableListOf<Given>()

    override fun take(desk: Desk) {
        this.desk = desk
        look()
    }

    override fun tap(offer: Offer) {
        check(offer.greyed == null) { "${offer.title} is greyed: ${offer.greyed}" }
        tapped(offer.tap)
    }

    override fun give(question: Question, value: String) {
        val given = Given(question.key, value)
        val gives = screen.gives
        if (gives == null) waiting += given else after(desk.core.tap(gives, listOf(given)))
    }

    override fun type(question: Question, text: String) {
        desk.core.typing(question.key, text)
        look()
    }

    override fun use(question: Question, tap: String) = tapped(tap)

    override fun find(block: Block.Find, text: String) = after(desk.core.tap(block.tap, listOf(Given(FIND, text))))

    override fun back() = after(desk.core.back())

    override fun page() {
        val more = screen.blocks.last { it is Block.More } as Block.More
        screen = screen.copy(blocks = screen.blocks - more + desk.core.more(more.more))
    }

    override fun look() {
        screen = desk.core.now()
    }

    private fun tapped(tap: String) {
        val given = waiting.toList()
        waiting.clear()
        after(desk.core.tap(tap, given))
    }

    private fun after(after: After) {
        screen = after.screen
        said = after.said?.let { "${it.text} ${it.remedy.orEmpty()}" }
        file = after.file?.purpose
    }
}

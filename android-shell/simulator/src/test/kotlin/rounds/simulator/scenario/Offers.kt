package rounds.simulator.scenario

import rounds.model.Block
import rounds.model.Button
import rounds.model.Input
import rounds.model.Question
import rounds.model.Screen

/** Where something that is offered stands. */
internal enum class Where { Main, Column, Line, Fact, Menu, Place, Chip }

/** A text that is offered, with what a tap on it is. */
internal data class Offer(
    val where: Where,
    val title: String,
    val tap: String,
    val id: String = "",
    val button: Button? = null,
    val under: String = "",
) {
    val greyed: String? get() = button?.whyNot?.let { "${it.text} ${it.remedy.orEmpty()}" }
}

/** Everything that a screen offers, in the order in which it is looked for. */
internal fun offers(screen: Screen): List<Offer> = buildList {
    fun button(where: Where, button: Button, under: String = "") =
        add(Offer(where, button.title, button.tap, button = button, under = "$under ${button.title}"))
    screen.main?.let { button(Where.Main, it) }
    for (block in screen.blocks) when (block) {
        is Block.Do -> button(Where.Column, block.button)
        is Block.Note -> block.notice.buttons.forEach {
            button(Where.Column, it, "${block.notice.text} ${block.notice.remedy.orEmpty()}")
        }
        is Block.Two -> with(block.versions) {
            versions.forEach { button(Where.Column, it.button, "$label $about ${it.value} ${it.by}") }
            other?.let { button(Where.Column, it, "$label $about") }
        }
        else -> Unit
    }
    for (block in screen.blocks) if (block is Block.Row) with(block.line) {
        tap?.let { add(Offer(Where.Line, title, it, id, under = "$title ${subtitle.orEmpty()}")) }
    }
    for (block in screen.blocks) if (block is Block.Facts) for (fact in block.facts) {
        fact.tap?.let { add(Offer(Where.Fact, fact.value, it, under = fact.label)) }
    }
    screen.also.forEach { button(Where.Menu, it) }
    screen.places.forEach { add(Offer(Where.Place, it.title, it.tap, it.icon)) }
    screen.chip?.let { add(Offer(Where.Chip, it.text, it.tap, "chip")) }
}

/** What is offered under these words: exactly, or within its title. */
internal fun offer(screen: Screen, text: String, under: String? = null): Offer? {
    val all = offers(screen).filter { under == null || under in it.under }
    return all.firstOrNull { it.title == text || it.id == text } ?: all.firstOrNull { text in it.title }
}

internal fun questions(screen: Screen): List<Question> = screen.blocks.mapNotNull { (it as? Block.Ask)?.question }

/** A question by its label or key; `#2` is the second of several. */
internal fun question(screen: Screen, said: String): Question {
    val label = said.substringBeforeLast('#')
    val number = said.substringAfterLast('#', "1").toIntOrNull() ?: 1
    val all = questions(screen)
    val found = all.filter { it.label == label || it.key == label }.ifEmpty { all.filter { label in it.label } }
    return checkNotNull(found.getOrNull(number - 1)) { "nobody asks for $said" }
}

internal fun options(input: Input) = when (input) {
    is Input.One -> input.options
    is Input.Several -> input.options
    is Input.Rank -> input.options
    else -> emptyList()
}

/** Every text that a person sees on a screen. */
internal fun texts(screen: Screen): List<String> = buildList {
    fun see(vararg texts: String?) = texts.forEach { text -> text?.let { add(it) } }
    fun button(button: Button) {
        see(button.title, button.whyNot?.text, button.whyNot?.remedy)
        button.sure?.let { see(it.text, it.yes, it.no) }
        button.asks.forEach { ask(it, ::see) }
    }
    see(screen.title, screen.subtitle, screen.chip?.text)
    screen.main?.let(::button)
    screen.also.forEach(::button)
    screen.places.forEach { see(it.title) }
    for (block in screen.blocks) when (block) {
        is Block.Heading -> see(block.text)
        is Block.Text -> see(block.text)
        is Block.Note -> {
            see(block.notice.text, block.notice.remedy)
            block.notice.buttons.forEach(::button)
        }
        is Block.Facts -> block.facts.forEach { see(it.label, it.value) }
        is Block.Row -> line(block.line, ::see)
        is Block.Ask -> ask(block.question, ::see)
        is Block.Progress -> see(block.text)
        is Block.Ring -> see(block.text)
        is Block.Result -> with(block.score) {
            see(text, before)
            sections.forEach { see(it.label, it.value) }
            failed.forEach { line(it, ::see) }
        }
        is Block.Two -> with(block.versions) {
            see(label, about)
            versions.forEach {
                see(it.value, it.by)
                button(it.button)
            }
            other?.let(::button)
        }
        is Block.Chart -> with(block.trend) {
            see(title, text)
            points.forEach { see(it.label) }
        }
        is Block.Say -> with(block.script) { see(step, speaker, words, instruction, state) }
        is Block.Picture -> see(block.about)
        is Block.Do -> button(block.button)
        is Block.Find -> see(block.hint, block.typed)
        is Block.Empty -> see(block.title, block.text)
        is Block.More -> Unit
    }
}

private fun ask(question: Question, see: (Array<String?>) -> Unit) {
    see(arrayOf(question.label, question.hint, question.shown, question.typed, question.error))
    options(question.input).forEach { see(arrayOf(it.label, it.whyNot)) }
    (question.input as? Input.File)?.let { see(arrayOf(it.about)) }
}

private fun line(line: rounds.model.Line, see: (Array<String?>) -> Unit) {
    see(arrayOf(line.mark, line.title, line.subtitle, line.end, line.whyNot))
    line.badges.forEach { see(arrayOf(it.text)) }
}

/** What a block is called in the core's JSON. */
internal fun kindOf(block: Block): String = when (block) {
    is Block.Heading -> "heading"
    is Block.Text -> "text"
    is Block.Note -> "notice"
    is Block.Facts -> "facts"
    is Block.Row -> "line"
    is Block.Ask -> "ask"
    is Block.Progress -> "progress"
    is Block.Ring -> "ring"
    is Block.Result -> "score"
    is Block.Two -> "versions"
    is Block.Chart -> "trend"
    is Block.Say -> "script"
    is Block.Picture -> "picture"
    is Block.Do -> "do"
    is Block.Find -> "find"
    is Block.Empty -> "empty"
    is Block.More -> "more"
}

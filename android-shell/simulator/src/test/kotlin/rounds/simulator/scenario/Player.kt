package rounds.simulator.scenario

import java.io.File
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.double
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import rounds.core.fault
import rounds.model.Block
import rounds.model.Dot
import rounds.model.Input
import rounds.model.Question
import rounds.simulator.Desk
import uniffi.rounds_bindings.PhoneException
import uniffi.rounds_bindings.SyncStop

/** Plays a scenario's file (`tests/scenarios/README.md`); fails at the step that does not come out as told. */
internal class Player(private val file: File, root: File, private val actor: Actor) : AutoCloseable {
    private val stage = StageProcess(root)
    private val desks = HashMap<String, Desk>()
    private var name = ""
    private var language = "zh-CN"

    /** [after] is called after each step, with its number. */
    fun play(after: (Int) -> Unit = {}) {
        val scenario = Json.parseToJsonElement(file.readText()).jsonObject
        language = scenario["language"]?.jsonPrimitive?.content ?: language
        scenario.getValue("steps").jsonArray.forEachIndexed { index, raw ->
            val step = stage.filled(raw).jsonObject
            try {
                step(step)
                after(index + 1)
            } catch (e: Throwable) {
                val seen = if (name.isEmpty()) "nothing" else with(actor.screen) { "$this\n${blocks.joinToString("\n")}" }
                throw AssertionError("${file.name}, step ${index + 1}: $step\n${e.message}\nseen: $seen", e)
            }
        }
    }

    override fun close() {
        desks.values.forEach { runCatching { it.close() } }
        stage.close()
    }

    private fun step(step: JsonObject) {
        for ((what, value) in step) when (what) {
            "open" -> open(value.text())
            "kill" -> {
                desks.remove(name)?.kill()
                open(name)
            }
            "close" -> actor.desk.phone.shut()
            "reopen" -> {
                actor.desk.phone.reopen()
                actor.look()
            }
            "tap" -> {
                val under = step["under"]?.text()
                actor.tap(checkNotNull(offer(actor.screen, value.text(), under)) { "nothing is called ${value.text()}" })
            }
            "give" -> value.jsonObject.forEach { (label, answer) ->
                val question = question(actor.screen, label)
                actor.give(question, stored(question, answer))
            }
            "type" -> value.jsonObject.forEach { (label, text) -> actor.type(question(actor.screen, label), text.text()) }
            "take" -> question(actor.screen, value.text()).let { actor.use(it, toolOf(it)) }
            "more" -> question(actor.screen, value.text()).let { actor.use(it, moreOf(it)) }
            "find" -> actor.find(actor.screen.blocks.firstNotNullOf { it as? Block.Find }, value.text())
            "back" -> actor.back()
            "page" -> actor.page()
            "machine" -> value.jsonObject.forEach(::machine)
            "stage" -> stage.obey(value.text())
            "sync" -> sync(value.jsonPrimitive.contentOrNull == "fails", step["code"]?.text())
            "expect" -> value.jsonObject.forEach(::expect)
            "under", "code", "about" -> Unit
            else -> error("no such step: $what")
        }
    }

    private fun open(name: String) {
        this.name = name
        actor.take(desks.getOrPut(name) { Desk(File(stage.folder, name).apply { mkdirs() }, language, "Phone of $name") })
    }

    private fun sync(fails: Boolean, code: String?) {
        val failed = try {
            SyncStop().use { stop -> runBlocking { actor.desk.phone.sync(null, stop) } }
            null
        } catch (e: PhoneException) {
            e.fault()
        }
        check((failed != null) == fails) { "the sync came to ${failed?.code}: ${failed?.message}" }
        check(code == null || code == failed?.code) { "it failed by ${failed?.code}" }
        actor.look()
    }

    private fun machine(sense: String, value: JsonElement) {
        val tools = actor.desk.tools
        when (sense) {
            "at" -> tools.place = when {
                value is JsonNull -> null
                value is JsonArray -> tools.at(value[0].jsonPrimitive.double, value[1].jsonPrimitive.double)
                else -> tools.at(stage.store[0], stage.store[1])
            }
            "photo" -> tools.photo = if (value.jsonPrimitive.booleanOrNull == true) stage.photo.readBytes() else null
            "code" -> tools.code = value.jsonPrimitive.contentOrNull
            "signs" -> tools.strokes = if (value.jsonPrimitive.boolean) listOf(listOf(Dot(0.2f, 0.4f), Dot(0.8f, 0.6f))) else null
            "keys" -> actor.desk.keys.lose()
            else -> error("no such sense: $sense")
        }
    }

    private fun expect(what: String, wanted: JsonElement) {
        val screen = actor.screen
        val seen = texts(screen)
        when (what) {
            "name" -> same(wanted.text(), screen.name)
            "title" -> same(wanted.text(), screen.title)
            "main" -> same(wanted.jsonPrimitive.contentOrNull, screen.main?.title)
            "texts" -> wanted.jsonArray.map { it.text() }.forEach { text -> check(seen.any { text in it }) { "“$text” is not seen" } }
            "not" -> wanted.jsonArray.map { it.text() }.forEach { text -> check(seen.none { text in it }) { "“$text” is seen" } }
            "said" -> when (wanted) {
                is JsonNull -> check(actor.said == null) { "it said ${actor.said}" }
                else -> check(wanted.text() in actor.said.orEmpty()) { "it said ${actor.said}" }
            }
            "questions" -> wanted.jsonObject.forEach { (label, parts) ->
                val question = question(screen, label)
                parts.jsonObject.forEach { (part, value) -> asked(question, part, value) }
            }
            "buttons" -> wanted.jsonObject.forEach { (title, is_) -> button(title, is_.jsonPrimitive, offer(screen, title)) }
            "chip" -> same(wanted.text(), screen.chip?.state)
            "at" -> {
                val at = question(screen, checkNotNull(screen.at) { "it is at no question" }).label
                check(wanted.text() in at) { "it is at $at" }
            }
            "count" -> wanted.jsonObject.forEach { (kind, number) ->
                same("${number.jsonPrimitive.int} $kind", "${screen.blocks.count { kindOf(it) == kind }} $kind")
            }
            "file" -> same(wanted.jsonPrimitive.contentOrNull, actor.file)
            else -> error("no such expectation: $what")
        }
    }

    private fun asked(question: Question, part: String, wanted: JsonElement) {
        val text = when (part) {
            "value" -> question.value.ifEmpty { null }
            "shown" -> question.shown.ifEmpty { null }
            "typed" -> question.typed
            "error" -> question.error
            "required" -> return same(wanted.jsonPrimitive.boolean, question.required)
            "read_only" -> return same(wanted.jsonPrimitive.boolean, question.readOnly)
            else -> error("no such part of a question: $part")
        }
        if (wanted is JsonNull) check(text == null) { "$part is $text" }
        else check(text != null && wanted.text() in text) { "${question.label}: $part is $text" }
    }

    private fun button(title: String, wanted: JsonPrimitive, found: Offer?) = when {
        wanted.booleanOrNull == false -> check(found == null) { "$title is there" }
        found == null -> error("$title is not there")
        wanted.booleanOrNull == true -> check(found.greyed == null) { "$title is greyed: ${found.greyed}" }
        else -> check(wanted.content in checkNotNull(found.greyed) { "$title is not greyed" }) { "$title is greyed: ${found.greyed}" }
    }

    private fun same(wanted: Any?, found: Any?) = check(wanted == found) { "$wanted is expected, it is $found" }

    private fun JsonElement.text(): String = jsonPrimitive.content
}

/** An answer in its stored form: a choice may be said by its label. */
internal fun stored(question: Question, value: JsonElement): String = when (value) {
    is JsonArray -> value.joinToString(" ") { stored(question, it) }
    else -> value.jsonPrimitive.content.let { said -> options(question.input).firstOrNull { it.label == said }?.value ?: said }
}

private fun toolOf(question: Question): String = when (val input = question.input) {
    is Input.Photo -> input.take
    is Input.File -> input.take
    is Input.Place -> input.take
    is Input.Barcode -> input.scan
    is Input.Signature -> input.sign
    else -> error("${question.label} has no tool")
}

private fun moreOf(question: Question): String = when (val input = question.input) {
    is Input.One -> checkNotNull(input.more)
    is Input.Several -> checkNotNull(input.more)
    else -> error("${question.label} has no list")
}

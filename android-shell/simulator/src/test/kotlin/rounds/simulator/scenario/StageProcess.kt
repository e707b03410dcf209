package rounds.simulator.scenario

import java.io.File
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.double
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import rounds.simulator.Team

/** `rounds-stage`: a server with the demo team, behind a network that obeys (`tests/scenarios/README.md`). */
internal class StageProcess(root: File) : AutoCloseable {
    private val process = Team.programsOf(root).let { programs ->
        ProcessBuilder(File(programs, "rounds-stage").path)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .apply { environment()["ROUNDS_BIN"] = programs.path }
            .start()
    }
    private val says = process.inputStream.bufferedReader()
    private val hears = process.outputStream.bufferedWriter()
    private val card: JsonObject = line()

    val folder = File(text("folder"))
    val photo = File(text("photo"))
    val address = text("address")
    val store = card.getValue("store").jsonArray.map { it.jsonPrimitive.double }
    val invitations = card.getValue("invitations").jsonObject.mapValues { it.value.jsonPrimitive.content }

    /** Obeys, or fails. */
    fun obey(line: String) {
        hears.write(line + "\n")
        hears.flush()
        val answer = line()
        check("error" !in answer) { "$line: $answer" }
    }

    /** Variables filled in, in every text. */
    fun filled(element: JsonElement): JsonElement = when (element) {
        is JsonObject -> JsonObject(element.mapValues { filled(it.value) })
        is JsonArray -> JsonArray(element.map(::filled))
        is JsonPrimitive -> if (element.isString) JsonPrimitive(filled(element.content)) else element
    }

    override fun close() {
        hears.close()
        process.waitFor()
    }

    private fun filled(text: String): String {
        val known = listOf("address", "today", "tomorrow", "supervisor").associateWith { text(it) } +
            invitations.mapKeys { "invitations.${it.key}" }
        return known.entries.fold(text) { filled, (name, value) -> filled.replace("\${$name}", value) }
    }

    private fun text(name: String): String = card[name]?.jsonPrimitive?.contentOrNull.orEmpty()

    private fun line(): JsonObject = Json.parseToJsonElement(checkNotNull(says.readLine()) { "the stage ended" }).jsonObject
}

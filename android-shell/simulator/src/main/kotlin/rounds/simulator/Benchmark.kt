package rounds.simulator

import java.io.File
import java.time.LocalDate
import java.time.ZoneId
import kotlin.system.exitProcess
import rounds.model.Block
import rounds.model.Given
import rounds.model.Input
import rounds.model.Screen
import rounds.model.buttons

/**
 * Measures the aims of the phone on this machine, through JNA and as the painting gets it: the day with 200 visits
 * among 50,000 records, opening a form of 300 questions, an answer in it. Prints the median and the 95th of a hundred,
 * beside the aims. `scripts/phone --benchmark` runs it.
 */
fun main() {
    val root = File(System.getProperty("rounds.root", ".")).absoluteFile.normalize()
    val folder = kotlin.io.path.createTempDirectory("rounds-benchmark").toFile()
    try {
        val records = (System.getProperty("records") ?: "50000").toInt()
        Team(File(folder, "team"), root).found().use { team -> measure(folder, root, team, records) }
    } finally {
        folder.deleteRecursively()
    }
    exitProcess(0)
}

private fun measure(folder: File, root: File, team: Team, records: Int) {
    team.admin("import", "store", stores(folder, records).path, "--key", "code")
    team.admin("publish", survey(folder).path)
    Headless(root, File(folder, "other")).run {
        run("enrol", team.network.url, team.invite("李娜"))
        run("sync")
        val today = LocalDate.now(ZoneId.of("Asia/Shanghai"))
        run("batch", "create", "visit", "--link", "store", "--all", "store", "--with", "region=$TODAY", "date=$today")
        run("new", "survey", "a0=x")
        run("sync")
    }
    Desk(File(folder, "phone"), "en").use { desk ->
        desk.signIn(team.network.url, { team.invite("李娜") })
        desk.phone.syncUntil(600_000u, null)
        val core = desk.core
        println("$records stores, ${core.now().title}: ${core.now().blocks.count { it is Block.Row }} lines")
        timed("Today, 200 visits", 20, 100) { core.now() }
        val (form, way) = open(desk)
        println("${form.name}: ${form.blocks.count { it is Block.Ask }} questions on the screen")
        timed("a form of 300 questions, opened", 100, 20) {
            core.back()
            core.tap(way)
        }
        val questions = core.now().blocks.mapNotNull { (it as? Block.Ask)?.question }.filter { it.input is Input.Integer }
        val gives = checkNotNull(core.now().gives)
        var next = 0
        timed("an answer, with the whole screen", 10, 100) {
            core.tap(gives, listOf(Given(questions[next++ % questions.size].key, "$next")))
        }
    }
}

/** From the first screen to the form of the one survey; and the tap that opens it. */
private fun open(desk: Desk): Pair<Screen, String> {
    val core = desk.core
    val work = core.now().places.first { it.icon == "work" }
    val kinds = core.tap(work.tap).screen
    val surveys = kinds.blocks.firstNotNullOf { (it as? Block.Row)?.line?.takeIf { l -> l.title.startsWith("Survey") } }
    val list = core.tap(checkNotNull(surveys.tap)).screen
    val record = core.tap(list.blocks.firstNotNullOf { (it as? Block.Row)?.line?.tap }).screen
    val way = record.buttons().first { "\"form\"" in it.tap }.tap
    return core.tap(way).screen to way
}

private fun timed(what: String, aimMs: Int, times: Int, does: () -> Unit) {
    repeat(5) { does() }
    val took = List(times) {
        val began = System.nanoTime()
        does()
        (System.nanoTime() - began) / 1e6
    }.sorted()
    val median = took[times / 2]
    val met = if (median <= aimMs) "met" else "not met"
    println("%-36s median %7.2f ms   95 %% %7.2f ms   aim %3d ms: %s".format(what, median, took[times * 95 / 100], aimMs, met))
}

private const val TODAY = "今日区"

private fun stores(folder: File, records: Int) = File(folder, "many.csv").apply {
    bufferedWriter().use { out ->
        out.appendLine("code,label,label_en,region,store_type,address,place,fence_m")
        repeat(records) {
            out.appendLine("B%05d,第 %d 号店,Store %d,%s,supermarket,人民路 %d 号,38.92010 121.64420 0 0,150".format(it, it, it, if (it < 200) TODAY else "远区", it))
        }
    }
}

/** A pack with one form of 300 questions, a third of which are asked for because of another, and ten sums. */
private fun survey(folder: File): File = File(folder, "survey").apply {
    mkdirs()
    val head = listOf("type", "name", "label::中文 (zh)", "label::English (en)", "relevant", "constraint", "calculation")
    val rows = (0 until 300).map { n ->
        when {
            n % 30 == 29 -> listOf("calculate", "a$n", "", "", "", "", (n - 9 until n).joinToString(" + ") { "coalesce(\${a$it}, 0)" })
            n == 0 -> listOf("text", "a0", "第 0 题", "Question 0", "", "", "")
            n % 3 == 0 -> listOf("integer", "a$n", "第 $n 题", "Question $n", "\${a${n - 2}} != 7", ". < 1000", "")
            else -> listOf("integer", "a$n", "第 $n 题", "Question $n", "", ". < 1000", "")
        }
    }
    workbook(File(this, "survey.xlsx"), mapOf("survey" to listOf(head) + rows, "choices" to listOf(listOf("list_name", "name", "label")), "settings" to listOf(listOf("form_id", "default_language"), listOf("survey", "English (en)"))))
    File(this, "pack.toml").writeText(
        """
        id = "survey"
        version = 1
        title = { zh = "调查", en = "Survey" }

        [kinds.survey]
        title = { zh = "调查", en = "Survey" }
        plural = { zh = "调查", en = "Surveys" }
        scope = "owner"
        form = "survey.xlsx"
        create = ["rep"]
        initial = "filling"

        [kinds.survey.display]
        title = { zh = "concat('调查 ', ${'$'}{a0})", en = "concat('Survey ', ${'$'}{a0})" }

        [kinds.survey.stages]
        filling = { title = { zh = "填写中", en = "Filling in" }, tone = "active" }
        finished = { title = { zh = "已完成", en = "Finished" }, tone = "good" }

        [[kinds.survey.write]]
        stages = ["filling"]
        roles = ["rep"]
        who = "owner"
        fields = ["*"]

        [kinds.survey.acts.finish]
        title = { zh = "完成", en = "Finish" }
        from = ["filling"]
        to = "finished"
        roles = ["rep"]
        who = "owner"
        complete = true
        """.trimIndent(),
    )
}

package rounds.simulator

import java.io.File
import java.net.HttpURLConnection
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.URI
import java.util.concurrent.TimeUnit

/**
 * A team with a server of its own: the packs of this repository, twelve stores, a supervisor and whoever is invited.
 * It knows only what the server's program prints.
 */
class Team(private val folder: File, private val root: File) : AutoCloseable {
    private val programs = programsOf(root)
    private val data = File(folder, "server").path
    private var process: Process? = null

    /** Where the server listens. */
    var address = InetSocketAddress(InetAddress.getLoopbackAddress(), freePort())
        private set

    /** The network between phones and the server. */
    val network: Airplane by lazy { Airplane(address) }

    /** Founds the team and starts its server. */
    fun found(): Team {
        folder.mkdirs()
        val packs = File(root, "core/packs")
        admin("init", "--team", "大连一队", "--zone", "Asia/Shanghai", "--supervisor", "王芳")
        File(packs, "order.txt").readLines().filter { it.isNotBlank() }.forEach { admin("publish", File(packs, it).path) }
        admin("import", "store", File(packs, "store-visit/tables/stores.csv").path, "--key", "code")
        admin("import", "policy", File(packs, "policy-application/tables/policies.csv").path, "--key", "number")
        admin("import", "plan_duty", File(packs, "daily-routine/tables/plans-not-needed.csv").path, "--key", "note")
        start()
        return this
    }

    /** Plays the demo day if it was not played in this folder, and serves its team. [tell] hears the story. */
    fun demo(tell: (String) -> Unit): Team {
        val demo = ProcessBuilder(File(programs, "rounds-demo").path, "--folder", folder.path, "--port", "0")
            .redirectErrorStream(true).start()
        process = demo
        for (line in demo.inputStream.bufferedReader().lineSequence()) {
            val url = CONSOLE.find(line)
            if (url != null) {
                address = InetSocketAddress(url.groupValues[1], url.groupValues[2].toInt())
                return this
            }
            tell(line)
        }
        error("the demo day ended before it was served")
    }

    /** The customers of the team's policies are served by this person too, or they could apply for nothing. */
    private fun serves(person: String) {
        val staff = File(folder, "staff.csv")
        staff.writeText("person,code,user_type\n$person,8001,agent\n")
        admin("import", "staff", staff.path, "--key", "person")
    }

    /** The code of an invitation. */
    fun invite(person: String, role: String = "rep"): String {
        val led = if (role == "rep") arrayOf("--role", role, "--led-by", "王芳") else emptyArray()
        val printed = admin("invite", "--person", person, *led, "--json")
        if (role == "rep") serves(person)
        return checkNotNull(CODE.find(printed)) { printed }.groupValues[1]
    }

    fun start() {
        val listen = "${address.address.hostAddress}:${address.port}"
        process = ProcessBuilder(File(programs, "rounds-server").path, "--data", data, "serve", "--listen", listen)
            .redirectErrorStream(true).redirectOutput(File(folder, "serve.log")).start()
        // Waiting for a process to be there; nothing is proved by it.
        repeat(600) {
            if (healthy()) return
            check(process?.isAlive == true) { File(folder, "serve.log").readText() }
            Thread.sleep(50)
        }
        error("the server does not answer")
    }

    /** No time to say anything. */
    fun kill() {
        process?.destroyForcibly()?.waitFor()
        process = null
    }

    /** An operator's command; returns what it prints. */
    fun admin(vararg args: String): String {
        val command = listOf(File(programs, "rounds-server").path, "--data", data) + args
        val ran = ProcessBuilder(command).redirectErrorStream(true).start()
        val printed = ran.inputStream.readBytes().decodeToString()
        check(ran.waitFor() == 0) { "${args.joinToString(" ")}: $printed" }
        return printed
    }

    override fun close() {
        network.close()
        process?.descendants()?.forEach { it.destroy() }
        process?.destroy()
        process?.waitFor(10, TimeUnit.SECONDS)
    }

    private fun healthy(): Boolean = runCatching {
        val url = URI("http://${address.address.hostAddress}:${address.port}/healthz").toURL()
        (url.openConnection() as HttpURLConnection).run { responseCode == 200 }
    }.getOrDefault(false)

    companion object {
        private val CONSOLE = Regex("The console: http://([0-9.]+):([0-9]+)")
        private val CODE = Regex("\"code\"\\s*:\\s*\"([^\"]+)\"")

        /** Where the built programs are: what was built last for trying, or else for tests. */
        fun programsOf(root: File): File = listOf(System.getProperty("rounds.programs"), "$root/target/release", "$root/target/debug")
            .filterNotNull().map(::File).first { File(it, "rounds-server").canExecute() }

        private fun freePort(): Int = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localPort }
    }
}

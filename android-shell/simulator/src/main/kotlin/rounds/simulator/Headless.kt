package rounds.simulator

import java.io.File

/** Another phone of the team, without screens: `rounds-device` on a folder. */
internal class Headless(root: File, private val folder: File) {
    private val program = File(Team.programsOf(root), "rounds-device").path

    /** Runs a command and returns what it prints; fails if it does. */
    fun run(vararg args: String): String {
        val (code, printed) = tried(*args)
        check(code == 0) { "${args.joinToString(" ")}: $printed" }
        return printed
    }

    /** Runs a command; its exit code and what it prints. */
    fun tried(vararg args: String): Pair<Int, String> {
        val ran = ProcessBuilder(listOf(program, "--dir", folder.path, "--lang", "en") + args).redirectErrorStream(true).start()
        val printed = ran.inputStream.readBytes().decodeToString()
        return ran.waitFor() to printed
    }
}

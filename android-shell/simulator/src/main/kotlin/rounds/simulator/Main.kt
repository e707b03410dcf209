package rounds.simulator

import java.awt.GraphicsEnvironment
import java.io.File
import kotlin.system.exitProcess

/**
 * What `scripts/phone` starts:
 *
 *     phone FOLDER      the app in a window, as a rep of the demo team, kept in this folder
 *     screens FOLDER    every screen as a picture, in this folder
 */
fun main(args: Array<String>) {
    val root = File(System.getProperty("rounds.root", ".")).absoluteFile.normalize()
    when {
        args.size == 2 && args[0] == "phone" -> phone(root, File(args[1]).absoluteFile)
        args.size == 2 && args[0] == "screens" -> screens(root, File(args[1]).absoluteFile)
        else -> {
            System.err.println("phone FOLDER | screens FOLDER")
            exitProcess(2)
        }
    }
    exitProcess(0)
}

private fun phone(root: File, folder: File) {
    if (GraphicsEnvironment.isHeadless()) {
        System.err.println("✗ There is no display here. `scripts/phone --screens DIR` makes pictures without one.")
        exitProcess(1)
    }
    Team(File(folder, "team"), root).demo(::println).use { team ->
        Desk(File(folder, "phone")).use { desk ->
            desk.signIn(team.network.url, { team.invite("李娜") })
            println("Li Na's second phone. Her PIN is $PIN.")
            window(desk, team.network)
        }
    }
}

private fun screens(root: File, out: File) {
    val folder = createTempDirectory()
    try {
        Team(File(folder, "team"), root).demo {}.use { team ->
            for (language in listOf("zh-CN", "en")) Desk(File(folder, language), language).use { desk ->
                Tour(desk, language, out).make(team.network.url) { team.invite("李娜") }
            }
        }
    } finally {
        folder.deleteRecursively()
        println("${out.list()?.size ?: 0} pictures in $out")
    }
}

private fun createTempDirectory(): File = kotlin.io.path.createTempDirectory("rounds-screens").toFile()

package rounds.simulator

import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toComposeImageBitmap
import java.io.File
import org.jetbrains.skia.Image
import rounds.core.Core
import rounds.model.Shell
import rounds.ui.block.CachedPictures
import uniffi.rounds_bindings.Phone

/** The app on a desktop: the real core in a folder, and what is shown of it. */
class Desk(
    val folder: File,
    language: String = "zh-CN",
    deviceName: String = hostName(),
) : AutoCloseable {
    val keys = DeskKeys(File(folder.path + "-keys"))
    val tools: DeskTools = DeskTools { shell.sign(it) }
    val phone: Phone = Phone.open(folder.path, language, deskMachine(keys, tools, deviceName))
    val core = Core(phone)
    val shell: Shell = Shell(core)
    val pictures = CachedPictures(::decoded)

    private fun decoded(name: String): ImageBitmap? = shell.picture(name, 1280)?.let { bytes ->
        runCatching { Image.makeFromEncoded(bytes).toComposeImageBitmap() }.getOrNull()
    }

    /** As when the process is killed: nothing is said to anybody first. */
    fun kill() {
        shell.close()
        core.close()
    }

    override fun close() {
        shell.close()
        phone.shut()
        core.close()
    }
}

package rounds.simulator

import java.io.File
import java.net.InetAddress
import uniffi.rounds_bindings.CaptureException
import uniffi.rounds_bindings.Clock
import uniffi.rounds_bindings.KeyStore
import uniffi.rounds_bindings.Machine
import uniffi.rounds_bindings.Reading
import uniffi.rounds_bindings.systemClocks

/** A desktop as a phone's machine, with these tools. */
internal fun deskMachine(keys: KeyStore, tools: DeskTools, name: String) = Machine(
    clock = DeskClock,
    keys = keys,
    camera = tools.camera,
    recorder = tools.recorder,
    location = tools.location,
    barcode = tools.barcode,
    signature = tools.signature,
    fonts = FONTS.filter { File(it).canRead() },
    deviceName = name,
)

/** The desktop's clocks. */
internal object DeskClock : Clock {
    override fun read(): Reading = systemClocks()
}

/** Secrets in files: it protects nothing, and is for looking at the app, and for tests. */
class DeskKeys(private val folder: File) : KeyStore {
    override fun load(name: String): ByteArray? {
        val secret = file(name).takeIf { it.exists() }?.readBytes() ?: return null
        // It was kept, and what would open it is gone: not the same as none.
        if (secret.isEmpty()) throw CaptureException.Lost()
        return secret
    }

    override fun store(name: String, secret: ByteArray) = file(name).writeBytes(secret)

    override fun remove(name: String) {
        file(name).delete()
    }

    /** What opens the secrets is gone, as after a change of the phone's lock: they are there, and lost. */
    fun lose() {
        folder.listFiles().orEmpty().forEach { it.writeBytes(ByteArray(0)) }
    }

    private fun file(name: String): File {
        if (name.isEmpty() || name.any { !it.isLetterOrDigit() && it != '-' }) throw CaptureException.Failed("name")
        return File(folder.apply { mkdirs() }, name)
    }
}

/** What this desktop is called. */
internal fun hostName(): String = runCatching { InetAddress.getLocalHost().hostName }.getOrDefault("desktop").take(24)

private val FONTS = listOf(
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)

package rounds.simulator

import java.io.File
import java.util.concurrent.atomic.AtomicInteger
import rounds.model.Signing
import rounds.model.Stroke
import uniffi.rounds_bindings.Barcode
import uniffi.rounds_bindings.Camera
import uniffi.rounds_bindings.CaptureException
import uniffi.rounds_bindings.Code
import uniffi.rounds_bindings.Ended
import uniffi.rounds_bindings.Fix
import uniffi.rounds_bindings.FixAsk
import uniffi.rounds_bindings.InkPoint
import uniffi.rounds_bindings.Location
import uniffi.rounds_bindings.Photo
import uniffi.rounds_bindings.PhotoAsk
import uniffi.rounds_bindings.Progress
import uniffi.rounds_bindings.Recorder
import uniffi.rounds_bindings.ScanAsk
import uniffi.rounds_bindings.Segment
import uniffi.rounds_bindings.SegmentAsk
import uniffi.rounds_bindings.SignAsk
import uniffi.rounds_bindings.SignaturePad
import uniffi.rounds_bindings.Signed
import uniffi.rounds_bindings.Source
import uniffi.rounds_bindings.Symbology
import uniffi.rounds_bindings.Stroke as CoreStroke

/**
 * What takes evidence on a desktop: a camera that paints a shelf, a place that is set, a code, a recorder that writes
 * silence, and the pad on the screen. Each can be told to fail, as a person or a system would.
 */
class DeskTools(private val pad: (Signing) -> List<Stroke>?) {
    /** Where the phone is; none where nobody knows. */
    @Volatile var place: Fix? = at(38.92012, 121.64431)

    /** The next code that is read; none if the person goes back. */
    @Volatile var code: String? = "6901234567892"

    /** The next photo; none if the person goes back from the camera. Painted anew where nobody says. */
    @Volatile var photo: ByteArray? = PAINTED

    /** Why no photo is taken; none if one is. */
    @Volatile var cameraFault: CaptureException? = null

    /** The signature; none if nobody signs. Where nobody says, it is asked for on the screen. */
    @Volatile var strokes: List<Stroke>? = ASKED

    private val photos = AtomicInteger()

    /** Here, to about ten metres. */
    fun at(latitude: Double, longitude: Double, accuracy: Double = 10.0, mock: Boolean = false) =
        Fix(latitude, longitude, null, accuracy, mock, null, 0u, null, Source.SATELLITE)

    internal val camera = object : Camera {
        override fun take(ask: PhotoAsk): Photo {
            cameraFault?.let { throw it }
            val bytes = photo ?: throw CaptureException.Cancelled()
            return Photo(if (bytes === PAINTED) shelf(photos.incrementAndGet()) else bytes, DeskClock.read())
        }

        override fun choose(ask: PhotoAsk): Photo = take(ask)
    }

    internal val location = object : Location {
        override fun fix(ask: FixAsk): Fix = place ?: throw CaptureException.Unavailable()
    }

    internal val barcode = object : Barcode {
        override fun scan(ask: ScanAsk): Code {
            val text = code ?: throw CaptureException.Cancelled()
            return Code(if (text.length == 13 && text.all(Char::isDigit)) Symbology.EAN13 else Symbology.QR, text)
        }
    }

    internal val signature = object : SignaturePad {
        override fun sign(ask: SignAsk): Signed {
            val drawn = if (strokes === ASKED) pad(Signing(ask.title, ask.signer)) else strokes
            return signed(drawn ?: throw CaptureException.Cancelled())
        }
    }

    /** One segment at a time; its media is as long as the clock says, and silent. */
    internal val recorder = object : Recorder {
        private var now: Pair<SegmentAsk, Long>? = null

        @Synchronized
        override fun start(ask: SegmentAsk) {
            if (now != null) throw CaptureException.Failed("a segment is under way")
            File(ask.file).writeBytes(ByteArray(1024))
            now = ask to DeskClock.read().monoMs.toLong()
        }

        @Synchronized
        override fun progress(): Progress {
            val (ask, began) = now ?: throw CaptureException.Failed("nothing is recorded")
            return Progress((DeskClock.read().monoMs.toLong() - began).toULong(), File(ask.file).length().toULong(), null)
        }

        @Synchronized
        override fun stop(): Segment {
            val length = progress().mediaMs
            now = null
            return Segment(length, Ended.ASKED, null, DeskClock.read())
        }
    }

    private fun signed(strokes: List<Stroke>) = Signed(
        PAD,
        PAD,
        strokes.map { stroke ->
            CoreStroke(
                stroke.map { InkPoint((it.x * PAD.toInt()).toInt().toUShort(), (it.y * PAD.toInt()).toInt().toUShort(), it.ms.toUInt(), 0u) },
            )
        },
    )

    private companion object {
        const val PAD: UShort = 1000u
        val PAINTED = ByteArray(0)
        val ASKED = listOf<Stroke>(emptyList())
    }
}

package rounds.device

import rounds.model.Signing
import rounds.model.Stroke
import uniffi.rounds_bindings.CaptureException
import uniffi.rounds_bindings.InkPoint
import uniffi.rounds_bindings.SignAsk
import uniffi.rounds_bindings.SignaturePad
import uniffi.rounds_bindings.Signed
import uniffi.rounds_bindings.Stroke as CoreStroke

/** Takes signatures: [sign] shows the pad and waits. */
class PhonePad(private val sign: (Signing) -> List<Stroke>?) : SignaturePad {
    override fun sign(ask: SignAsk): Signed {
        val strokes = sign(Signing(ask.title, ask.signer)) ?: throw CaptureException.Cancelled()
        val began = strokes.firstOrNull()?.firstOrNull()?.ms ?: 0
        return Signed(
            WIDTH,
            HEIGHT,
            strokes.map { stroke ->
                CoreStroke(
                    stroke.map { dot ->
                        InkPoint(
                            (dot.x * WIDTH.toInt()).toInt().toUShort(),
                            (dot.y * HEIGHT.toInt()).toInt().toUShort(),
                            (dot.ms - began).coerceAtLeast(0).toUInt(),
                            0u,
                        )
                    },
                )
            },
        )
    }

    private companion object {
        const val WIDTH: UShort = 800u
        const val HEIGHT: UShort = 1000u
    }
}

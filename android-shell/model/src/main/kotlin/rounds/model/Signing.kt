package rounds.model

import java.util.concurrent.CompletableFuture

/** A point of a signature, in parts of the pad's width and height, 0 to 1, and when the finger was there. */
data class Dot(val x: Float, val y: Float, val ms: Long = 0)

/** What a finger drew without leaving the pad. */
typealias Stroke = List<Dot>

/** Somebody is asked to sign: what, and who. Given once: the strokes, or none. */
class Signing(val title: String = "", val signer: String = "") {
    private val strokes = CompletableFuture<List<Stroke>?>()

    fun give(strokes: List<Stroke>?) {
        this.strokes.complete(strokes?.takeIf { it.isNotEmpty() })
    }

    /** Waits for it. */
    fun await(): List<Stroke>? = strokes.get()
}

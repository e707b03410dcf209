package rounds.device

import com.google.zxing.BarcodeFormat
import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.MultiFormatReader
import com.google.zxing.NotFoundException
import com.google.zxing.PlanarYUVLuminanceSource
import com.google.zxing.Result
import com.google.zxing.common.HybridBinarizer

/** A picture in grey, as a camera gives it: rows of [stride] bytes, of which the first [width] are pixels. */
class Grey(private val bytes: ByteArray, private val stride: Int, private val width: Int, private val height: Int) {
    /** Turned by a quarter: what lay along a column lies along a row. */
    fun turned(): Grey {
        val turned = ByteArray(width * height)
        for (y in 0 until height) for (x in 0 until width) turned[x * height + (height - 1 - y)] = bytes[y * stride + x]
        return Grey(turned, height, height, width)
    }

    internal fun bitmap() =
        BinaryBitmap(HybridBinarizer(PlanarYUVLuminanceSource(bytes, stride, height, 0, 0, width, height, false)))
}

/**
 * Finds codes in pictures. Bars are read along rows, in both directions, and a camera's rows stand upright where the
 * phone does: so what is not found is looked for once more with the picture turned.
 */
class Codes(formats: List<BarcodeFormat>) {
    private val reader = MultiFormatReader().apply {
        setHints(mapOf(DecodeHintType.POSSIBLE_FORMATS to formats, DecodeHintType.TRY_HARDER to true))
    }

    /** The first code in it, or none. */
    fun find(grey: Grey): Result? = found(grey) ?: found(grey.turned())

    private fun found(grey: Grey): Result? = try {
        reader.decodeWithState(grey.bitmap())
    } catch (_: NotFoundException) {
        null
    } finally {
        reader.reset()
    }
}

package rounds.device

import com.google.zxing.BarcodeFormat
import com.google.zxing.MultiFormatWriter
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

/** What the camera's thread does with a picture, without a camera. */
class CodesTest {
    @Test
    fun `bars are read however the phone is held`() {
        for ((format, text) in listOf(
            BarcodeFormat.EAN_13 to "6901234567892",
            BarcodeFormat.CODE_128 to "RN-2026/11",
            BarcodeFormat.QR_CODE to "rounds://enrol?code=ABCD",
        )) {
            var picture = drawn(format, text)
            repeat(4) { quarter ->
                val code = Codes(listOf(format)).find(picture)
                assertEquals("$format after $quarter quarters", text, code?.text)
                assertEquals(format, code?.barcodeFormat)
                picture = picture.turned()
            }
        }
    }

    @Test
    fun `only codes of the wanted kinds are read, and one that found nothing reads on`() {
        val codes = Codes(listOf(BarcodeFormat.EAN_13))
        assertNull(codes.find(drawn(BarcodeFormat.CODE_128, "RN-2026/11")))
        assertEquals("6901234567892", codes.find(drawn(BarcodeFormat.EAN_13, "6901234567892").turned())?.text)
    }

    /** Rows with padding behind them, as cameras have. */
    private fun drawn(format: BarcodeFormat, text: String): Grey {
        val drawn = MultiFormatWriter().encode(text, format, 320, 200)
        val stride = drawn.width + 24
        val bytes = ByteArray(stride * drawn.height)
        for (y in 0 until drawn.height) for (x in 0 until drawn.width) bytes[y * stride + x] = if (drawn[x, y]) 0 else -1
        return Grey(bytes, stride, drawn.width, drawn.height)
    }
}

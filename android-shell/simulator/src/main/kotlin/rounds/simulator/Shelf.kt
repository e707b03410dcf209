package rounds.simulator

import org.jetbrains.skia.Color
import org.jetbrains.skia.EncodedImageFormat
import org.jetbrains.skia.Paint
import org.jetbrains.skia.Rect
import org.jetbrains.skia.Surface

/** A shelf with bottles, another one for each [number]. */
internal fun shelf(number: Int): ByteArray {
    val (width, height) = 960f to 720f
    val surface = Surface.makeRasterN32Premul(width.toInt(), height.toInt())
    val canvas = surface.canvas
    canvas.clear(Color.makeRGB(226, 221, 210))
    val colors = listOf(Color.makeRGB(178, 44, 38), Color.makeRGB(33, 105, 84), Color.makeRGB(224, 166, 44), Color.makeRGB(44, 84, 142))
    for (shelf in 0 until 3) {
        val floor = 220f + shelf * 225f
        for (place in 0 until 13) {
            // Gaps, as on real shelves.
            if ((place * 7 + shelf * 3 + number) % 6 == 0) continue
            val x = 30f + place * 70f
            val paint = Paint().apply { color = colors[(place / 3 + shelf + number) % colors.size] }
            canvas.drawRect(Rect.makeXYWH(x, floor - 120f, 52f, 120f), paint)
            canvas.drawRect(Rect.makeXYWH(x + 17f, floor - 165f, 18f, 48f), paint)
            canvas.drawRect(Rect.makeXYWH(x + 6f, floor - 82f, 40f, 44f), Paint().apply { color = Color.makeRGB(246, 243, 235) })
        }
        canvas.drawRect(Rect.makeXYWH(0f, floor, width, 22f), Paint().apply { color = Color.makeRGB(120, 92, 64) })
        for (label in 0 until 13) canvas.drawRect(Rect.makeXYWH(40f + label * 70f, floor + 3f, 34f, 15f), Paint().apply { color = Color.WHITE })
    }
    return checkNotNull(surface.makeImageSnapshot().encodeToData(EncodedImageFormat.JPEG, 80)).bytes
}

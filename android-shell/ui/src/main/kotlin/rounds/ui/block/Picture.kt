package rounds.ui.block

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.produceState
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.unit.dp
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.withContext
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.Sign
import rounds.ui.look.Signs

/** Gives a picture by its name, or none. The platform decodes it, off the thread that paints. */
fun interface Pictures {
    suspend fun picture(name: String): ImageBitmap?

    /** What is already there, without waiting. */
    fun here(name: String): ImageBitmap? = null
}

val LocalPictures = staticCompositionLocalOf { Pictures { null } }

/** A picture as wide as the screen. */
@Composable
fun PictureView(name: String, about: String) = Thumbnail(name, Modifier.fillMaxWidth().aspectRatio(4f / 3f), about)

/** A picture that fills its frame; a sign while it is not there. */
@Composable
fun Thumbnail(name: String, modifier: Modifier, about: String? = null) {
    val pictures = LocalPictures.current
    val palette = LocalPalette.current
    val bitmap by produceState(pictures.here(name), name, pictures) { value = value ?: pictures.picture(name) }
    Box(
        modifier.clip(RoundedCornerShape(12.dp)).background(palette.neutral.ground),
        contentAlignment = Alignment.Center,
    ) {
        when (val drawn = bitmap) {
            null -> Sign(Signs.camera, about ?: LocalWords.current.noPhoto, palette.neutral.letters)
            else -> Image(drawn, about ?: LocalWords.current.photo, Modifier.fillMaxSize(), contentScale = ContentScale.Crop)
        }
    }
}

/** Pictures that are decoded by [decode] off the thread that paints, and the last few of them kept. */
class CachedPictures(private val decode: (name: String) -> ImageBitmap?) : Pictures {
    private val kept = object : LinkedHashMap<String, ImageBitmap>(KEPT, 0.75f, true) {
        override fun removeEldestEntry(eldest: Map.Entry<String, ImageBitmap>) = size > KEPT
    }

    override suspend fun picture(name: String): ImageBitmap? = withContext(reading) {
        here(name) ?: decode(name)?.also { synchronized(kept) { kept[name] = it } }
    }

    override fun here(name: String): ImageBitmap? = synchronized(kept) { kept[name] }

    private companion object {
        const val KEPT = 24

        /** Two at a time: one may wait for the network. */
        @OptIn(ExperimentalCoroutinesApi::class)
        val reading = Dispatchers.IO.limitedParallelism(2)
    }
}

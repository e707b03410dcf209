package rounds.app

import android.content.Context
import android.content.res.Configuration
import android.graphics.Matrix
import android.graphics.SurfaceTexture
import android.view.Surface
import android.view.TextureView
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalConfiguration
import androidx.compose.ui.unit.dp
import androidx.compose.ui.viewinterop.AndroidView
import rounds.device.PhoneRecorder

/** What the camera sees while it records, small, in a corner. It begins once the window lies on its side. */
@Composable
fun Viewfinder(recorder: PhoneRecorder, modifier: Modifier) {
    if (LocalConfiguration.current.orientation != Configuration.ORIENTATION_LANDSCAPE) return
    AndroidView({ Finder(it, recorder) }, modifier.padding(12.dp).size(192.dp, 108.dp))
}

private class Finder(context: Context, private val recorder: PhoneRecorder) : TextureView(context), TextureView.SurfaceTextureListener {
    init {
        surfaceTextureListener = this
    }

    override fun onSurfaceTextureAvailable(texture: SurfaceTexture, width: Int, height: Int) {
        texture.setDefaultBufferSize(WIDTH, HEIGHT)
        turn(width.toFloat(), height.toFloat())
        recorder.previewed(Surface(texture))
    }

    override fun onSurfaceTextureSizeChanged(texture: SurfaceTexture, width: Int, height: Int) =
        turn(width.toFloat(), height.toFloat())

    override fun onSurfaceTextureDestroyed(texture: SurfaceTexture): Boolean {
        recorder.previewed(null)
        return true
    }

    override fun onSurfaceTextureUpdated(texture: SurfaceTexture) = Unit

    /** A camera's picture stands upright where the phone does; the window is turned by a quarter. */
    private fun turn(width: Float, height: Float) {
        setTransform(
            Matrix().apply {
                postScale(height / width, width / height, width / 2, height / 2)
                postRotate(-90f, width / 2, height / 2)
            },
        )
    }

    private companion object {
        const val WIDTH = 1280
        const val HEIGHT = 720
    }
}

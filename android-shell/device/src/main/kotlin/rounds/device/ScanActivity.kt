package rounds.device

import android.annotation.SuppressLint
import android.app.Activity
import android.content.Context
import android.content.Intent
import android.graphics.Color
import android.graphics.ImageFormat
import android.graphics.Matrix
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraCaptureSession
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.hardware.camera2.CaptureRequest
import android.media.Image
import android.media.ImageReader
import android.os.Bundle
import android.os.Handler
import android.os.HandlerThread
import android.util.Log
import android.view.Surface
import android.view.TextureView
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.FrameLayout
import android.widget.TextView
import com.google.zxing.BarcodeFormat
import uniffi.rounds_bindings.Barcode
import uniffi.rounds_bindings.CaptureException
import uniffi.rounds_bindings.Code
import uniffi.rounds_bindings.ScanAsk
import uniffi.rounds_bindings.Symbology

/** Reads codes: shows the camera, and comes back with the first code that it sees. */
class PhoneBarcode(private val context: Context, private val errands: Errands) : Barcode {
    override fun scan(ask: ScanAsk): Code {
        errands.allowed(android.Manifest.permission.CAMERA)
        val wanted = ask.of.ifEmpty { Symbology.entries }.mapNotNull { FORMATS[it]?.name }
        val intent = Intent(context, ScanActivity::class.java)
            .putExtra(ScanActivity.FORMATS, wanted.toTypedArray())
            .putExtra(ScanActivity.TITLE, ask.title)
        val came = errands.go(intent) ?: throw CaptureException.Cancelled()
        val text = came.getStringExtra(ScanActivity.CODE) ?: throw CaptureException.Failed("no code")
        val format = came.getStringExtra(ScanActivity.FORMAT)
        val symbology = FORMATS.entries.firstOrNull { it.value.name == format }?.key ?: throw CaptureException.Failed("format")
        return Code(symbology, text)
    }

    private companion object {
        val FORMATS = mapOf(
            Symbology.EAN13 to BarcodeFormat.EAN_13,
            Symbology.EAN8 to BarcodeFormat.EAN_8,
            Symbology.UPC_A to BarcodeFormat.UPC_A,
            Symbology.ITF14 to BarcodeFormat.ITF,
            Symbology.CODE128 to BarcodeFormat.CODE_128,
            Symbology.CODE39 to BarcodeFormat.CODE_39,
            Symbology.QR to BarcodeFormat.QR_CODE,
            Symbology.DATA_MATRIX to BarcodeFormat.DATA_MATRIX,
        )
    }
}

/** The camera as a reader of codes. Pictures are looked at and forgotten. */
class ScanActivity : Activity(), TextureView.SurfaceTextureListener {
    private val thread = HandlerThread("rounds-scan").apply { start() }
    private val beside = Handler(thread.looper)
    private lateinit var codes: Codes
    private lateinit var view: TextureView

    // What follows is touched on the thread beside alone.
    private var camera: CameraDevice? = null
    private var images: ImageReader? = null
    private var over = false

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        codes = Codes(intent.getStringArrayExtra(FORMATS).orEmpty().map(BarcodeFormat::valueOf))
        view = TextureView(this).also { it.surfaceTextureListener = this }
        val words = TextView(this).apply {
            text = intent.getStringExtra(TITLE)
            setTextColor(Color.WHITE)
            setBackgroundColor(0x99000000.toInt())
            textSize = 20f
            setPadding(48, 120, 48, 48)
        }
        val whole = FrameLayout(this)
        whole.addView(view)
        whole.addView(words, FrameLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        setContentView(whole)
    }

    override fun onSurfaceTextureAvailable(texture: SurfaceTexture, width: Int, height: Int) {
        fill(width, height)
        texture.setDefaultBufferSize(WIDTH, HEIGHT)
        beside.post { attempt { open(Surface(texture)) } }
    }

    override fun onSurfaceTextureSizeChanged(texture: SurfaceTexture, width: Int, height: Int) = fill(width, height)

    override fun onSurfaceTextureDestroyed(texture: SurfaceTexture) = true

    override fun onSurfaceTextureUpdated(texture: SurfaceTexture) = Unit

    override fun onDestroy() {
        beside.post(::shut)
        thread.quitSafely()
        super.onDestroy()
    }

    /** The whole view, with what is too much cut off: the window stands upright, the picture is a landscape on its side. */
    private fun fill(width: Int, height: Int) {
        val (across, along) = width.toFloat() / HEIGHT to height.toFloat() / WIDTH
        val larger = maxOf(across, along)
        view.setTransform(Matrix().apply { setScale(larger / across, larger / along, width / 2f, height / 2f) })
    }

    @SuppressLint("MissingPermission")
    private fun open(preview: Surface) {
        val manager = getSystemService(CameraManager::class.java)
        val back = manager.cameraIdList.firstOrNull {
            manager.getCameraCharacteristics(it)[CameraCharacteristics.LENS_FACING] == CameraCharacteristics.LENS_FACING_BACK
        } ?: return leave()
        manager.openCamera(back, opened(preview), beside)
    }

    private fun opened(preview: Surface) = object : CameraDevice.StateCallback() {
        override fun onOpened(device: CameraDevice) {
            if (over) return device.close()
            camera = device
            attempt {
                val frames = ImageReader.newInstance(WIDTH, HEIGHT, ImageFormat.YUV_420_888, 2)
                images = frames
                frames.setOnImageAvailableListener({ attempt { if (!over) it.acquireLatestImage()?.use(::look) } }, beside)
                begin(device, preview, frames.surface)
            }
        }

        override fun onDisconnected(device: CameraDevice) {
            device.close()
            leave()
        }

        override fun onError(device: CameraDevice, error: Int) {
            device.close()
            leave()
        }
    }

    @Suppress("DEPRECATION")
    private fun begin(device: CameraDevice, preview: Surface, frames: Surface) {
        val request = device.createCaptureRequest(CameraDevice.TEMPLATE_PREVIEW).apply {
            addTarget(preview)
            addTarget(frames)
            set(CaptureRequest.CONTROL_AF_MODE, CaptureRequest.CONTROL_AF_MODE_CONTINUOUS_PICTURE)
        }
        device.createCaptureSession(
            listOf(preview, frames),
            object : CameraCaptureSession.StateCallback() {
                override fun onConfigured(session: CameraCaptureSession) =
                    attempt { if (!over) session.setRepeatingRequest(request.build(), null, beside) }

                override fun onConfigureFailed(session: CameraCaptureSession) = leave()
            },
            beside,
        )
    }

    private fun look(image: Image) {
        val plane = image.planes[0]
        val grey = ByteArray(plane.buffer.remaining()).also(plane.buffer::get)
        val height = minOf(image.height, grey.size / plane.rowStride)
        val code = codes.find(Grey(grey, plane.rowStride, minOf(image.width, plane.rowStride), height)) ?: return
        over = true
        runOnUiThread {
            setResult(RESULT_OK, Intent().putExtra(CODE, code.text).putExtra(FORMAT, code.barcodeFormat.name))
            finish()
        }
    }

    private fun shut() {
        over = true
        camera?.close()
        images?.close()
    }

    private fun leave() = runOnUiThread(::finish)

    /** A camera that another app takes, or that breaks, is no reason to crash: then nothing was read. */
    private fun attempt(does: () -> Unit) = try {
        does()
    } catch (e: Exception) {
        Log.w("rounds", "the camera is of no use: ${e.javaClass.simpleName}")
        leave()
    }

    companion object {
        const val CODE = "code"
        const val FORMAT = "format"
        const val FORMATS = "formats"
        const val TITLE = "title"
        private const val WIDTH = 1280
        private const val HEIGHT = 720
    }
}

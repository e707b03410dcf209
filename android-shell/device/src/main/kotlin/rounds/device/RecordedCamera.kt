package rounds.device

import android.annotation.SuppressLint
import android.content.Context
import android.hardware.camera2.CameraCaptureSession
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.os.Handler
import android.view.Surface
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import uniffi.rounds_bindings.CaptureException
import uniffi.rounds_bindings.Ended

/** The back camera, whose pictures go to a recorder, and to the window if that shows them in time. */
internal class RecordedCamera(private val context: Context, private val beside: Handler) {
    @Volatile private var preview = CompletableFuture<Surface>()

    /** The window shows what is seen here, or no longer. */
    fun previewed(on: Surface?) {
        if (on == null) preview = CompletableFuture() else preview.complete(on)
    }

    /** Opens it and begins. [ended] is told if it goes by itself afterwards. Whoever gets it closes it. */
    @SuppressLint("MissingPermission")
    fun open(to: Surface, ended: (Ended) -> Unit): CameraDevice {
        val manager = context.getSystemService(CameraManager::class.java)
        val back = manager.cameraIdList.firstOrNull {
            manager.getCameraCharacteristics(it)[CameraCharacteristics.LENS_FACING] == CameraCharacteristics.LENS_FACING_BACK
        } ?: throw CaptureException.Unavailable()
        val targets = listOfNotNull(to, looked())
        val opened = CompletableFuture<CameraDevice>()

        /** Whoever opened it is gone, or another app has it: it is of no use to anybody. */
        fun gone(device: CameraDevice, by: Ended) {
            device.close()
            if (!opened.completeExceptionally(CaptureException.Unavailable()) && !opened.isCompletedExceptionally) ended(by)
        }
        manager.openCamera(
            back,
            object : CameraDevice.StateCallback() {
                override fun onOpened(device: CameraDevice) = try {
                    // Whoever waits may have given up meanwhile.
                    if (opened.isDone) device.close() else begin(device, targets, opened)
                } catch (_: Exception) {
                    gone(device, Ended.BROKEN)
                }

                override fun onDisconnected(device: CameraDevice) = gone(device, Ended.CALL)

                override fun onError(device: CameraDevice, error: Int) = gone(device, Ended.BROKEN)
            },
            beside,
        )
        return try {
            opened.get(WAIT_S, TimeUnit.SECONDS)
        } catch (e: ExecutionException) {
            throw e.cause ?: e
        } catch (_: TimeoutException) {
            // It may have come at this very moment.
            if (opened.completeExceptionally(CaptureException.Unavailable())) throw CaptureException.Unavailable()
            opened.get()
        }
    }

    @Suppress("DEPRECATION")
    private fun begin(device: CameraDevice, targets: List<Surface>, opened: CompletableFuture<CameraDevice>) {
        val request = device.createCaptureRequest(CameraDevice.TEMPLATE_RECORD).apply { targets.forEach(::addTarget) }
        device.createCaptureSession(
            targets,
            object : CameraCaptureSession.StateCallback() {
                override fun onConfigured(session: CameraCaptureSession) {
                    val begun = runCatching { session.setRepeatingRequest(request.build(), null, beside) }
                    if (begun.isFailure) opened.completeExceptionally(CaptureException.Unavailable())
                    if (begun.isFailure || !opened.complete(device)) device.close()
                }

                override fun onConfigureFailed(session: CameraCaptureSession) {
                    opened.completeExceptionally(CaptureException.Unavailable())
                    device.close()
                }
            },
            beside,
        )
    }

    /** Where the window shows it; a recording without being looked at is better than none. */
    private fun looked(): Surface? = try {
        preview.get(PREVIEW_S, TimeUnit.SECONDS).takeIf { it.isValid }
    } catch (_: TimeoutException) {
        null
    }

    private companion object {
        const val WAIT_S = 5L
        const val PREVIEW_S = 2L
    }
}

package rounds.device

import android.content.ClipData
import android.content.Context
import android.content.Intent
import android.content.pm.ApplicationInfo
import android.content.pm.PackageManager
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.Matrix
import android.media.ExifInterface
import android.provider.MediaStore
import java.io.ByteArrayOutputStream
import java.io.File
import uniffi.rounds_bindings.Camera
import uniffi.rounds_bindings.CaptureException
import uniffi.rounds_bindings.Photo
import uniffi.rounds_bindings.PhotoAsk

/**
 * Takes photos with the system's own camera app, and only with that: an app that somebody installed could give any
 * picture for one that was just taken. Choosing a picture is a call of its own.
 */
class PhoneCamera(private val context: Context, private val errands: Errands) : Camera {
    override fun take(ask: PhotoAsk): Photo {
        errands.allowed(android.Manifest.permission.CAMERA)
        val file = Files.fresh(context, "jpg")
        try {
            val uri = Files.uriOf(context, file)
            val intent = Intent(MediaStore.ACTION_IMAGE_CAPTURE).putExtra(MediaStore.EXTRA_OUTPUT, uri)
                .addFlags(Intent.FLAG_GRANT_WRITE_URI_PERMISSION or Intent.FLAG_GRANT_READ_URI_PERMISSION)
            // The permission goes with the clip, on every version.
            intent.clipData = ClipData.newRawUri(ask.title, uri)
            errands.go(systems(intent)) ?: throw CaptureException.Cancelled()
            if (file.length() == 0L) throw CaptureException.Failed("an empty photo")
            return Photo(read(file, ask), null)
        } finally {
            file.delete()
        }
    }

    override fun choose(ask: PhotoAsk): Photo {
        val pick = Intent(Intent.ACTION_OPEN_DOCUMENT).addCategory(Intent.CATEGORY_OPENABLE).setType("image/*")
            .putExtra(Intent.EXTRA_MIME_TYPES, arrayOf("image/jpeg", "image/png"))
        val uri = (errands.go(pick) ?: throw CaptureException.Cancelled()).data ?: throw CaptureException.Failed("nothing chosen")
        val file = Files.fresh(context, "jpg")
        try {
            val from = context.contentResolver.openInputStream(uri) ?: throw CaptureException.Failed("nothing to read")
            from.use { input -> file.outputStream().use { input.copyTo(it) } }
            return Photo(read(file, ask), null)
        } finally {
            file.delete()
        }
    }

    /**
     * As it is, so that what is hashed is what the camera made. What is larger than the core takes is made smaller and
     * turned upright, since what says how it lay is lost with that.
     */
    private fun read(file: File, ask: PhotoAsk): ByteArray {
        if (file.length() <= LARGEST) return file.readBytes()
        val wanted = ask.longestPx?.toInt() ?: LONGEST_PX
        val bounds = BitmapFactory.Options().apply { inJustDecodeBounds = true }
        BitmapFactory.decodeFile(file.path, bounds)
        val times = (maxOf(bounds.outWidth, bounds.outHeight) / wanted).coerceAtLeast(1)
        val smaller = BitmapFactory.Options().apply { inSampleSize = Integer.highestOneBit(times) }
        val lying = BitmapFactory.decodeFile(file.path, smaller) ?: throw CaptureException.Failed("no picture")
        val upright = upright(lying, ExifInterface(file.path))
        val out = ByteArrayOutputStream()
        upright.compress(Bitmap.CompressFormat.JPEG, QUALITY, out)
        if (upright !== lying) upright.recycle()
        lying.recycle()
        return out.toByteArray()
    }

    private fun upright(lying: Bitmap, exif: ExifInterface): Bitmap {
        val turn = Matrix()
        val known = exif.getAttributeInt(ExifInterface.TAG_ORIENTATION, ExifInterface.ORIENTATION_NORMAL)
        when (known) {
            ExifInterface.ORIENTATION_ROTATE_90, ExifInterface.ORIENTATION_TRANSPOSE -> turn.postRotate(90f)
            ExifInterface.ORIENTATION_ROTATE_180, ExifInterface.ORIENTATION_FLIP_VERTICAL -> turn.postRotate(180f)
            ExifInterface.ORIENTATION_ROTATE_270, ExifInterface.ORIENTATION_TRANSVERSE -> turn.postRotate(270f)
        }
        when (known) {
            ExifInterface.ORIENTATION_FLIP_HORIZONTAL, ExifInterface.ORIENTATION_FLIP_VERTICAL,
            ExifInterface.ORIENTATION_TRANSPOSE, ExifInterface.ORIENTATION_TRANSVERSE,
            -> turn.postScale(-1f, 1f)
        }
        return Bitmap.createBitmap(lying, 0, 0, lying.width, lying.height, turn, true)
    }

    /** The system's app for it, by its name. */
    private fun systems(intent: Intent): Intent {
        val apps = context.packageManager.queryIntentActivities(intent, PackageManager.MATCH_DEFAULT_ONLY)
        val own = apps.firstOrNull { it.activityInfo.applicationInfo.flags and ApplicationInfo.FLAG_SYSTEM != 0 }
        val app = own?.activityInfo ?: throw CaptureException.Unavailable()
        return intent.setClassName(app.packageName, app.name)
    }

    private companion object {
        /** What the core takes. */
        const val LARGEST = 40_000_000L
        const val LONGEST_PX = 4_000
        const val QUALITY = 90
    }
}

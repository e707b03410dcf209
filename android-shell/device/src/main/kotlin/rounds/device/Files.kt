package rounds.device

import android.content.ContentProvider
import android.content.ContentValues
import android.content.Context
import android.database.Cursor
import android.database.MatrixCursor
import android.net.Uri
import android.os.ParcelFileDescriptor
import android.provider.OpenableColumns
import java.io.File
import java.io.FileNotFoundException

/**
 * Hands single files to other apps for as long as they are allowed each one: a camera writes a photo, a printer
 * reads a paper. Only what lies in the two folders below can be named.
 */
class Files : ContentProvider() {
    override fun onCreate() = true

    override fun openFile(uri: Uri, mode: String): ParcelFileDescriptor {
        val file = fileOf(checkNotNull(context), uri)
        return ParcelFileDescriptor.open(file, ParcelFileDescriptor.parseMode(mode))
    }

    override fun getType(uri: Uri): String = when (uri.lastPathSegment.orEmpty().substringAfterLast('.')) {
        "jpg" -> "image/jpeg"
        "png" -> "image/png"
        "pdf" -> "application/pdf"
        "txt", "log" -> "text/plain"
        "mp4" -> "video/mp4"
        "m4a" -> "audio/mp4"
        else -> "application/octet-stream"
    }

    override fun query(uri: Uri, columns: Array<String>?, where: String?, args: Array<String>?, order: String?): Cursor {
        val file = fileOf(checkNotNull(context), uri)
        val names = columns ?: arrayOf(OpenableColumns.DISPLAY_NAME, OpenableColumns.SIZE)
        return MatrixCursor(names).apply {
            addRow(names.map { if (it == OpenableColumns.SIZE) file.length() else if (it == OpenableColumns.DISPLAY_NAME) file.name else null })
        }
    }

    override fun insert(uri: Uri, values: ContentValues?): Uri? = null

    override fun update(uri: Uri, values: ContentValues?, where: String?, args: Array<String>?) = 0

    override fun delete(uri: Uri, where: String?, args: Array<String>?) = 0

    companion object {
        /** Where things are taken to: read once by the core, and deleted. */
        fun taken(context: Context): File = File(context.cacheDir, "taken").apply { mkdirs() }

        /** A new file to take something to. */
        fun fresh(context: Context, ending: String): File = File.createTempFile("taken", ".$ending", taken(context))

        /** How another app names a file that is handed to it. */
        fun uriOf(context: Context, file: File): Uri {
            val folder = if (file.parentFile == taken(context)) TAKEN else OUTGOING
            return Uri.Builder().scheme("content").authority("${context.packageName}.files")
                .appendPath(folder).appendPath(file.name).build()
        }

        private fun fileOf(context: Context, uri: Uri): File {
            val (folder, name) = uri.pathSegments.takeIf { it.size == 2 } ?: throw FileNotFoundException()
            val parent = when (folder) {
                TAKEN -> taken(context)
                OUTGOING -> File(home(context), "outgoing")
                else -> throw FileNotFoundException()
            }
            // A name with a path in it names nothing.
            return File(parent, name).takeIf { it.canonicalFile.parentFile == parent.canonicalFile && it.exists() }
                ?: throw FileNotFoundException()
        }

        /** The core's own folder. Not backed up: its keys are this phone's alone. */
        fun home(context: Context): File = File(context.noBackupFilesDir, "rounds").apply { mkdirs() }

        private const val TAKEN = "taken"
        private const val OUTGOING = "outgoing"
    }
}

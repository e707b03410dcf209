package rounds.device

import android.app.Activity
import android.content.ClipData
import android.content.Intent
import android.os.Bundle
import android.os.CancellationSignal
import android.os.Handler
import android.os.Looper
import android.os.ParcelFileDescriptor
import android.os.SystemClock
import android.print.PageRange
import android.print.PrintAttributes
import android.print.PrintDocumentAdapter
import android.print.PrintDocumentInfo
import android.print.PrintJob
import android.print.PrintManager
import java.io.File
import java.io.IOException
import rounds.model.OutFile

/** Gives a file of the core to the system's own sheet, once: a window that is turned gives nothing a second time. */
class Outgoing {
    private val main = Handler(Looper.getMainLooper())
    private var given: OutFile? = null

    /** [done] is called with whether it left, as far as the system tells. On the thread that paints. */
    fun give(window: Activity, file: OutFile, done: (Boolean) -> Unit) {
        if (given === file) return
        given = file
        if (file.purpose == "print") print(window, file, done) else share(window, file, done)
    }

    private fun share(window: Activity, file: OutFile, done: (Boolean) -> Unit) {
        val uri = Files.uriOf(window, File(file.path))
        val send = Intent(Intent.ACTION_SEND).setType(file.mime).putExtra(Intent.EXTRA_STREAM, uri)
            .addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
        send.clipData = ClipData.newRawUri("", uri)
        window.startActivity(Intent.createChooser(send, file.name))
        // The system does not tell whether anybody chose something.
        done(true)
    }

    private fun print(window: Activity, file: OutFile, done: (Boolean) -> Unit) {
        val printing = window.getSystemService(PrintManager::class.java) ?: return done(false)
        var job: PrintJob? = null
        val until = SystemClock.elapsedRealtime() + PAPER_MS
        fun look() {
            val now = job ?: return done(false)
            when {
                now.isCompleted -> done(true)
                now.isCancelled || now.isFailed -> done(false)
                SystemClock.elapsedRealtime() < until -> main.postDelayed(::look, AGAIN_MS)
                // What the printer still has not taken is not called printed.
                else -> done(false)
            }
        }
        job = printing.print(file.name, Paper(file, ::look), PrintAttributes.Builder().build())
    }

    /** A finished PDF: nothing is laid out again. */
    private class Paper(private val file: OutFile, private val over: () -> Unit) : PrintDocumentAdapter() {
        override fun onLayout(
            old: PrintAttributes?,
            new: PrintAttributes,
            cancel: CancellationSignal,
            result: LayoutResultCallback,
            extras: Bundle?,
        ) {
            if (cancel.isCanceled) return result.onLayoutCancelled()
            val info = PrintDocumentInfo.Builder(file.name).setContentType(PrintDocumentInfo.CONTENT_TYPE_DOCUMENT).build()
            result.onLayoutFinished(info, old != new)
        }

        override fun onWrite(
            pages: Array<PageRange>,
            to: ParcelFileDescriptor,
            cancel: CancellationSignal,
            result: WriteResultCallback,
        ) = try {
            File(file.path).inputStream().use { from ->
                ParcelFileDescriptor.AutoCloseOutputStream(to).use { from.copyTo(it) }
            }
            result.onWriteFinished(arrayOf(PageRange.ALL_PAGES))
        } catch (e: IOException) {
            result.onWriteFailed(null)
        }

        /** The sheet is gone; what became of the paper only its job knows. */
        override fun onFinish() = over()
    }

    private companion object {
        const val AGAIN_MS = 500L
        const val PAPER_MS = 5 * 60_000L
    }
}

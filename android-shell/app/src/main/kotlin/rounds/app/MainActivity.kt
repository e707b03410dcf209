package rounds.app

import android.content.Intent
import android.content.pm.ActivityInfo
import android.graphics.BitmapFactory
import android.os.Bundle
import android.view.WindowManager
import androidx.activity.ComponentActivity
import androidx.activity.compose.BackHandler
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.compose.foundation.background
import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.asImageBitmap
import rounds.device.Recording
import rounds.ui.Phone
import rounds.ui.block.CachedPictures
import rounds.ui.block.LocalPictures
import rounds.ui.look.LocalPalette
import rounds.ui.look.RoundsTheme
import rounds.ui.look.wordsOf

/** The window. Everything that it shows is the shell's, which outlives it. */
class MainActivity : ComponentActivity() {
    private val app get() = application as RoundsApp

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        enableEdgeToEdge()
        // Customers' data is in no list of recent apps and on no screenshot.
        window.setFlags(WindowManager.LayoutParams.FLAG_SECURE, WindowManager.LayoutParams.FLAG_SECURE)
        setContent { Window() }
    }

    @Composable
    private fun Window() {
        val shown by app.shell.state.collectAsState()
        val file = shown.file
        LaunchedEffect(file) { if (file != null) app.outgoing.give(this@MainActivity, file, app.shell::filed) }
        // The chip is there from the first sign-in on.
        val signedIn = shown.screen?.chip != null
        LaunchedEffect(signedIn) { if (signedIn) app.asksToNotify() }
        val recording by app.recorder.state.collectAsState()
        LaunchedEffect(recording) { stays(recording) }
        BackHandler(enabled = shown.over.isNotEmpty() || shown.screen?.back == true) { app.shell.back() }
        RoundsTheme(dark = isSystemInDarkTheme(), words = wordsOf(shown.language)) {
            CompositionLocalProvider(LocalPictures provides pictures) {
                Box(Modifier.fillMaxSize().background(LocalPalette.current.paper).safeDrawingPadding()) {
                    Phone(shown, app.shell)
                    if (recording == Recording.PICTURES) Viewfinder(app.recorder, Modifier.align(Alignment.TopEnd))
                }
            }
        }
    }

    /** Lit while something is recorded, and on its side as pictures are: their stream cannot say how they lie. */
    private fun stays(recording: Recording) {
        val lit = WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON
        if (recording == Recording.NONE) window.clearFlags(lit) else window.addFlags(lit)
        requestedOrientation = when (recording) {
            Recording.PICTURES -> ActivityInfo.SCREEN_ORIENTATION_LANDSCAPE
            else -> ActivityInfo.SCREEN_ORIENTATION_UNSPECIFIED
        }
    }

    private val pictures by lazy {
        CachedPictures { name ->
            app.shell.picture(name, LONGEST_PX)?.let { BitmapFactory.decodeByteArray(it, 0, it.size) }?.asImageBitmap()
        }
    }

    override fun onStart() {
        super.onStart()
        app.recorder.seen()
    }

    override fun onStop() {
        // A question of the system over the window does not hide it.
        if (!isChangingConfigurations) app.recorder.hidden()
        super.onStop()
    }

    override fun onResume() {
        super.onResume()
        app.errands.at(this)
        app.looks()
    }

    override fun onPause() {
        if (!isChangingConfigurations) app.looksAway()
        super.onPause()
    }

    override fun onDestroy() {
        app.errands.left(this)
        super.onDestroy()
    }

    @Deprecated("The core waits for the answer on a thread of its own, so it cannot register for one beforehand.")
    override fun onActivityResult(code: Int, result: Int, data: Intent?) {
        super.onActivityResult(code, result, data)
        app.errands.came(code, result, data)
    }

    @Deprecated("As onActivityResult.")
    override fun onRequestPermissionsResult(code: Int, permissions: Array<String>, grants: IntArray) {
        super.onRequestPermissionsResult(code, permissions, grants)
        app.errands.decided(code)
    }

    private companion object {
        const val LONGEST_PX = 1280
    }
}

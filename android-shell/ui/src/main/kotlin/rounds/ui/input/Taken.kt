package rounds.ui.input

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.unit.dp
import rounds.model.Input
import rounds.model.Question
import rounds.ui.block.Thumbnail
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.Sign
import rounds.ui.look.Signs
import rounds.ui.look.Tool

/** A photo: what there is, and the camera. */
@Composable
fun PhotoInput(input: Input.Photo, pen: Pen) {
    val words = LocalWords.current
    val picture = input.picture
    Stacked {
        if (picture != null) Thumbnail(picture, Modifier.fillMaxWidth().aspectRatio(16f / 9f))
        Take(if (picture == null) words.takePhoto else words.takeAnother, Signs.camera, input.take, pen)
    }
}

/** A sound, a video or a file. */
@Composable
fun FileInput(question: Question, input: Input.File, pen: Pen) {
    val words = LocalWords.current
    Stacked {
        Had(input.about ?: question.shown.ifEmpty { null }, Signs.mic)
        Take(if (question.value.isEmpty()) words.attach else words.attachAnother, Signs.mic, input.take, pen)
    }
}

/** Where the phone is. */
@Composable
fun PlaceInput(question: Question, input: Input.Place, pen: Pen) {
    val words = LocalWords.current
    Stacked {
        Had(question.shown.ifEmpty { null }, Signs.place)
        Take(if (question.value.isEmpty()) words.whereIAm else words.whereIAmAgain, Signs.place, input.take, pen)
    }
}

/** A barcode: typed, or read by the camera. */
@Composable
fun BarcodeInput(question: Question, input: Input.Barcode, pen: Pen) = Stacked {
    TextField(question, pen, Typing.Line)
    Take(LocalWords.current.scan, Signs.barcode, input.scan, pen)
}

/** A signature. */
@Composable
fun SignatureInput(input: Input.Signature, pen: Pen) {
    val words = LocalWords.current
    val picture = input.picture
    Stacked {
        if (picture != null) Thumbnail(picture, Modifier.fillMaxWidth().height(110.dp))
        Take(if (picture == null) words.sign else words.signAgain, Signs.pen, input.sign, pen)
    }
}

@Composable
private fun Stacked(content: @Composable () -> Unit) =
    Column(verticalArrangement = Arrangement.spacedBy(10.dp)) { content() }

@Composable
private fun Take(title: String, sign: ImageVector, tap: String, pen: Pen) =
    Tool(title, sign, { pen.tap(tap) }, Modifier.fillMaxWidth())

/** What there is already. */
@Composable
private fun Had(what: String?, sign: ImageVector) {
    if (what == null) return
    Row(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalAlignment = Alignment.CenterVertically) {
        Sign(sign, null, LocalPalette.current.quiet, size = 20.dp)
        Text(what, style = MaterialTheme.typography.bodyLarge)
    }
}

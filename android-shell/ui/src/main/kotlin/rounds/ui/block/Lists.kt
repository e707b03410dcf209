package rounds.ui.block

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalFocusManager
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.unit.dp
import rounds.model.Block
import rounds.model.Button
import rounds.ui.input.Voiced
import rounds.ui.input.fieldColors
import rounds.ui.look.CARD
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.QuietButton
import rounds.ui.look.RoundButton
import rounds.ui.look.Sign
import rounds.ui.look.Signs

/** A button in the column. */
@Composable
fun DoView(button: Button, onPress: (Button) -> Unit) = QuietButton(button, onPress, Modifier.fillMaxWidth())

/** A field that searches as one types. */
@Composable
fun FindView(find: Block.Find, onFind: (tap: String, text: String) -> Unit) {
    val words = LocalWords.current
    val focus = LocalFocusManager.current
    var text by rememberSaveable { mutableStateOf(find.typed) }
    fun search(typed: String) {
        text = typed
        onFind(find.tap, typed)
    }
    OutlinedTextField(
        value = text,
        onValueChange = ::search,
        modifier = Modifier.fillMaxWidth(),
        placeholder = { Text(find.hint, style = MaterialTheme.typography.bodyLarge) },
        leadingIcon = {
            Voiced(find.hint)
            Sign(Signs.search, null, LocalPalette.current.quiet)
        },
        trailingIcon = if (text.isEmpty()) null else {
            { RoundButton(Signs.close, words.clear, { search("") }) }
        },
        textStyle = MaterialTheme.typography.bodyLarge,
        singleLine = true,
        shape = CARD,
        colors = fieldColors(),
        keyboardOptions = KeyboardOptions(imeAction = ImeAction.Search),
        keyboardActions = KeyboardActions { focus.clearFocus() },
    )
}

/** The list goes on: asks for what follows when it is reached. */
@Composable
fun MoreView(block: Block.More, onReached: (Block.More) -> Unit) {
    val says = LocalWords.current.loading
    LaunchedEffect(block) { onReached(block) }
    Box(Modifier.fillMaxWidth().padding(16.dp), contentAlignment = Alignment.Center) {
        CircularProgressIndicator(
            Modifier.size(32.dp).semantics { contentDescription = says },
            color = LocalPalette.current.leaf,
        )
    }
}

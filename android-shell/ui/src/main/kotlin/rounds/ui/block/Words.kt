package rounds.ui.block

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import rounds.ui.look.LocalPalette
import rounds.ui.look.Sign
import rounds.ui.look.Signs

/** A heading over what follows. */
@Composable
fun HeadingView(text: String) = Text(
    text,
    Modifier.padding(start = 4.dp, top = 14.dp).semantics { heading() },
    color = LocalPalette.current.quiet,
    style = MaterialTheme.typography.titleSmall,
)

/** Words to read. */
@Composable
fun TextView(text: String) = Text(text, Modifier.padding(horizontal = 4.dp), style = MaterialTheme.typography.bodyLarge)

/** Nothing is here yet: what would be, and how to begin. */
@Composable
fun EmptyView(title: String, text: String) = Column(
    Modifier.fillMaxWidth().padding(horizontal = 24.dp, vertical = 48.dp),
    horizontalAlignment = Alignment.CenterHorizontally,
) {
    val palette = LocalPalette.current
    Sign(Signs.tray, null, palette.edge, size = 56.dp)
    Text(
        title,
        Modifier.padding(top = 16.dp).semantics { heading() },
        style = MaterialTheme.typography.titleLarge,
        textAlign = TextAlign.Center,
    )
    Text(
        text,
        Modifier.padding(top = 6.dp),
        color = palette.quiet,
        style = MaterialTheme.typography.bodyLarge,
        textAlign = TextAlign.Center,
    )
}

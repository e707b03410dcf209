package rounds.ui.block

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import rounds.model.Fact
import rounds.model.Tone
import rounds.ui.look.Card
import rounds.ui.look.LocalPalette
import rounds.ui.look.LocalWords
import rounds.ui.look.Sign
import rounds.ui.look.Signs
import rounds.ui.look.TOUCH

/** Labels with their values, on one card. */
@Composable
fun FactsView(facts: List<Fact>, onTap: (String) -> Unit) = Card(padding = PaddingValues(vertical = 4.dp), gap = 0.dp) {
    facts.forEachIndexed { index, fact ->
        if (index > 0) Hairline()
        FactView(fact, onTap)
    }
}

/** A label over its value: both may be long, and both grow with the system's letters. */
@Composable
fun FactView(fact: Fact, onTap: (String) -> Unit) {
    val palette = LocalPalette.current
    val tap = fact.tap
    Row(
        Modifier.fillMaxWidth()
            .heightIn(min = TOUCH)
            .then(
                if (tap == null) Modifier.semantics(mergeDescendants = true) {}
                else Modifier.clickable(role = Role.Button, onClickLabel = LocalWords.current.opens) { onTap(tap) },
            )
            .padding(horizontal = 16.dp, vertical = 9.dp),
        horizontalArrangement = Arrangement.spacedBy(10.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Column(Modifier.weight(1f)) {
            Text(fact.label, color = palette.quiet, style = MaterialTheme.typography.bodySmall)
            Text(
                fact.value,
                color = if (fact.tone == Tone.Neutral) palette.ink else palette.of(fact.tone).letters,
                style = MaterialTheme.typography.bodyLarge,
            )
        }
        if (fact.tone != Tone.Neutral) {
            Sign(Signs.of(fact.tone), LocalWords.current.of(fact.tone), palette.of(fact.tone).letters, size = 20.dp)
        }
        if (tap != null) Sign(Signs.forth, null, palette.quiet)
    }
}

/** Between two things on a card. */
@Composable
fun Hairline(modifier: Modifier = Modifier) =
    Box(modifier.fillMaxWidth().padding(start = 16.dp).height(1.dp).background(LocalPalette.current.hairline))

package rounds.ui

import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.junit4.ComposeContentTestRule
import androidx.compose.ui.test.hasSetTextAction

/** What is wrong with the controls that are on the screen: no label, one that hides what was typed, smaller than a finger. */
fun ComposeContentTestRule.unreachable(): List<String> {
    val touch = with(density) { 48f * density }
    return onAllNodes(hasClickAction() or hasSetTextAction() or slides()).fetchSemanticsNodes(atLeastOneRootRequired = false).flatMap { node ->
        buildList {
            if (labelOf(node).isBlank()) add("no label: ${node.config}")
            // A voice would read it instead of what was typed.
            val editable = SemanticsProperties.EditableText in node.config
            if (editable && SemanticsProperties.ContentDescription in node.config) add("hides its text: ${labelOf(node)}")
            // Half a pixel is rounding.
            if (node.size.width < touch - 0.5 || node.size.height < touch - 0.5) add("too small, ${node.size}: ${labelOf(node)}")
        }
    }
}

private fun slides() = SemanticsMatcher.keyIsDefined(SemanticsActions.SetProgress)

private fun labelOf(node: SemanticsNode): String {
    val described = node.config.getOrNull(SemanticsProperties.ContentDescription).orEmpty()
    val texts = node.config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text }
    return (described + texts).joinToString(" ")
}

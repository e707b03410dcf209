package rounds.ui

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import rounds.model.Tone
import rounds.ui.look.Chinese
import rounds.ui.look.Dark
import rounds.ui.look.English
import rounds.ui.look.Light
import rounds.ui.look.Signs
import rounds.ui.look.Words

class LookTest {
    @Test
    fun `letters have a contrast of 4,5 on every ground they stand on, and edges of 3`() {
        for (palette in listOf(Light, Dark)) with(palette) {
            val letters = mutableMapOf<String, Pair<Color, Color>>()
            for ((name, ground) in listOf("paper" to paper, "card" to card, "well" to well)) {
                letters["ink on $name"] = ink to ground
                letters["quiet on $name"] = quiet to ground
                letters["leaf on $name"] = leaf to ground
                for (tone in Tone.entries) letters["$tone on $name"] = of(tone).letters to ground
            }
            for (tone in Tone.entries) {
                letters["$tone"] = of(tone).letters to of(tone).ground
                letters["ink on $tone"] = ink to of(tone).ground
                letters["quiet on $tone"] = quiet to of(tone).ground
            }
            letters["on leaf"] = onLeaf to leaf
            letters["ink on leaf's ground"] = ink to leafGround
            letters["leaf on its ground"] = leaf to leafGround
            letters["bad button"] = bad.ground to bad.letters
            letters["said"] = paper to ink
            for ((what, pair) in letters) assertTrue("$what, dark $dark: ${contrast(pair)}", contrast(pair) >= 4.5)
            for (ground in listOf(paper, card, well)) {
                assertTrue("edge, dark $dark: ${contrast(edge to ground)}", contrast(edge to ground) >= 3.0)
            }
        }
    }

    @Test
    fun `every tone has a sign of its own`() = assertEquals(Tone.entries.size, Tone.entries.map(Signs::of).toSet().size)

    @Test
    fun `both languages have every word`() {
        for (words in listOf(Chinese, English)) for (word in all(words)) assertTrue("$words", word.isNotBlank())
        assertTrue(all(Chinese).none { it.contains(Regex("[a-zA-Z]{3}")) })
        assertTrue(all(English).none { word -> word.any { it.code > 0x2E80 } })
        assertEquals("11 / 2026", English.month.format(2026, 11))
        assertEquals("2026 年 11 月", Chinese.month.format(2026, 11))
    }

    private fun all(words: Words): List<String> = Words::class.java.declaredFields
        .filterNot { java.lang.reflect.Modifier.isStatic(it.modifiers) }
        .flatMap { field ->
            field.isAccessible = true
            when (val value = field.get(words)) {
                is List<*> -> value.map { it as String }
                else -> listOf(value as String)
            }
        }

    private fun contrast(pair: Pair<Color, Color>): Double {
        val (a, b) = pair.first.luminance() + 0.05 to pair.second.luminance() + 0.05
        return maxOf(a, b) / minOf(a, b)
    }

}

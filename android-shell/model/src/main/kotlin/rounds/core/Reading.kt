package rounds.core

import rounds.model.After
import rounds.model.Badge
import rounds.model.Block
import rounds.model.Button
import rounds.model.Chip
import rounds.model.Choice
import rounds.model.Fact
import rounds.model.Input
import rounds.model.Line
import rounds.model.Notice
import rounds.model.OutFile
import rounds.model.Place
import rounds.model.Point
import rounds.model.Question
import rounds.model.Score
import rounds.model.Screen
import rounds.model.Script
import rounds.model.Sure
import rounds.model.Tone
import rounds.model.Trend
import rounds.model.Version
import rounds.model.Versions
import uniffi.rounds_bindings.After as CoreAfter
import uniffi.rounds_bindings.Block as CoreBlock
import uniffi.rounds_bindings.Button as CoreButton
import uniffi.rounds_bindings.Choice as CoreChoice
import uniffi.rounds_bindings.Fact as CoreFact
import uniffi.rounds_bindings.Input as CoreInput
import uniffi.rounds_bindings.Line as CoreLine
import uniffi.rounds_bindings.Notice as CoreNotice
import uniffi.rounds_bindings.Question as CoreQuestion
import uniffi.rounds_bindings.Screen as CoreScreen
import uniffi.rounds_bindings.Tone as CoreTone

/** The generated types of a screen, as those that are painted: one to one. */
fun CoreScreen.read() = Screen(
    name = name,
    id = id,
    title = title,
    subtitle = subtitle,
    gives = gives,
    chip = chip?.let { Chip(it.state, it.text, it.tone.read(), it.tap) },
    places = places.map { Place(it.icon, it.title, it.tap, it.here, it.count.toLong()) },
    back = back,
    blocks = blocks.map { it.read() },
    main = main?.read(),
    also = also.map { it.read() },
    at = at,
    againMs = againMs?.toLong(),
)

fun CoreAfter.read() = After(
    screen.read(),
    said?.read(),
    file?.let { OutFile(it.name, it.mime, it.path, it.purpose, it.done) },
)

fun CoreBlock.read(): Block = when (this) {
    is CoreBlock.Heading -> Block.Heading(text)
    is CoreBlock.Text -> Block.Text(text)
    is CoreBlock.Notice -> Block.Note(notice.read())
    is CoreBlock.Facts -> Block.Facts(facts.map { it.read() })
    is CoreBlock.Line -> Block.Row(line.read())
    is CoreBlock.Ask -> Block.Ask(question.read())
    is CoreBlock.Progress -> Block.Progress(text, done.toLong(), of.toLong())
    is CoreBlock.Ring -> Block.Ring(text, leftMs.toLong(), ofMs.toLong())
    is CoreBlock.Score -> Block.Result(
        Score(
            score.text,
            score.percent,
            score.passed,
            score.before,
            score.sections.map { it.read() },
            score.failed.map { it.read() },
        ),
    )
    is CoreBlock.Versions -> Block.Two(
        Versions(
            versions.label,
            versions.about,
            versions.versions.map { Version(it.value, it.by, it.mine, it.button.read()) },
            versions.other?.read(),
        ),
    )
    is CoreBlock.Trend -> Block.Chart(Trend(trend.title, trend.text, trend.points.map { Point(it.label, it.value) }))
    is CoreBlock.Script -> Block.Say(
        Script(script.step, script.speaker, script.words, script.instruction, script.state, script.recording),
    )
    is CoreBlock.Picture -> Block.Picture(picture, about)
    is CoreBlock.Do -> Block.Do(button.read())
    is CoreBlock.Find -> Block.Find(hint, typed, tap)
    is CoreBlock.Empty -> Block.Empty(title, text)
    is CoreBlock.More -> Block.More(more)
}

private fun CoreTone.read(): Tone = when (this) {
    CoreTone.NEUTRAL -> Tone.Neutral
    CoreTone.ACTIVE -> Tone.Active
    CoreTone.GOOD -> Tone.Good
    CoreTone.WARNING -> Tone.Warning
    CoreTone.BAD -> Tone.Bad
}

private fun CoreNotice.read(): Notice = Notice(tone.read(), text, remedy, code, buttons.map { it.read() })

private fun CoreButton.read(): Button = Button(
    tap = tap,
    title = title,
    tone = tone.read(),
    whyNot = whyNot?.read(),
    asks = asks.map { it.read() },
    sure = sure?.let { Sure(it.text, it.yes, it.no) },
)

private fun CoreFact.read() = Fact(label, value, tone.read(), tap)

private fun CoreLine.read() = Line(
    id = id,
    mark = mark,
    title = title,
    subtitle = subtitle,
    end = end,
    badges = badges.map { Badge(it.text, it.tone.read()) },
    whyNot = whyNot,
    tap = tap,
    chosen = chosen,
    picture = picture,
)

private fun CoreQuestion.read() = Question(
    key = key,
    label = label,
    hint = hint,
    input = input.read(),
    value = value,
    shown = shown,
    typed = typed,
    required = required,
    readOnly = readOnly,
    error = error,
    comment = comment,
    versions = versions,
)

private fun CoreInput.read(): Input = when (this) {
    is CoreInput.Note -> Input.Note
    is CoreInput.Text -> Input.Text(long)
    is CoreInput.Pin -> Input.Pin
    is CoreInput.Integer -> Input.Integer
    is CoreInput.Decimal -> Input.Decimal
    is CoreInput.Date -> Input.Date
    is CoreInput.Time -> Input.Time
    is CoreInput.DateTime -> Input.DateTime
    is CoreInput.One -> Input.One(options.map { it.read() }, more)
    is CoreInput.Several -> Input.Several(options.map { it.read() }, more)
    is CoreInput.Rank -> Input.Rank(options.map { it.read() })
    is CoreInput.Range -> Input.Range(from, to, step)
    is CoreInput.Acknowledge -> Input.Acknowledge
    is CoreInput.Photo -> Input.Photo(take, picture)
    is CoreInput.File -> Input.File(take, about)
    is CoreInput.Place -> Input.Place(take)
    is CoreInput.Barcode -> Input.Barcode(scan)
    is CoreInput.Signature -> Input.Signature(sign, picture)
}

private fun CoreChoice.read() = Choice(value, label, whyNot)

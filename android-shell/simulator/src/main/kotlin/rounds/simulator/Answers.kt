package rounds.simulator

import java.time.LocalDate
import java.time.ZoneId
import rounds.model.Input
import rounds.model.Question

/** The demo team's days. */
internal val ZONE: ZoneId = ZoneId.of("Asia/Shanghai")

/** What somebody in a hurry answers: the first thing that fits. None where a tool has to be used, or nothing asked. */
internal fun anything(question: Question): String? = when (val input = question.input) {
    Input.Note -> null
    is Input.Text -> "13900000000".takeIf { "电话" in question.label || "hone" in question.label } ?: "已与店长确认 confirmed"
    Input.Pin -> PIN
    Input.Integer -> "3"
    Input.Decimal -> "12.8"
    Input.Date -> LocalDate.now(ZONE).toString()
    Input.Time -> "09:30"
    Input.DateTime -> "${LocalDate.now()}T09:30"
    is Input.One -> input.options.firstOrNull { it.whyNot == null }?.value
    is Input.Several -> input.options.firstOrNull { it.whyNot == null }?.value
    is Input.Rank -> input.options.joinToString(" ") { it.value }
    is Input.Range -> input.from.toLong().toString()
    Input.Acknowledge -> "OK"
    is Input.Barcode -> "6901234567892"
    is Input.Photo, is Input.File, is Input.Place, is Input.Signature -> null
}

/** The tool that a question is answered with. */
internal fun toolOf(question: Question): String? = when (val input = question.input) {
    is Input.Photo -> input.take
    is Input.File -> input.take
    is Input.Place -> input.take
    is Input.Signature -> input.sign
    else -> null
}

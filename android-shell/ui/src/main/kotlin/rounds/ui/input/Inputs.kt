package rounds.ui.input

import androidx.compose.runtime.Composable
import rounds.model.Input
import rounds.model.Question

/** What a question is answered with. */
@Composable
fun InputView(question: Question, pen: Pen) = when (val input = question.input) {
    Input.Note -> Unit
    is Input.Text -> TextField(question, pen, if (input.long) Typing.Lines else Typing.Line)
    Input.Pin -> TextField(question, pen, Typing.Pin)
    Input.Integer -> IntegerInput(question, pen)
    Input.Decimal -> TextField(question, pen, Typing.Decimal)
    Input.Date -> DateInput(question, pen)
    Input.Time -> TimeInput(question, pen)
    Input.DateTime -> DateTimeInput(question, pen)
    is Input.One -> OneInput(question, input, pen)
    is Input.Several -> SeveralInput(question, input, pen)
    is Input.Rank -> RankInput(question, input, pen)
    is Input.Range -> RangeInput(question, input, pen)
    Input.Acknowledge -> AcknowledgeInput(question, pen)
    is Input.Photo -> PhotoInput(input, pen)
    is Input.File -> FileInput(question, input, pen)
    is Input.Place -> PlaceInput(question, input, pen)
    is Input.Barcode -> BarcodeInput(question, input, pen)
    is Input.Signature -> SignatureInput(input, pen)
}

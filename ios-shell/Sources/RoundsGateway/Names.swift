import RoundsModel

// Both modules have these names; unsaid, they mean the model's here.

typealias Badge = RoundsModel.Badge
typealias Block = RoundsModel.Block
typealias Chip = RoundsModel.Chip
typealias Choice = RoundsModel.Choice
typealias Fact = RoundsModel.Fact
typealias Input = RoundsModel.Input
typealias Line = RoundsModel.Line
typealias Notice = RoundsModel.Notice
typealias Place = RoundsModel.Place
typealias Point = RoundsModel.Point
typealias Question = RoundsModel.Question
typealias Score = RoundsModel.Score
typealias Screen = RoundsModel.Screen
typealias Script = RoundsModel.Script
typealias Sure = RoundsModel.Sure
typealias Tone = RoundsModel.Tone
typealias Trend = RoundsModel.Trend
typealias Version = RoundsModel.Version
typealias Versions = RoundsModel.Versions

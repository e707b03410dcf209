//! The functions of the language: their names and how many arguments they take.

use std::ops::RangeInclusive;

const MANY: usize = 1_000;

macro_rules! functions {
    ($($variant:ident $name:literal $range:expr;)*) => {
        /// A function of the language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Function { $($variant),* }

        impl Function {
            /// By its name in expressions.
            pub(crate) fn named(name: &str) -> Option<Function> {
                match name { $($name => Some(Function::$variant),)* _ => None }
            }

            /// Its name in expressions.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Function::$variant => $name),* }
            }

            /// How many arguments it may be given.
            pub(crate) fn arguments(self) -> RangeInclusive<usize> {
                match self { $(Function::$variant => $range),* }
            }
        }
    };
}

functions! {
    If "if" 3..=3;
    Coalesce "coalesce" 2..=2;
    Once "once" 1..=1;
    Not "not" 1..=1;
    True "true" 0..=0;
    False "false" 0..=0;
    Boolean "boolean" 1..=1;
    BooleanFromString "boolean-from-string" 1..=1;
    Number "number" 0..=1;
    String "string" 0..=1;
    Int "int" 1..=1;
    Round "round" 1..=2;
    Floor "floor" 1..=1;
    Ceiling "ceiling" 1..=1;
    Abs "abs" 1..=1;
    Pow "pow" 2..=2;
    Exp "exp" 1..=1;
    Exp10 "exp10" 1..=1;
    Log "log" 1..=1;
    Log10 "log10" 1..=1;
    Sqrt "sqrt" 1..=1;
    Sin "sin" 1..=1;
    Cos "cos" 1..=1;
    Tan "tan" 1..=1;
    Asin "asin" 1..=1;
    Acos "acos" 1..=1;
    Atan "atan" 1..=1;
    Atan2 "atan2" 2..=2;
    Pi "pi" 0..=0;
    Random "random" 0..=0;
    Uuid "uuid" 0..=1;
    Selected "selected" 2..=2;
    SelectedAt "selected-at" 2..=2;
    CountSelected "count-selected" 1..=1;
    Count "count" 1..=1;
    CountNonEmpty "count-non-empty" 1..=1;
    Sum "sum" 1..=1;
    Min "min" 1..=MANY;
    Max "max" 1..=MANY;
    Position "position" 0..=1;
    Last "last" 0..=0;
    Randomize "randomize" 1..=2;
    IndexedRepeat "indexed-repeat" 3..=7;
    Concat "concat" 1..=MANY;
    Join "join" 1..=MANY;
    Substr "substr" 2..=3;
    Substring "substring" 2..=3;
    SubstringBefore "substring-before" 2..=2;
    SubstringAfter "substring-after" 2..=2;
    StringLength "string-length" 0..=1;
    Contains "contains" 2..=2;
    StartsWith "starts-with" 2..=2;
    EndsWith "ends-with" 2..=2;
    NormalizeSpace "normalize-space" 0..=1;
    Translate "translate" 3..=3;
    Regex "regex" 2..=2;
    Today "today" 0..=0;
    Now "now" 0..=0;
    Date "date" 1..=1;
    DateTime "date-time" 1..=1;
    FormatDate "format-date" 2..=2;
    FormatDateTime "format-date-time" 2..=2;
    DecimalDateTime "decimal-date-time" 1..=1;
    DecimalTime "decimal-time" 1..=1;
    Distance "distance" 1..=MANY;
    Area "area" 1..=1;
    EnclosedArea "enclosed-area" 1..=1;
    Geofence "geofence" 2..=2;
    Intersects "intersects" 1..=1;
    Digest "digest" 2..=3;
    Base64Decode "base64-decode" 1..=1;
    Property "property" 1..=1;
    Version "version" 0..=0;
    Pulldata "pulldata" 4..=4;
    Checklist "checklist" 3..=MANY;
    WeightedChecklist "weighted-checklist" 4..=MANY;
    Itext "jr:itext" 1..=1;
    ChoiceName "jr:choice-name" 2..=2;
}

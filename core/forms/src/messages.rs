//! Every text that this crate shows a person, in Chinese and English side by side.
//!
//! `{0}`, `{1}`.. are the arguments of the error.

/// One text in both languages of the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bilingual {
    /// Chinese as written in mainland China (zh-CN).
    pub zh: String,
    /// English (en).
    pub en: String,
}

impl Bilingual {
    /// The text for a reader: Chinese for any `zh` tag, English otherwise.
    pub fn get(&self, language: &str) -> &str {
        let chinese =
            language.get(..2).is_some_and(|tag| tag.eq_ignore_ascii_case("zh")) || language.contains("(zh");
        if chinese { &self.zh } else { &self.en }
    }
}

macro_rules! messages {
    ($($variant:ident $code:literal: $zh:literal $en:literal => $zh_remedy:literal $en_remedy:literal;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Code { $($variant),* }

        impl Code {
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $code),* }
            }

            pub(crate) fn text(self, args: &[String]) -> Bilingual {
                match self { $(Code::$variant => filled($zh, $en, args)),* }
            }

            pub(crate) fn remedy(self, args: &[String]) -> Bilingual {
                match self { $(Code::$variant => filled($zh_remedy, $en_remedy, args)),* }
            }
        }
    };
}

fn filled(zh: &str, en: &str, args: &[String]) -> Bilingual {
    let fill = |template: &str, said: &dyn Fn(&str) -> String| {
        let mut out = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((number, tail)) = after.split_once('}') else {
                rest = after;
                continue;
            };
            let arg = number.parse::<usize>().ok().and_then(|n| args.get(n));
            out.push_str(&arg.map_or(String::new(), |arg| said(arg)));
            rest = tail;
        }
        out.push_str(rest);
        out
    };
    Bilingual { zh: fill(zh, &crate::details::chinese), en: fill(en, &|arg| arg.to_owned()) }
}

messages! {
    // Expressions.
    ExpressionSyntax "expression-syntax": "第 {0} 个字符处的公式有错误：{1}" "The expression is wrong at character {0}: {1}"
        => "请检查括号、引号和运算符" "Check brackets, quotes and operators";
    ExpressionTooLong "expression-too-long": "公式太长" "The expression is too long"
        => "请拆成几个计算题" "Split it into several calculations";
    ExpressionTooDeep "expression-too-deep": "公式的括号嵌套太深" "The expression is nested too deeply"
        => "请拆成几个计算题" "Split it into several calculations";
    WrongArguments "wrong-arguments": "函数参数个数不对：{1}" "A function has the wrong number of arguments: {1}"
        => "请查看该函数的用法" "Look up how the function is used";
    UnknownFunction "unknown-function": "没有函数 {0}()" "There is no function {0}()"
        => "请检查函数名的拼写" "Check the spelling of the function";
    UnknownReference "unknown-reference": "没有名为 {0} 的题目" "There is no question named {0}"
        => "请检查名称，引用写作 $ 加花括号" "Check the name; references are a $ and the name in braces";
    UnknownTable "unknown-table": "缺少数据文件 {0}.csv" "The data file {0}.csv is missing"
        => "请把 {0}.csv 放在表单旁边；用 rounds-form 时以 --media 给出它所在的文件夹" "Put {0}.csv beside the workbook; with rounds-form, give its folder by --media FOLDER";
    UnknownColumn "unknown-column": "数据表没有名为“{0}”的列" "The table has no column called “{0}”"
        => "请检查 CSV 或 choices 第一行的列名" "Check the column names in the first line of the CSV or of the sheet choices";
    WrongValue "wrong-value": "函数 {0}() 不能使用“{1}”" "{0}() cannot use “{1}”"
        => "请检查传给函数的值" "Check the value given to the function";
    BadPattern "bad-pattern": "正则表达式不能使用：{0}" "The pattern cannot be used: {0}"
        => "不支持前后断言和反向引用；请改写" "Look-around and back-references are not supported; rewrite it";
    PatternTooLarge "pattern-too-large": "正则表达式太大：{0}" "The pattern is too large: {0}"
        => "请缩短它，或把重复次数写小一些，例如 {1,50} 改为 +，再用 string-length() 限制长度" "Shorten it, or ask for fewer repetitions: + in place of '{1,50}', and string-length() for the length";
    UnsupportedExpression "unsupported-expression": "公式中的写法还不支持：{0}" "Not supported in expressions yet: {0}"
        => "ODK 的路径只有题目名称、.、.. 和 *；请改为直接引用题目，或用 indexed-repeat()、instance()" "Paths of ODK have names, . .. and * only: refer to the question, or use indexed-repeat() or instance()";
    TooManySteps "too-many-steps": "公式计算量太大" "The expression takes too long"
        => "请简化公式或减少行数" "Simplify the expression or use fewer rows";
    TextTooLong "text-too-long": "计算得到的文字太长" "A calculated text is too long"
        => "请缩短拼接的内容" "Join less text";
    ExtensionFailed "extension-failed": "{0}" "{0}"
        => "请检查公式" "Check the expression";
    // Workbook files.
    EmptyFile "empty-file": "文件是空的" "The file is empty"
        => "请重新导出表单后再试" "Export the form again and try once more";
    NotAWorkbook "not-a-workbook": "这不是表单，而是{0}" "This is no form; it is {0}"
        => "请给出 XLSForm 表单：.xlsx、.xls，或有 survey 表的 CSV、Markdown 文件" "Give an XLSForm workbook: .xlsx, .xls, or CSV or Markdown with a table named survey";
    TextEncoding "text-not-utf8": "文字不是 UTF-8 编码，看起来是 {0}" "The text is not in UTF-8; it looks like {0}"
        => "请另存为 UTF-8：Excel 中选“CSV UTF-8”，编辑器中选编码 UTF-8" "Save it as UTF-8: in Excel as “CSV UTF-8”, in an editor with the encoding UTF-8";
    NoTables "text-without-sheets": "这是{0}，但没有任何一行在第一列写着工作表名 survey" "This is {0}, but no line names the sheet survey in its first column"
        => "请用逗号分隔，在表格前加一行 survey，其余各行的第一列留空（列名写在第二列起）；或另存为 .xlsx" "Separate by commas, put a line with survey before the table, and leave the first column of the other lines empty; or save it as .xlsx";
    DamagedWorkbook "damaged-workbook": "表单文件已损坏：{0}" "The workbook is damaged: {0}"
        => "请用 Excel 打开后另存为新的 .xlsx" "Open it in Excel and save it as a new .xlsx";
    EncryptedWorkbook "encrypted-workbook": "表单文件设置了打开密码，无法读取" "The workbook is protected with a password and cannot be read"
        => "请在 Excel 里取消打开密码后另存，再上传" "Remove the password in Excel, save the workbook and upload it again";
    WorkbookTooLarge "workbook-too-large": "表单文件太大：{0}" "The workbook is too large: {0}"
        => "请删除不用的工作表、行和列" "Remove sheets, rows and columns that are not used";
    ZipBomb "inflated-too-large": "表单文件解压后太大" "The workbook is too large once unpacked"
        => "请删除图片和不用的工作表后另存" "Remove pictures and unused sheets and save it again";
    OldFormat "old-format-wrong-suffix": "文件名是 {0}，但内容是旧的 .xls 格式" "The file is named {0} but holds the old .xls format"
        => "已经读入；请在 Excel 中另存为 .xlsx" "It was read; save it as .xlsx in Excel";
    NewFormat "new-format-wrong-suffix": "文件名是 {0}，但内容是 .xlsx 格式" "The file is named {0} but holds the .xlsx format"
        => "已经读入；请把文件名改为 .xlsx" "It was read; rename it to .xlsx";
    MissingSheet "missing-sheet": "缺少工作表 {0}" "The sheet {0} is missing"
        => "请加上名为 {0} 的工作表" "Add a sheet named {0}";
    MissingColumn "missing-column": "工作表里没有名为“{0}”的列" "The sheet has no column called “{0}”"
        => "请加一列，并在表头写上 {0}" "Add a column and write {0} in its header";
    DuplicateColumn "duplicate-column": "列 {0} 与列 {1} 含义相同" "The columns {0} and {1} mean the same"
        => "请删除其中一列" "Remove one of them";
    NoQuestions "no-questions": "表单没有题目" "The form has no questions"
        => "请在 survey 工作表中加上题目" "Add questions to the survey sheet";
    // Rows of a form.
    UnknownType "unknown-type": "没有题型“{0}”" "There is no question type “{0}”"
        => "请使用 XLSForm 的题型，例如 text、integer、select_one 列表名" "Use a type of XLSForm such as text, integer or select_one list";
    UnsupportedType "unsupported-type": "题型 {0} 还不支持，按 {1} 处理" "The type {0} is not supported yet and is treated as {1}"
        => "请改用支持的题型" "Use a supported type";
    UnsupportedColumn "unsupported-column": "列 {0} 还不起作用，内容已保留" "The column {0} has no effect yet; it is kept"
        => "如果表单需要它，请换一种写法" "If the form needs it, find another way";
    UnsupportedSheet "unsupported-sheet": "工作表 {0} 还不起作用" "The sheet {0} has no effect yet"
        => "如果表单需要它，请换一种写法" "If the form needs it, find another way";
    CommentRow "comment-row": "这一行没有题型，没有使用" "The row has no type and is not used"
        => "如果是题目，请填写 type 列" "If it is a question, fill in the type column";
    SpacedChoice "choice-with-spaces": "选项值“{0}”含有空格" "The choice “{0}” has spaces"
        => "多选题不能使用；建议改为没有空格的值" "It cannot be used in a multiple choice; better use a value without spaces";
    MissingName "missing-name": "题目没有名称" "The question has no name"
        => "请在 name 列填写名称" "Fill in the name column";
    BadName "bad-name": "名称“{0}”不能使用" "The name “{0}” cannot be used"
        => "名称以字母或下划线开头，只含字母、数字、-、_、." "Start with a letter or _, then letters, digits, -, _ or .";
    DuplicateName "duplicate-name": "名称 {0} 在同一组中重复" "The name {0} is used twice in one group"
        => "请改成不同的名称" "Use another name";
    AmbiguousReference "ambiguous-reference": "有几个题目都叫 {0}" "Several questions are called {0}"
        => "请把被引用的题目改成不同的名称" "Give the question that is meant a name of its own";
    UnclosedGroup "unclosed-group": "组 {0} 没有结束行" "The group {0} is never closed"
        => "请加上 end_group 或 end_repeat" "Add end_group or end_repeat";
    UnmatchedEnd "unmatched-end": "{0} 没有对应的开始行" "{0} closes nothing"
        => "请检查 begin 和 end 是否配对" "Check that begin and end rows match";
    FormTooComplex "form-too-complex": "表单里的公式合起来太多" "The formulas of the form are too many together"
        => "请删除重复的公式，把共用的部分放到一个 calculate 里" "Remove repeated formulas; put what they share into one calculate";
    BadSearch "bad-search": "search() 无法读懂：{0}" "search() cannot be read: {0}"
        => "请写成 search('文件名') 或 search('文件名', 'matches', '列', 值)，并在 choices 里用一行写明取值列和显示列" "Write search('file') or search('file', 'matches', 'column', value), and name its value and label columns in one row of choices";
    SearchStatic "search-static": "search() 之外的固定选项不会显示：{0}" "Fixed choices beside those of search() are not shown: {0}"
        => "请把固定选项写进 CSV 文件" "Put the fixed choices into the CSV file";
    LastSaved "last-saved-elsewhere": "last-saved#{0} 只在 default 列中有值" "last-saved#{0} has a value in the column default only"
        => "请放到一个 calculate 或 hidden 题的 default 里，再引用那道题" "Put it into the default of a hidden question and refer to that";
    OsmTags "osm-tags": "osm 工作表里的标签不会显示，这道题按文字保存" "The tags of the sheet osm are not shown; the question is stored as text"
        => "请改用 select_one 或文字题；工作表会原样保留" "Use select_one or text questions; the sheet is kept as it is";
    FlatGroup "flat-group": "分组的 flat 设置不起作用：题目仍在分组之内" "The setting flat has no effect: the questions stay inside their group"
        => "不需要分组时请去掉 begin_group；设置会原样保留" "Leave begin_group out if there should be no group; the setting is kept as it is";
    TooManyQuestions "too-many-questions": "题目太多" "There are too many questions"
        => "请拆成几个表单" "Split the form";
    GroupsTooDeep "groups-too-deep": "组嵌套太深" "Groups are nested too deeply"
        => "请减少嵌套" "Use fewer levels";
    UnknownList "unknown-list": "没有选项列表 {0}" "There is no choice list {0}"
        => "请在 choices 工作表中加上 {0}" "Add {0} to the choices sheet";
    BadChoice "bad-choice-name": "选项值“{0}”为空或含有空格" "The choice “{0}” is empty or has spaces"
        => "请使用没有空格的值" "Use a value without spaces";
    DuplicateChoice "duplicate-choice": "列表 {1} 中选项 {0} 重复" "The choice {0} is twice in the list {1}"
        => "请删除重复的选项" "Remove one of them";
    MissingMedia "missing-media": "缺少文件 {0}" "The file {0} is missing"
        => "请把 {0} 放在表单旁边；用 rounds-form 时以 --media 给出它所在的文件夹" "Put {0} beside the workbook; with rounds-form, give its folder by --media FOLDER";
    BadMedia "bad-media": "附件 {0} 不能读取：{1}" "The file {0} cannot be read: {1}"
        => "请另存为 UTF-8 编码的 CSV，第一行写各列的名称，例如 name,label" "Save it as CSV in UTF-8 whose first line names the columns, such as name,label";
    BadExpression "bad-expression": "公式 {0} 第 {1} 个字符处：{2}" "{0}: at character {1}: {2}"
        => "请改正公式" "Correct the expression";
    Cycle "cyclic-reference": "题目互相引用：{0}" "Questions refer to each other in a circle: {0}"
        => "请去掉其中一个引用" "Remove one of the references";
    TooManyProblems "too-many-problems": "问题太多，其余没有列出" "There are too many problems; the rest is not listed"
        => "请先改正已列出的问题" "Correct those that are listed first";
    TextFormat "text-wrong-suffix": "文件名是 {0}，但内容是文本" "The file is named {0} but holds text"
        => "已经读入；请把文件名改为 .csv 或 .md" "It was read; rename it to .csv or .md";
    DroppedSheet "sheet-not-kept": "工作表 {0} 太大或已损坏，没有保留" "The sheet {0} is too large or damaged and was not kept"
        => "它不属于表单；如需保留请另存" "It is no part of the form; keep it elsewhere if you need it";
    UnsupportedSetting "unsupported-setting": "设置 {0} 不起作用，内容已保留" "The setting {0} has no effect; it is kept"
        => "请在 Rounds 中设置" "Set it in Rounds";
    DialectType "dialect-type": "题型“{0}”只有 {1} 有" "Only {1} has the question type “{0}”"
        => "请改用：{2}" "Use instead: {2}";
    DialectFunction "dialect-function": "函数 {0}() 只有 {1} 有" "Only {1} has the function {0}()"
        => "请改用：{2}" "Use instead: {2}";
    AuditSetting "audit-setting": "审计设置 {0} 不起作用，内容已保留" "The audit setting {0} has no effect; it is kept"
        => "谁、何时、由什么改为什么、用了多久总会记录；这一项不会" "Who, when, from what to what and for how long is always recorded; this is not";
    EntitiesApart "entities-not-stored": "实体 {0} 会算出来，但不会自动写入任何列表" "Entities such as {0} are worked out, and added to no list by themselves"
        => "用 rounds-device entities 或 rounds-form eval 查看，再导入到列表" "Look at them with rounds-device entities or rounds-form eval, and import them";
    MisspelledSheet "misspelled-sheet": "工作表“{0}”没有读入：是不是想写 {1}？" "The sheet {0} was not read: is {1} meant?"
        => "如果是，请把它改名为 {1}；如果不是，可以不管" "If so, rename it to {1}; if not, it can stay";
    UnknownEntityColumn "unknown-entity-column": "entities 工作表没有列 {0}" "The sheet entities has no column {0}"
        => "请使用 list_name、entity_id、create_if、update_if、label" "Use list_name, entity_id, create_if, update_if and label";
    EntityNeedsId "entity-needs-id": "{0}：有 update_if 就必须有 entity_id" "{0}: update_if needs an entity_id"
        => "请填写 entity_id" "Fill in entity_id";
    EntityNeedsUpdate "entity-needs-update-if": "{0}：同时有 entity_id 和 create_if 时必须有 update_if" "{0}: entity_id with create_if needs an update_if"
        => "请填写 update_if" "Fill in update_if";
    EntityNeedsLabel "entity-needs-label": "{0}：新建实体必须有 label" "{0}: a new entity needs a label"
        => "请填写 label" "Fill in label";
    EntityScope "entity-scope": "{0} 的内容不在同一个重复组中" "Parts of {0} are in repeats that do not lie inside one another"
        => "请把 save_to 的题目放在同一个重复组中" "Put the questions with save_to into one repeat";
    NoEntities "no-entities": "有 save_to {0}，但没有 entities 工作表" "There is a save_to {0} but no sheet entities"
        => "请加上 entities 工作表" "Add the sheet entities";
    WhichEntity "which-entity": "有几个实体，save_to {0} 没有说明是哪一个" "There are several entities; save_to {0} does not say which"
        => "请写成 列表#属性" "Write list#property";
    BadProperty "bad-property": "属性名“{0}”不能使用" "The property “{0}” cannot be used"
        => "不能是 name、label，也不能以 __ 开头" "It cannot be name or label or start with __";
    OrOther "or-other": "or_other 不能与筛选或外部列表一起使用" "or_other does not go with a filter or an external list"
        => "请在列表中加上“其他”选项" "Add a choice for others to the list";
    BadFileName "bad-file-name": "文件 {0} 不能作为选项列表" "The file {0} cannot be a list of choices"
        => "请使用 .csv、.xml 或 .geojson 文件" "Use a .csv, .xml or .geojson file";
    BadParameters "bad-parameters": "参数不能使用：{0}" "The parameter cannot be used: {0}"
        => "请写成 名称=值，并查看该题型的参数" "Write key=value and look up the parameters of the type";
    MissingCalculation "missing-calculation": "计算题 {0} 没有公式" "The calculation {0} has no expression"
        => "请填写 calculation 列" "Fill in the column calculation";
    NeedlessCalculation "needless-calculation": "{0} 不能有公式" "{0} cannot have a calculation"
        => "请清空 calculation 列" "Clear the column calculation";
    MissingTrigger "missing-trigger": "{0} 没有触发题目" "{0} has no trigger"
        => "请在 trigger 列填写题目引用" "Refer to a question in the column trigger";
    BadTrigger "bad-trigger": "触发列“{0}”不是题目引用" "The trigger “{0}” is no reference to a question"
        => "请写成 $ 加花括号中的题目名" "Write a $ and the name in braces";
    AuditName "audit-name": "审计题必须叫 audit" "The audit must be named audit"
        => "请清空 name 列" "Clear the column name";
    NotInRepeat "not-in-repeat": "{0} 不在重复组中，不能作为选项" "{0} is in no repeat, so its answers are no choices"
        => "请引用重复组中的题目" "Refer to a question inside a repeat";
    MissingLabel "missing-label": "题目 {0} 没有标题和提示" "The question {0} has no label and no hint"
        => "请填写 label 列" "Fill in the column label";
    BigImageAlone "big-image-alone": "{0} 有 big-image，但没有 image" "{0} has a big-image but no image"
        => "请填写 image 列" "Fill in the column image";
    HiddenTrigger "hidden-trigger": "{0} 不能由人填写，不能作为触发题目" "{0} is not answered by a person and cannot be a trigger"
        => "请引用可以填写的题目" "Refer to a question that a person answers";
    BadScore "bad-score": "评分列“{0}”不能使用" "The score “{0}” cannot be used"
        => "请查看 SCORES.md" "See SCORES.md";
    // Answers.
    NoSuchQuestion "no-such-question": "表单中没有 {0}" "The form has no {0}"
        => "请更新表单" "Update the form";
    NotAQuestion "not-a-question": "{0} 不能填写" "{0} takes no answer"
        => "请填写其中的题目" "Answer the questions inside it";
    Calculated "calculated": "{0} 由表单计算，不能填写" "{0} is calculated by the form"
        => "请修改它所依据的答案" "Change the answers that it depends on";
    ReadOnly "read-only": "{0} 是只读的" "{0} is read-only"
        => "不需要填写" "There is nothing to fill in";
    NotInteger "not-an-integer": "“{0}”不是整数" "“{0}” is not a whole number"
        => "请填写整数，例如 12" "Enter a whole number such as 12";
    NotDecimal "not-a-number": "“{0}”不是数字" "“{0}” is not a number"
        => "请填写数字，例如 12.5" "Enter a number such as 12.5";
    OutOfRange "out-of-range": "“{0}”不在 {1} 到 {2} 之间" "“{0}” is not between {1} and {2}"
        => "请填写 {1} 到 {2} 之间的数" "Enter a number from {1} to {2}";
    NotDate "not-a-date": "“{0}”不是日期" "“{0}” is not a date"
        => "请填写日期，例如 2026-11-23" "Enter a date such as 2026-11-23";
    NotTime "not-a-time": "“{0}”不是时间" "“{0}” is not a time"
        => "请填写时间，例如 09:30" "Enter a time such as 09:30";
    NotDateTime "not-a-date-time": "“{0}”不是日期时间" "“{0}” is not a date and time"
        => "请填写日期时间，例如 2026-11-23T09:30" "Enter a date and time such as 2026-11-23T09:30";
    NotPoint "not-a-place": "“{0}”不是定位" "“{0}” is not a position"
        => "请重新定位" "Capture the position again";
    NotAChoice "not-a-choice": "“{0}”不是可选项" "“{0}” is not one of the choices"
        => "请从列表中选择" "Choose from the list";
    AnswerTooLong "answer-too-long": "答案太长" "The answer is too long"
        => "请缩短" "Make it shorter";
    TooManyAnswers "too-many-answers": "答案太多" "There are too many answers"
        => "请分成几条记录" "Use several records";
    BadInstanceId "bad-instance-id": "“{0}”不是有效的行编号" "“{0}” is not the id of a row"
        => "请更新应用" "Update the app";
    NoSuchInstance "no-such-row": "没有这一行：{0}" "There is no such row: {0}"
        => "它可能已被删除；请刷新。行可以写成第几行（sku[1]）或行编号" "It may have been removed; refresh. A row is named by its position, sku[1], or by its id";
    InstanceExists "row-exists": "这一行已经存在：{0}" "The row is there already: {0}"
        => "请使用新的编号" "Use a new id";
    TooManyInstances "too-many-rows": "行数太多" "There are too many rows"
        => "请分成几条记录" "Use several records";
    RequiredMissing "required": "必填" "Required"
        => "请填写" "Fill it in";
    ConstraintFailed "constraint": "答案不符合要求" "The answer is not allowed"
        => "请修改答案" "Change the answer";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_fill_both_languages() {
        let text = Code::OutOfRange.text(&["9".into(), "1".into(), "5".into()]);
        assert_eq!(text.zh, "“9”不在 1 到 5 之间");
        assert_eq!(text.get("en"), "“9” is not between 1 and 5");
        assert_eq!(text.get("zh-CN"), text.zh);
        assert_eq!(Code::NotDate.text(&[]).en, "“” is not a date");
    }
}

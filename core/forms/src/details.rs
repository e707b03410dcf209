//! Details of messages that are made in one place and read in two languages: what a parser expected,
//! what a file is. They are written in English; here they are in Chinese.

/// `{0}` stands for what only the case knows: a name, a character.
const DETAILS: &[(&str, &str)] = &[
    // What to use in the place of what only one maker's forms know.
    (
        "a group with the appearance field-list and one question for each cell",
        "外观为 field-list 的组，每格一道题",
    ),
    (
        "a group with the appearance table-list and one select_one for each row",
        "外观为 table-list 的组，每行一道 select_one",
    ),
    ("one question of the type rank", "一道 rank 题"),
    ("the type audit, named audit", "名为 audit 的 audit 题"),
    ("the type background-audio", "background-audio 题"),
    ("the type hidden, or a calculate", "hidden 题或 calculate"),
    ("a text question", "一道 text 题"),
    ("nothing: no sensor is read", "没有可替代的：不读取传感器"),
    ("a calculate with a trigger", "带 trigger 的 calculate"),
    ("the type username", "username 题"),
    ("the type deviceid", "deviceid 题"),
    ("the audit, which has the time at each question", "审计：它有每道题所用的时间"),
    (
        "a calculate in the repeat that is empty or a number, and sum() or count-non-empty() of it",
        "在重复组里用 calculate 得到空值或数字，再对它用 sum() 或 count-non-empty()",
    ),
    ("nothing: the record has its version", "没有必要：记录本身有版本"),
    ("a line break in the label", "在题目文字里换行"),
    ("nothing: no such chart is drawn", "没有可替代的：不画这种图"),
    ("nothing: no plug-ins are run", "没有可替代的：不运行插件"),
    ("the geopoint itself", "geopoint 本身"),
    // What an expression lacks.
    ("expected the end", "公式到这里应该已经结束"),
    ("expected a value", "这里应为一个值"),
    ("expected an axis of XPath before '::'", "'::' 前应为 XPath 的轴"),
    ("expected a name before '['", "'[' 前应为名称"),
    ("expected a name after '/'", "'/' 后应为名称"),
    ("expected a name, '*' or node()", "这里应为名称、'*' 或 node()"),
    ("expected a column", "这里应为列名"),
    ("expected {0}", "这里应为 {0}"),
    ("unexpected {0}", "不应有 {0}"),
    ("text without its closing quote", "文字缺少右引号"),
    ("${ without its }", "${ 缺少 }"),
    ("{0} is not a name", "{0} 不是名称"),
    ("a name cannot start with a digit", "名称不能以数字开头"),
    ("not a number", "不是数字"),
    ("too long", "太长"),
    ("too many brackets inside each other", "括号嵌套太深"),
    ("wrong number of arguments for {0}", "参数个数不对：{0}"),
    // What a pattern has that cannot be used.
    ("look-around, including look-ahead and look-behind, is not supported", "前后断言"),
    ("backreferences are not supported", "反向引用"),
    ("unclosed group", "括号没有结束"),
    ("unopened group", "多了右括号"),
    ("unclosed character class", "方括号没有结束"),
    ("repetition operator missing expression", "重复符号前没有内容"),
    ("unrecognized escape sequence", "不认识的转义"),
    // What a file is.
    ("a PDF", "PDF"),
    ("a picture", "图片"),
    ("a Word document", "Word 文档"),
    ("a presentation", "演示文稿"),
    ("an archive", "压缩包"),
    ("a ZIP archive", "ZIP 压缩包"),
    ("an Excel binary workbook (.xlsb)", "Excel 二进制工作簿（.xlsb）"),
    ("an OpenDocument file (.ods)", "OpenDocument 文件（.ods）"),
    ("a web page (HTML)", "网页（HTML）"),
    ("a file of an unknown format", "未知格式的文件"),
    ("a CSV table", "CSV 表格"),
    ("a table separated by semicolons", "用分号分隔的表格"),
    ("a table separated by tabs", "用制表符分隔的表格"),
    ("a Markdown table", "Markdown 表格"),
    ("plain text", "普通文字"),
    ("another encoding", "其他编码"),
    // Why it cannot be read.
    ("it is cut off, or no ZIP archive inside", "文件不完整，或内部的 ZIP 已损坏"),
    ("the sheets cannot be read", "无法读取工作表"),
    ("the sheet {0} cannot be read", "无法读取工作表 {0}"),
    ("the sheet {0} is there twice", "工作表 {0} 出现了两次"),
    ("no workbook inside", "里面没有工作簿"),
    ("{0} bytes", "{0} 字节"),
    ("{0} parts", "{0} 个部分"),
    ("{0} texts", "{0} 段文字"),
    ("no header", "没有表头"),
    ("no column “{0}”", "没有列“{0}”"),
    ("its quotes or lines are broken", "引号或换行有误"),
    ("not UTF-8; it looks like {0}", "不是 UTF-8 编码，看起来是 {0}"),
    ("not well-formed XML", "XML 格式有误"),
    ("not GeoJSON", "不是 GeoJSON"),
    ("too large", "太大"),
];

/// A detail for a Chinese reader; names and values as they are.
pub(crate) fn chinese(detail: &str) -> String {
    nested(detail, 2)
}

/// A detail may be about another one, and no deeper: what an author wrote can look like any number of them.
fn nested(detail: &str, depth: usize) -> String {
    for (english, chinese) in DETAILS {
        if *english == detail {
            return (*chinese).to_owned();
        }
        let Some((before, after)) = english.split_once("{0}") else { continue };
        if let Some(own) = detail.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)) {
            let own = if depth > 0 { nested(own, depth - 1) } else { own.to_owned() };
            return chinese.replace("{0}", &own);
        }
    }
    detail.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_said_in_chinese_and_names_stay() {
        assert_eq!(chinese("expected a value"), "这里应为一个值");
        assert_eq!(chinese("expected ')'"), "这里应为 ')'");
        assert_eq!(
            chinese("not UTF-8; it looks like another encoding"),
            "不是 UTF-8 编码，看起来是 其他编码"
        );
        assert_eq!(chinese("stores.csv"), "stores.csv");
        assert!(chinese(&" bytes".repeat(100_000)).ends_with("字节"));
    }
}

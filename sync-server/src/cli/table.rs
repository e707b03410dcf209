//! Rows under headings, for people to read.

/// Columns that stand under each other, with two spaces between.
pub fn lines<const N: usize>(headings: [String; N], rows: Vec<[String; N]>) -> Vec<String> {
    let mut widths = headings.each_ref().map(|cell| width(cell));
    for row in &rows {
        for (width_of, cell) in widths.iter_mut().zip(row) {
            *width_of = (*width_of).max(width(cell));
        }
    }
    let line = |row: &[String; N]| {
        let mut line = String::new();
        for (cell, wide) in row.iter().zip(widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(wide.saturating_sub(width(cell)) + 2));
        }
        line.trim_end().to_owned()
    };
    std::iter::once(&headings).chain(&rows).map(line).collect()
}

/// How many places a terminal gives to a text: Chinese characters and their marks take two.
fn width(text: &str) -> usize {
    let wide = |c: char| {
        matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}'
            | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}')
    };
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other() {
        let row = |a: &str, b: &str| [a.to_owned(), b.to_owned()];
        let lines = lines(row("名", "x"), vec![row("李娜", "y"), row("Bob", "")]);
        assert_eq!(lines, ["名    x", "李娜  y", "Bob"]);
    }
}

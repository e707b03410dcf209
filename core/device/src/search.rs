//! Search that finds Chinese.
//!
//! SQLite's own tokenizer sees a run of Han characters as one word, so "西安" would not find
//! "西安路店"; its trigram tokenizer needs three characters, and most Chinese words have two. So
//! every Han (and kana) character becomes a word of its own before it is indexed, and a query for
//! several of them becomes a phrase.

/// Text as it is indexed.
pub fn index_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if is_ideograph(c) {
            out.push(' ');
            out.push(c);
            out.push(' ');
        } else {
            out.push(c);
        }
    }
    out
}

/// An FTS5 query that finds records with all of what was typed; the last word may be unfinished.
/// `None` if nothing that can be searched was typed.
pub fn query(typed: &str) -> Option<String> {
    let terms: Vec<String> = typed.split_whitespace().take(16).filter_map(term).collect();
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

/// One typed word as a phrase: quoted, so that nothing in it is an operator.
fn term(word: &str) -> Option<String> {
    let clean: String = word.chars().take(64).filter(|c| *c != '"' && !c.is_control()).collect();
    if !clean.chars().any(char::is_alphanumeric) {
        return None;
    }
    let spaced = index_text(&clean);
    let phrase = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    let open_ended = clean.chars().last().is_some_and(|c| !is_ideograph(c));
    Some(format!("\"{phrase}\"{}", if open_ended { "*" } else { "" }))
}

fn is_ideograph(c: char) -> bool {
    matches!(u32::from(c),
        0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    fn finds(text: &str, typed: &str) -> bool {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch("CREATE VIRTUAL TABLE s USING fts5 (text, content='', contentless_delete=1)")
            .unwrap();
        db.execute("INSERT INTO s (rowid, text) VALUES (1, ?1)", [index_text(text)]).unwrap();
        let Some(q) = query(typed) else { return false };
        db.query_row("SELECT count(*) FROM s WHERE s MATCH ?1", [q], |r| r.get::<_, i64>(0)).unwrap() == 1
    }

    #[test]
    fn chinese_is_found_by_any_part_and_only_in_order() {
        for typed in ["西", "西安", "安路", "西安路店", "西安 S0003", "路店"] {
            assert!(finds("S0003 西安路店 Xi'an Road", typed), "{typed}");
        }
        for typed in ["安西", "西路", "大连"] {
            assert!(!finds("S0003 西安路店 Xi'an Road", typed), "{typed}");
        }
    }

    #[test]
    fn latin_is_found_by_the_beginning_of_a_word_without_case() {
        assert!(finds("Qingniwa Bridge 0411-8263", "qing"));
        assert!(finds("Qingniwa Bridge 0411-8263", "BRIDGE qin"));
        assert!(finds("Qingniwa Bridge 0411-8263", "0411-82"));
        assert!(!finds("Qingniwa Bridge", "niwa"));
    }

    #[test]
    fn nothing_typed_is_an_operator_or_an_error() {
        for typed in ["", "\"", "*", "NOT", "a OR b", "(", "西\"安", "col:x", "-", "NEAR(a b)"] {
            finds("whatever", typed);
        }
        assert_eq!(query(" \" * "), None);
    }
}

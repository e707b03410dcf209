//! Tabs of a kind's page: what stands beside each other on a screen, in the author's order.

use rounds_model::text::Text;

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: Text,
    /// The requirement that it comes from.
    pub rule: Option<String>,
    /// The answers in it: keys, groups (`step2/*`), or `*` for those that stand in no other tab.
    pub fields: Vec<String>,
    /// The checklists in it. Their answers are among `fields`.
    pub checklists: Vec<String>,
    /// The acts whose buttons stand in it.
    pub acts: Vec<String>,
    /// The questions that can be asked from it: kind and finder.
    pub finders: Vec<(String, String)>,
}

impl Tab {
    /// How well an answer fits here: the number of characters that name it; none if it stands elsewhere.
    pub fn fits(&self, key: &str) -> Option<usize> {
        let fit = |pattern: &String| match pattern.strip_suffix('*') {
            Some(group) => key.starts_with(group).then_some(group.len()),
            None => (pattern == key).then_some(usize::MAX),
        };
        self.fields.iter().filter_map(fit).max()
    }
}

/// The tab in which an answer stands; none where there are no tabs.
pub fn tab_of<'t>(tabs: &'t [Tab], key: &str) -> Option<&'t Tab> {
    let fitting = tabs.iter().filter_map(|tab| Some((tab.fits(key)?, tab)));
    // Of equal ones the first, which is the author's.
    fitting.rev().max_by_key(|(fits, _)| *fits).map(|(_, tab)| tab)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_stands_where_it_is_named_most_exactly() {
        let tab = |name: &str, fields: &[&str]| Tab {
            name: name.to_owned(),
            title: Text::new("x", "x"),
            rule: None,
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            checklists: vec![],
            acts: vec![],
            finders: vec![],
        };
        let tabs = [tab("rest", &["*"]), tab("one", &["a", "g/*"]), tab("deep", &["g/h/*", "g/x"])];
        let of = |key: &str| tab_of(&tabs, key).map(|tab| tab.name.as_str());
        assert_eq!(
            [of("a"), of("g/y"), of("g/x"), of("g/h/i"), of("b")].map(Option::unwrap),
            ["one", "one", "deep", "deep", "rest"]
        );
        assert_eq!(tab_of(&tabs[1..], "b"), None);
    }
}

//! The outermost layer of a pattern: its branches, and the anchors at their ends.

/// The first character outside of classes that `stop` wants, given its place and the depth of groups behind it. One that
/// is escaped is given as a backslash.
pub(crate) fn at_depth(text: &str, stop: impl Fn(usize, i32, char) -> bool) -> Option<usize> {
    let (mut depth, mut in_class, mut escaped) = (0, false, false);
    for (at, c) in text.char_indices() {
        let shown = if escaped { '\\' } else { c };
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ']' if in_class => in_class = false,
            _ if in_class => {}
            '[' => in_class = true,
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if !in_class && !escaped && stop(at, depth, shown) {
            return Some(at);
        }
    }
    None
}

/// What stands between each `|` outside of groups and classes.
pub(crate) fn branches(pattern: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(pattern);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = at_depth(text, |_, depth, c| depth == 0 && c == '|');
        rest = end.map(|end| &text[end + 1..]);
        Some(&text[..end.unwrap_or(text.len())])
    })
}

/// A branch, and whether it is held at its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Anchored<'p> {
    /// The branch without the anchors at its ends.
    pub(crate) inner: &'p str,
    /// It began with `^`.
    pub(crate) start: bool,
    /// It ended with `$`.
    pub(crate) end: bool,
}

impl<'p> Anchored<'p> {
    /// Takes the anchors off one branch.
    pub(crate) fn of(branch: &'p str) -> Self {
        let inner = branch.trim_start_matches('^');
        let start = inner.len() < branch.len();
        let before = inner.strip_suffix('$').filter(|before| !ends_in_escape(before));
        Self { inner: before.unwrap_or(inner), start, end: before.is_some() }
    }
}

/// Whether what follows is escaped.
pub(crate) fn ends_in_escape(text: &str) -> bool {
    text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_end_outside_of_groups_and_classes() {
        let of = |pattern| branches(pattern).collect::<Vec<_>>();
        assert_eq!(of("a|(b|c)|[|]|\\|"), ["a", "(b|c)", "[|]", "\\|"]);
        assert_eq!(of("|a||"), ["", "a", "", ""]);
        assert_eq!(of(r"[\]|]|x"), [r"[\]|]", "x"]);
    }

    #[test]
    fn anchors_are_what_is_not_escaped() {
        for (branch, inner, start, end) in [
            ("^a$", "a", true, true),
            ("a", "a", false, false),
            (r"^a\$", r"a\$", true, false),
            (r"a\\$", r"a\\", false, true),
            ("^$", "", true, true),
            ("^^a", "a", true, false),
            ("$", "", false, true),
        ] {
            assert_eq!(Anchored::of(branch), Anchored { inner, start, end }, "{branch}");
        }
    }
}

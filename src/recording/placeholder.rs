//! Placeholders that stand within texts, where a recorder was told to hide something: `<AWS_ACCOUNT_ID>`, as Ruby VCR's
//! `filter_sensitive_data` and betamax's `define_cassette_placeholder` have them.

use std::ops::Range;

/// The bytes of each placeholder in a text, with its brackets.
pub(crate) fn placeholders(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_of_a_name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    memchr::memchr_iter(b'<', text.as_bytes()).filter_map(move |start| {
        let name = &text.as_bytes()[start + 1..];
        let length = name.iter().position(|byte| !is_of_a_name(*byte))?;
        let is_one = name[length] == b'>' && name.first().is_some_and(u8::is_ascii_uppercase);
        is_one.then_some(start..start + length + 2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_names_in_capitals() {
        let found = |text: &'static str| placeholders(text).map(|range| &text[range]).collect::<Vec<_>>();
        assert_eq!(found("arn:aws:iam::<AWS_ACCOUNT_ID>:role/<ROLE2>"), ["<AWS_ACCOUNT_ID>", "<ROLE2>"]);
        assert_eq!(found("<<A>"), ["<A>"]);
        for none in ["", "<>", "<1A>", "<_A>", "<a>", "<A b>", "</A>", "<A/>", "<A", "A>", "<ä>"] {
            assert_eq!(found(none), [""; 0], "{none}");
        }
    }
}

//! Placeholders that stand within texts, where a recorder was told to hide something: `<AWS_ACCOUNT_ID>`, as Ruby VCR's
//! `filter_sensitive_data` and betamax's `define_cassette_placeholder` have them, and `<<aws_region>>` as R's vcr suggests.

use std::ops::Range;

/// The bytes of each placeholder in a text, with its brackets: a name in capitals, or between two brackets, which XML never
/// has, any.
pub(crate) fn placeholders(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'<', bytes).filter_map(move |start| {
        let is_second = start > 0 && bytes[start - 1] == b'<';
        let name = &bytes[start + 1..];
        let capitals = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        let any = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b' ');
        let length = |is_of_a_name: &dyn Fn(u8) -> bool| name.iter().position(|byte| !is_of_a_name(*byte));
        if is_second
            && let Some(length) = length(&any).filter(|length| *length > 0)
            && name[length..].starts_with(b">>")
        {
            return Some(start - 1..start + length + 3);
        }
        let length = length(&capitals)?;
        let is_one = name[length] == b'>' && name.first().is_some_and(u8::is_ascii_uppercase);
        is_one.then_some(start..start + length + 2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_names_in_capitals_or_between_two_brackets() {
        let found = |text: &'static str| placeholders(text).map(|range| &text[range]).collect::<Vec<_>>();
        assert_eq!(found("arn:aws:iam::<AWS_ACCOUNT_ID>:role/<ROLE2>"), ["<AWS_ACCOUNT_ID>", "<ROLE2>"]);
        assert_eq!(found("<<A>"), ["<A>"]);
        assert_eq!(found("a.<<aws_region>>.b<<My-key.2>><<X>>"), ["<<aws_region>>", "<<My-key.2>>", "<<X>>"]);
        for none in [
            "<<>>", "<<a>", "<a>>", "<<a<b>>", "", "<>", "<1A>", "<_A>", "<a>", "<A b>", "</A>", "<A/>", "<A", "A>",
            "<ä>",
        ] {
            assert_eq!(found(none), [""; 0], "{none}");
        }
    }
}

//! Characters of a URL are escaped otherwise.

use super::{Mirror, WireRule, old_new, text};
use crate::finding::Severity;
use crate::rules::Info;
use crate::wire::{Change, Texts};

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "wire-escaping-changed",
        summary: "a member is written into the URL with other escapes",
        explain: "\
What it does: reports a label of the path or a parameter in which characters stand that did not stand there,
escaped or not. It is an error where the same character was escaped and is not any more, or the other way round,
and a note where merely other characters occur.

Why: signatures and recordings are matched by the URL as it is written, and some routers take `%2F` for a slash.

Example: an ARN in a path is sent as `arn:aws:…` and was sent as `arn%3Aaws%3A…`.

What to do: record again, and see that routers in between keep the two apart. If it is meant, `--accept` takes it
into the snapshot.
",
        request: Severity::Error,
        response: Severity::Error,
        identity: &[],
    },
    mirror: Mirror::Itself,
    values: |change| match change {
        Change::MemberEscape { old, new, .. } => Some(old_new(old, new)),
        _ => None,
    },
    lighter: |change| match change {
        Change::MemberEscape { old, new, .. } if !is_otherwise(old, new) => Some(Severity::Note),
        _ => None,
    },
    message: |finding| {
        format!("in the URL, characters of {} changed {}", text::member(finding), text::from_to(finding))
    },
};

/// Whether a character stood there in one way alone and stands there in the other way alone.
fn is_otherwise(old: &Texts, new: &Texts) -> bool {
    let other = |text: &str| match text.strip_prefix('%').and_then(|code| u8::from_str_radix(code, 16).ok()) {
        // In a parameter, a plus is a space.
        Some(b' ') => "+".to_owned(),
        Some(code) => char::from(code).to_string(),
        None => format!("%{:02X}", text.bytes().next().unwrap_or_default()),
    };
    let turned = |old: &Texts, new: &Texts| {
        old.iter().any(|text| !new.contains(text) && new.contains(&other(text)) && !old.contains(&other(text)))
    };
    turned(old, new) || turned(new, old)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_character_may_stand_there_otherwise() {
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Texts>();
        assert!(is_otherwise(&texts(&["%3A", "/"]), &texts(&[":", "/"])));
        assert!(is_otherwise(&texts(&["+"]), &texts(&["%20"])));
        assert!(!is_otherwise(&texts(&["%3A"]), &texts(&["%2F"])), "other characters");
        assert!(!is_otherwise(&texts(&["%3A", ":"]), &texts(&[":"])), "both were there");
        assert!(!is_otherwise(&texts(&[]), &texts(&[":"])));
    }
}

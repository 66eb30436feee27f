//! How two URI templates differ.

/// What is different about a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UriChange {
    /// Names of labels alone, which nobody sees in a request.
    LabelsRenamed,
    /// A slash at its end, or whether a label takes several segments.
    Cosmetic,
    /// Another path.
    Other,
}

pub(super) fn change(old: &str, new: &str) -> Option<UriChange> {
    if old == new {
        return None;
    }
    let (old, new) = (without_names(old), without_names(new));
    if old == new {
        return Some(UriChange::LabelsRenamed);
    }
    let plain = |uri: &str| {
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        (path.trim_end_matches('/').replace("{+}", "{}"), query.to_owned())
    };
    Some(if plain(&old) == plain(&new) { UriChange::Cosmetic } else { UriChange::Other })
}

/// The template with `{}` or `{+}` for its labels.
fn without_names(uri: &str) -> String {
    let mut out = String::new();
    let mut rest = uri;
    while let Some((before, label)) = rest.split_once('{') {
        let (name, after) = label.split_once('}').unwrap_or((label, ""));
        out.push_str(before);
        out.push_str(if name.ends_with('+') { "{+}" } else { "{}" });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_told_apart() {
        for (old, new, expected) in [
            ("/a/{b}", "/a/{b}", None),
            ("/a/{b}", "/a/{c}", Some(UriChange::LabelsRenamed)),
            ("/a/{b}", "/a/{b}/", Some(UriChange::Cosmetic)),
            ("/a/{b}", "/a/{c+}", Some(UriChange::Cosmetic)),
            ("/a/{b}", "/b/{b}", Some(UriChange::Other)),
            ("/a/{b}", "/a/{b}?x", Some(UriChange::Other)),
            ("/a/{b}", "/a/{b}/{c}", Some(UriChange::Other)),
        ] {
            assert_eq!(change(old, new), expected, "{old} {new}");
        }
    }
}

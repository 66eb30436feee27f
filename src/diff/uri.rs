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
pub(super) fn without_names(uri: &str) -> String {
    with_labels(uri, |_| "")
}

/// The template with other names for its labels.
pub(super) fn with_labels<'u>(uri: &'u str, name: impl Fn(&'u str) -> &'u str) -> String {
    let mut out = String::new();
    let mut rest = uri;
    while let Some((before, label)) = rest.split_once('{') {
        let (label, after) = label.split_once('}').unwrap_or((label, ""));
        let bare = label.trim_end_matches('+');
        out = out + before + "{" + name(bare) + &label[bare.len()..] + "}";
        rest = after;
    }
    out + rest
}

/// Whether a label that both templates have stands at another place.
pub(super) fn labels_moved(old: &str, new: &str) -> bool {
    let (old, new) = (labels(old), labels(new));
    old.iter().zip(&new).any(|(one, two)| one != two && (new.contains(one) || old.contains(two)))
}

fn labels(uri: &str) -> Vec<&str> {
    let labels = uri.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    labels.map(|(label, _)| label.trim_end_matches('+')).collect()
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

    #[test]
    fn labels_that_change_places_are_another_path() {
        for (old, new, expected) in [
            ("/{a}/{b}", "/{b}/{a}", true),
            ("/{a}/{b}", "/{c}/{a}", true),
            ("/{a}/{b}", "/{a}/{c+}", false),
            ("/{a}/{b+}", "/{a}/{b}", false),
            ("/{a}", "/{a}/{b}", false),
        ] {
            assert_eq!(labels_moved(old, new), expected, "{old} {new}");
        }
        assert_eq!(with_labels("/x/{a}/{b+}?c", |_| "d"), "/x/{d}/{d+}?c");
    }
}

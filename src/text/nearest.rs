//! Which known name somebody probably meant.

use similar::TextDiff;

/// Share of common letters from which a value is taken for one of few others.
pub(crate) const AMONG_FEW: f32 = 0.6;
/// The same for names, of which there are many and which new ones join.
pub(crate) const AMONG_MANY: f32 = 0.75;

/// The candidate most like `name`, where one is like enough to be meant.
pub(crate) fn nearest<'c>(name: &str, candidates: impl Iterator<Item = &'c str>, enough: f32) -> Option<&'c str> {
    let lower = name.to_lowercase();
    let ranked = candidates.map(|candidate| (ratio(&lower, &candidate.to_lowercase()), candidate));
    ranked
        .filter(|(ratio, _)| *ratio >= enough)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
        .map(|(_, name)| name)
}

fn ratio(a: &str, b: &str) -> f32 {
    TextDiff::from_chars(a, b).ratio()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_was_meant_or_nothing() {
        let statuses = ["SUBMITTED", "STARTED", "CANCELLED", "CANCELLING", "SUCCESS"];
        let meant = |name| nearest(name, statuses.into_iter(), AMONG_FEW);
        assert_eq!(meant("SUCCEEDED"), Some("SUCCESS"));
        assert_eq!(meant("canceled"), Some("CANCELLED"));
        assert_eq!(meant("SUCCESS_V2"), Some("SUCCESS"));
        assert_eq!(meant("xyz"), None);
        assert_eq!(meant(""), None);
        let members = ["defaultResultConfiguration", "queryLogStatus"];
        assert_eq!(nearest("paymentConfiguration", members.into_iter(), AMONG_MANY), None);
        assert_eq!(nearest("queryLogsStatus", members.into_iter(), AMONG_MANY), Some("queryLogStatus"));
    }
}

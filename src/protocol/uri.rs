//! URI templates: `/buckets/{Bucket}/{Key+}?list-type=2`.

use std::borrow::Cow;
use std::ops::Range;

use percent_encoding::percent_decode_str;

use super::evidence::query_pairs;

/// A path that fits a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fit<'u> {
    /// Labels with their values, undecoded.
    pub(super) labels: Vec<(&'u str, &'u str)>,
    /// How exact the fit is; the largest wins.
    pub(super) score: (usize, usize, usize),
}

/// How exactly a path must fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mode {
    /// As the template says.
    Exact,
    /// A slash at the end more or less, which means nothing.
    LooseEnd,
    /// A label that is one segment may be empty.
    EmptyLabels,
}

/// Fits a path and query string to a template.
pub(super) fn fit<'u>(template: &'u str, path: &'u str, query: &str, mode: Mode) -> Option<Fit<'u>> {
    let (template_path, template_query) = template.split_once('?').unwrap_or((template, ""));
    let [template_path, path] = [template_path, path].map(|path| path.strip_prefix('/').unwrap_or(path));
    let mut literals = 0;
    for (name, value) in query_pairs(template_query) {
        let mut same = query_pairs(query).filter(|(own, _)| *own == name);
        // A key alone asks for the key, with any value.
        if !same.any(|(_, own)| value.is_empty() || own == value) {
            return None;
        }
        literals += 1;
    }
    let mut wanted: Vec<&str> = template_path.split('/').collect();
    let mut found: Vec<&str> = path.split('/').collect();
    if mode == Mode::LooseEnd {
        for segments in [&mut wanted, &mut found] {
            segments.pop_if(|last| last.is_empty());
        }
    }
    let greedy = wanted.iter().position(|segment| segment.ends_with("+}"));
    // What a greedy label takes is between the segments before and behind it.
    let (head, tail) = greedy.map_or((&wanted[..], &wanted[..0]), |at| (&wanted[..at], &wanted[at + 1..]));
    let taken = found.len().checked_sub(head.len() + tail.len())?;
    if (taken == 0) != greedy.is_none() {
        return None;
    }
    let (found_head, rest) = found.split_at(head.len());
    let (middle, found_tail) = rest.split_at(taken);
    let mut fit = Fit { labels: Vec::new(), score: (literals, 0, usize::from(greedy.is_none())) };
    for (segment, text) in head.iter().chain(tail).zip(found_head.iter().chain(found_tail)) {
        match label(segment) {
            Some(_) if text.is_empty() && mode != Mode::EmptyLabels => return None,
            Some(name) => fit.labels.push((name, text)),
            None if decoded(text) == *segment => fit.score.1 += 1,
            None => return None,
        }
    }
    if let (Some(at), Some(first), Some(last)) = (greedy, middle.first(), middle.last()) {
        let start = first.as_ptr() as usize - path.as_ptr() as usize;
        let end = last.as_ptr() as usize - path.as_ptr() as usize + last.len();
        if start == end {
            return None;
        }
        fit.labels.push((label(wanted[at])?, &path[start..end]));
    }
    Some(fit)
}

/// A label's value.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

/// Where a parameter stands in a URL, name and value; the first of several.
pub(crate) fn parameter_within(url: &str, name: &str) -> Option<Range<usize>> {
    let start = url.find('?')? + 1;
    let end = url.find('#').unwrap_or(url.len()).max(start);
    let mut at = start;
    url[start..end].split('&').find_map(|pair| {
        let range = at..at + pair.len();
        at = range.end + 1;
        (decoded(pair.split('=').next().unwrap_or_default()) == name).then_some(range)
    })
}

fn label(segment: &str) -> Option<&str> {
    Some(segment.strip_prefix('{')?.strip_suffix('}')?.trim_end_matches('+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(template: &str, path: &str, query: &str, mode: Mode) -> Option<Vec<(String, String)>> {
        let fit = fit(template, path, query, mode)?;
        Some(fit.labels.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect())
    }

    fn labels(template: &str, path: &str, query: &str) -> Option<Vec<(String, String)>> {
        fitted(template, path, query, Mode::Exact)
    }

    fn one(name: &str, text: &str) -> (String, String) {
        (name.to_owned(), text.to_owned())
    }

    #[test]
    fn labels_take_one_segment() {
        assert_eq!(labels("/m/{id}", "/m/a%2Fb", ""), Some(vec![one("id", "a%2Fb")]));
        assert_eq!(labels("/m/{id}", "/m/a/b", ""), None);
        assert_eq!(labels("/m/{id}", "/m/", ""), None, "an empty label is no label");
        assert_eq!(labels("/", "", ""), Some(vec![]));
        assert_eq!(labels("/a%20b", "/a%20b", ""), None, "a template is not encoded");
    }

    #[test]
    fn greedy_labels_take_the_rest() {
        let key = |path| labels("/{Bucket}/{Key+}", path, "");
        assert_eq!(key("/b/a/b%20c"), Some(vec![one("Bucket", "b"), one("Key", "a/b%20c")]));
        assert_eq!(key("/b/a/"), Some(vec![one("Bucket", "b"), one("Key", "a/")]));
        assert_eq!(key("/b//a"), Some(vec![one("Bucket", "b"), one("Key", "/a")]));
        assert_eq!(key("/b/"), None);
        assert_eq!(labels("/a/{x+}/end", "/a/1/2/end", ""), Some(vec![one("x", "1/2")]));
    }

    #[test]
    fn query_literals_count() {
        assert!(labels("/{Bucket}?acl", "/b", "acl=").is_some());
        assert!(labels("/{Bucket}?acl", "/b", "acl&x=1").is_some());
        assert!(labels("/{Bucket}?acl", "/b", "tagging").is_none());
        assert!(labels("/{Bucket}?list-type=2", "/b", "list-type=1").is_none());
        let scored = |template: &str| fit(template, "/b", "acl", Mode::Exact).map(|fit| fit.score);
        assert!(scored("/{Bucket}?acl") > scored("/{Bucket}"));
    }

    #[test]
    fn modes_allow_more() {
        assert_eq!(fitted("/m/{id}", "/m/", "", Mode::EmptyLabels), Some(vec![one("id", "")]));
        assert_eq!(fitted("/m/{id}", "/m", "", Mode::EmptyLabels), None);
        assert_eq!(fitted("/{Bucket}/{Key+}", "/b/", "", Mode::EmptyLabels), None);
        assert_eq!(fitted("/m", "/m/", "", Mode::LooseEnd), Some(vec![]));
        assert_eq!(fitted("/m/", "/m", "", Mode::LooseEnd), Some(vec![]));
        assert_eq!(fitted("/%6D", "/m", "", Mode::LooseEnd), None);
        assert_eq!(fitted("/m", "/%6D/", "", Mode::LooseEnd), Some(vec![]));
        for path in ["", "/"] {
            assert_eq!(fitted("/", path, "", Mode::LooseEnd), Some(vec![]), "{path:?}");
        }
        assert_eq!(fitted("/", "/m", "", Mode::LooseEnd), None);
    }

    #[test]
    fn a_parameter_is_found_by_its_decoded_name() {
        let url = "https://h/p?a=1&max%2Dresults=2&a=3#a=4";
        let found = |name| parameter_within(url, name).map(|range| &url[range]);
        assert_eq!([found("a"), found("max-results"), found("b")], [Some("a=1"), Some("max%2Dresults=2"), None]);
        assert_eq!((parameter_within("/p#?a", "a"), parameter_within("/p", "a")), (None, None));
    }
}

//! URI templates: `/buckets/{Bucket}/{Key+}?list-type=2`.

use std::borrow::Cow;
use std::ops::Range;

use percent_encoding::percent_decode_str;

use super::evidence::query_pairs;
use crate::recording::form_decoded;

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
    let (query, start) = query_within(url)?;
    let own = pairs_within(query).find(|(own, _)| decoded(own) == name);
    own.map(|(_, pair)| start + pair.start..start + pair.end)
}

/// Where the values of those parameters stand in a URL whose names, decoded, are asked for.
pub(crate) fn values_of_parameters(url: &str, is_one: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let Some((query, start)) = query_within(url) else { return Vec::new() };
    let values = values_of_form(query, is_one).into_iter();
    values.map(|range| start + range.start..start + range.end).collect()
}

/// The same of a form.
pub(crate) fn values_of_form(form: &str, is_one: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let value = |(name, pair): (&str, Range<usize>)| {
        let start = pair.start + name.len() + 1;
        (start <= pair.end && is_one(&form_decoded(name))).then_some(start..pair.end)
    };
    pairs_within(form).filter_map(value).collect()
}

/// The query of a URL, and where it begins.
fn query_within(url: &str) -> Option<(&str, usize)> {
    let start = url.find('?')? + 1;
    Some((&url[start..url.find('#').unwrap_or(url.len()).max(start)], start))
}

/// Names of parameters as they are written, each with where it stands together with its value.
fn pairs_within(form: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let mut at = 0;
    form.split('&').map(move |pair| {
        let whole = at..at + pair.len();
        at = whole.end + 1;
        (pair.split('=').next().unwrap_or_default(), whole)
    })
}

/// Where segments of a URL's path stand that mean a text: one, or several of which a label took all.
pub(crate) fn parts_of_path(url: &str, text: &str) -> Vec<Range<usize>> {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let start = url[..end].find("://").map_or(0, |at| at + 3);
    let slashes = url[start..end].match_indices('/').map(|(at, _)| start + at);
    let ends: Vec<usize> = slashes.chain([end]).collect();
    let mut found = Vec::new();
    for begin in std::iter::once(start).chain(ends.iter().map(|end| end + 1)) {
        // A label that means as many slashes has as many segments, and encoded ones are in none.
        let of_label = ends.iter().filter(|end| **end > begin).take(1 + text.matches('/').count());
        found.extend(of_label.map(|end| begin..*end).filter(|range| decoded(&url[range.clone()]) == text));
    }
    if found.is_empty() && !text.is_empty() {
        // It is a part of a segment, or of the host.
        found.extend(url[..end].match_indices(text).map(|(at, _)| at..at + text.len()));
    }
    found
}

fn label(segment: &str) -> Option<&str> {
    Some(segment.strip_prefix('{')?.strip_suffix('}')?.trim_end_matches('+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_as_they_are_written() {
        let url = "https://h/a?Name=b%20c&n%61me=d+e&x=name&name&name=#name=f";
        let values = |name: &str| -> Vec<&str> {
            let ranges = values_of_parameters(url, |own| own.eq_ignore_ascii_case(name));
            ranges.into_iter().map(|range| &url[range]).collect()
        };
        assert_eq!((values("name"), values("x"), values("y")), (vec!["b%20c", "d+e", ""], vec!["name"], vec![]));
        assert!(values_of_parameters("https://h/a", |_| true).is_empty());
        let parts = |url: &'static str, text: &str| -> Vec<&str> {
            parts_of_path(url, text).into_iter().map(|range| &url[range]).collect()
        };
        assert_eq!(parts("https://h/jobs/gr%C3%BCn/jobs?gr%C3%BCn", "gr\u{fc}n"), ["gr%C3%BCn"]);
        assert_eq!(parts("/b/a%2Fb/c", "a/b"), ["a%2Fb"]);
        assert_eq!(parts("/b/a/b/c/d", "a/b/c"), ["a/b/c"], "what a greedy label took");
        assert_eq!(parts("https://acme.h/x", "acme"), ["acme"], "a label of the host");
        assert_eq!(parts("/b/c", "x"), Vec::<&str>::new());
    }

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

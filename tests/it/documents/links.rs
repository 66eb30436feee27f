//! The book is whole: its summary names each page once, each link leads to a page and a heading that are there, and the
//! README is as short as a first look is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use regex::Regex;

use super::{BOOK, Document, Part, documents, hold};
use crate::support::root;

/// Bytes of a README that is read in two minutes.
const SHORT: usize = 8_000;

#[test]
fn the_readme_is_short() {
    let length = documents()[0].text.len();
    assert!(length <= SHORT, "README.md has {length} bytes, and should have at most {SHORT}; the book has room");
}

#[test]
fn the_summary_names_each_page_once() {
    let documents = documents();
    let summary =
        documents.iter().find(|one| one.name == format!("{BOOK}/SUMMARY.md")).expect("the book has a summary");
    let named: Vec<PathBuf> = links(summary).into_iter().map(|(_, to)| Path::new(BOOK).join(to)).collect();
    let distinct: BTreeSet<PathBuf> = named.iter().cloned().collect();
    assert_eq!(named.len(), distinct.len(), "a page is named twice");
    let pages = documents.iter().filter(|one| one.name.starts_with(BOOK) && one.name != summary.name);
    let pages: BTreeSet<PathBuf> = pages.map(|one| PathBuf::from(&one.name)).collect();
    assert_eq!(distinct, pages);
    // Each page has the title that the summary gives it, or begins with a heading at least.
    for document in documents.iter().filter(|one| one.name.starts_with(BOOK)) {
        assert!(document.text.starts_with("# "), "{} begins with no heading", document.name);
    }
}

#[test]
fn links_lead_somewhere() {
    let documents = documents();
    let headings: BTreeMap<&str, BTreeSet<String>> =
        documents.iter().map(|one| (one.name.as_str(), headings(one))).collect();
    let (mut wrong, mut followed) = (Vec::new(), 0);
    for document in &documents {
        for (_, to) in links(document) {
            if to.contains("://") {
                continue;
            }
            followed += 1;
            let (path, heading) = to.split_once('#').map_or((to, None), |(path, heading)| (path, Some(heading)));
            let target = if path.is_empty() { document.name.clone() } else { beside(&document.name, path) };
            // The book is read without the repository around it.
            let leaves = document.name.starts_with(BOOK) && !target.starts_with(BOOK);
            if leaves || !root().join(&target).exists() {
                wrong.push(format!("{}: {to} is not there", document.name));
            } else if let Some(heading) = heading
                && headings.get(target.as_str()).is_none_or(|all| !all.contains(heading))
            {
                wrong.push(format!("{}: {to}: no such heading", document.name));
            }
        }
    }
    hold(&wrong);
    assert!(followed > 60, "{followed} links were found");
}

/// Links of a document outside of its code: text and target.
fn links(document: &Document) -> Vec<(&str, &str)> {
    let link = Regex::new(r"\[([^\]]*)\]\(([^)\s]+)\)").expect("a pattern of ours");
    let mut links = Vec::new();
    for part in document.parts() {
        let Part::Text(text) = part else { continue };
        for found in link.captures_iter(text) {
            let [text, to] = [1, 2].map(|at| found.get(at).expect("a group").as_str());
            links.push((text, to));
        }
    }
    links
}

/// Names of headings, as links have them.
fn headings(document: &Document) -> BTreeSet<String> {
    let mut headings = BTreeSet::new();
    for part in document.parts() {
        let Part::Text(text) = part else { continue };
        let titles = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
        headings.extend(titles.map(|title| {
            let kept = title.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect::<String>()
        }));
    }
    headings
}

/// A path that is said beside a file, from the package's folder.
fn beside(file: &str, path: &str) -> String {
    let mut whole = PathBuf::new();
    for part in Path::new(file).parent().expect("a file has a folder").join(path).components() {
        match part {
            Component::ParentDir => drop(whole.pop()),
            Component::Normal(name) => whole.push(name),
            _ => {}
        }
    }
    whole.to_string_lossy().replace('\\', "/")
}

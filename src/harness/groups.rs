//! Names in a bounded number of groups, by what they begin with.
//!
//! The groups follow from the names alone, so that two processes that see the same files have the same groups.

use std::collections::BTreeSet;
use std::ops::Range;

/// Names that are judged together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// A pattern like `memberships/Get*`; the name itself where it is the only one.
    pub(super) name: String,
    /// Positions of its names, of which there is at least one.
    pub(super) members: Range<usize>,
}

/// At most `most` groups, but at least one, of names that are sorted and differ.
///
/// The largest group is split first.
pub(super) fn groups(names: &[String], most: usize) -> Vec<Group> {
    let most = most.max(1);
    if names.len() <= most {
        return (0..names.len()).map(|at| Group { name: names[at].clone(), members: at..at + 1 }).collect();
    }
    let all = 0..names.len();
    let mut groups = vec![Group { name: pattern(names, &all), members: all }];
    while groups.len() < most {
        let size = |at: &usize| (groups[*at].members.len(), std::cmp::Reverse(*at));
        let largest = (0..groups.len()).max_by_key(size).expect("there is at least one");
        let split = split(names, &groups[largest].members, most - groups.len() + 1);
        groups.splice(largest..=largest, split);
    }
    distinct(names, groups)
}

/// The names of a group in two to `most` groups, by the first character in which they differ.
fn split(names: &[String], members: &Range<usize>, most: usize) -> Vec<Group> {
    let shared = shared(names, members);
    let next = |at: usize| names[at][shared.len()..].chars().next();
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in members.clone() {
        match runs.last_mut() {
            Some(run) if next(run.start) == next(at) => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    let group = |run: Range<usize>| {
        let name = match (next(run.start), next(run.end - 1)) {
            (Some(first), Some(last)) if first != last => format!("{shared}[{first}-{last}]*"),
            _ => pattern(names, &run),
        };
        Group { name, members: run }
    };
    joined(runs, members, most).into_iter().map(group).collect()
}

/// Neighbours among the runs joined where there are more than `most`, by the part of the whole that their middle lies in.
fn joined(runs: Vec<Range<usize>>, whole: &Range<usize>, most: usize) -> Vec<Range<usize>> {
    if runs.len() <= most {
        return runs;
    }
    let part = |run: &Range<usize>| (run.start + run.end - 2 * whole.start) * most / (2 * whole.len());
    let mut joined: Vec<(usize, Range<usize>)> = Vec::new();
    for run in runs {
        match joined.last_mut() {
            Some((last, so_far)) if *last == part(&run) => so_far.end = run.end,
            _ => joined.push((part(&run), run)),
        }
    }
    joined.into_iter().map(|(_, run)| run).collect()
}

/// What the names of a group have in common, with `*` for the rest.
fn pattern(names: &[String], members: &Range<usize>) -> String {
    let shared = shared(names, members);
    if members.len() == 1 { shared.to_owned() } else { format!("{shared}*") }
}

/// What all names of a group begin with: what the first and the last do, for they are sorted.
fn shared<'n>(names: &'n [String], members: &Range<usize>) -> &'n str {
    let (first, last) = (&names[members.start], &names[members.end - 1]);
    let same = first.char_indices().zip(last.chars()).find(|((_, a), b)| a != b).map(|((at, _), _)| at);
    &first[..same.unwrap_or(first.len().min(last.len()))]
}

/// Groups whose names are none of a file's and none of another group's, whatever characters file names have.
fn distinct(names: &[String], mut groups: Vec<Group>) -> Vec<Group> {
    let mut taken: BTreeSet<String> = names.iter().cloned().collect();
    for group in groups.iter_mut().filter(|group| group.members.len() > 1) {
        while !taken.insert(group.name.clone()) {
            group.name.push('*');
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str], most: usize) -> Vec<(String, usize)> {
        let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        names.sort_unstable();
        let groups = groups(&names, most);
        let ends: Vec<usize> = groups.iter().map(|group| group.members.end).collect();
        let starts: Vec<usize> = groups.iter().map(|group| group.members.start).collect();
        assert_eq!(starts.first(), Some(&0), "{groups:?}");
        assert_eq!(ends.last(), Some(&names.len()), "{groups:?}");
        assert_eq!(starts[1..], ends[..ends.len() - 1], "each name is in one group: {groups:?}");
        assert!(groups.len() <= most.max(1), "{groups:?}");
        let distinct: BTreeSet<&String> = groups.iter().map(|group| &group.name).collect();
        assert_eq!(distinct.len(), groups.len(), "{groups:?}");
        groups.into_iter().map(|group| (group.name, group.members.len())).collect()
    }

    fn told(names: &[&str], most: usize) -> Vec<String> {
        named(names, most).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn few_names_stand_for_themselves() {
        assert_eq!(groups(&[], 3), []);
        assert_eq!(told(&["b", "a/x"], 2), ["a/x", "b"]);
    }

    #[test]
    fn folders_and_beginnings_are_groups() {
        let names = ["q/Get.1", "q/Get.2", "m/Create.1", "m/Create.2", "m/Create.3", "z"];
        assert_eq!(told(&names, 1), ["*"]);
        assert_eq!(told(&names, 0), ["*"]);
        assert_eq!(told(&names, 3), ["m/Create.*", "q/Get.*", "z"]);
        assert_eq!(told(&["a/1", "a/2", "a/3", "a/4"], 1), ["a/*"]);
    }

    #[test]
    fn more_beginnings_than_groups_are_joined() {
        let names: Vec<String> = ('a'..='z').flat_map(|first| [format!("{first}/1"), format!("{first}/2")]).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(told(&names, 4), ["[a-f]*", "[g-m]*", "[n-s]*", "[t-z]*"]);
        assert_eq!(told(&names, 16).len(), 16);
    }

    #[test]
    fn two_hundred_names_are_at_most_so_many_groups_of_like_size() {
        let flat: Vec<String> = (0..200).map(|number| format!("recording-{number:03}.json")).collect();
        let skewed: Vec<String> = (0..200).map(|n| if n < 9 { format!("{n}/x") } else { format!("big/{n}") }).collect();
        let services: Vec<String> = (0..200u32).map(|n| format!("{:x}/{n}", n.wrapping_mul(2_654_435_761))).collect();
        for names in [flat, skewed, services] {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            for most in [2, 3, 5, 16, 40] {
                let groups = named(&names, most);
                assert_eq!(groups.len(), most, "{groups:?}");
                assert_eq!(groups, named(&names, most));
            }
        }
    }

    #[test]
    fn names_of_files_are_never_names_of_groups() {
        // What a file may be called on some systems.
        for names in
            [&["a", "a*", "a**", "ab"][..], &["x[a-b]*", "xa", "xb", "x[", "x[a-b]*y"], &["é", "è", "éa", "ëb"]]
        {
            for most in 1..names.len() {
                let files: BTreeSet<&str> = names.iter().copied().collect();
                let of_many: Vec<_> = named(names, most).into_iter().filter(|(_, size)| *size > 1).collect();
                assert!(of_many.iter().all(|(name, _)| !files.contains(name.as_str())), "{of_many:?}");
            }
        }
    }
}

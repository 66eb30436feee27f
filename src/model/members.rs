//! Finding the members of a structure, by name or by the key of a value. A model may have thousands of them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use super::{Encoding, Fact, Location, Member, Structure};

/// Members that are looked through one after the other, at most.
const FEW: usize = 32;

/// What is known of the members of a large structure, made when first needed.
#[derive(Default)]
pub(crate) struct Index {
    /// Numbers of the members by name and by key on the wire.
    numbers: OnceLock<[HashMap<Box<str>, usize>; 2]>,
    /// For each member whether it alone stands under its wire name in values.
    has_wire_name: OnceLock<Box<[bool]>>,
}

// It says no more than the members do, and a copy may get others.
impl Clone for Index {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Index {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Index")
    }
}

/// Members of one wire name: the first, and whether all of them have it at one place.
struct Namesakes {
    first: usize,
    at_one_place: bool,
}

impl Structure {
    /// The member of that name.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.member_of_key(name, Encoding::Parsed)
    }

    /// The member that a key stands for in a value of that encoding.
    pub fn member_of_key(&self, key: &str, encoding: Encoding) -> Option<&Member> {
        if self.members.len() > FEW {
            let [names, keys] = self.index.numbers.get_or_init(|| {
                [Encoding::Parsed, Encoding::Wire].map(|encoding| {
                    let keys = self.keys(encoding).enumerate();
                    // Of members that have one key the first is meant.
                    let mut numbers = HashMap::new();
                    keys.for_each(|(at, (key, _))| _ = numbers.entry(key.into()).or_insert(at));
                    numbers
                })
            });
            // Whoever added members since then finds them one by one.
            if names.len() == self.members.len() {
                let numbers = if encoding == Encoding::Wire { keys } else { names };
                return numbers.get(key).and_then(|at| self.members.get(*at));
            }
        }
        self.keys(encoding).find(|(own, _)| *own == key).map(|(_, member)| member)
    }

    /// The key of each member in a value of that encoding. On the wire that is the wire name, unless two members have it.
    pub(crate) fn keys(&self, encoding: Encoding) -> impl Iterator<Item = (&str, &Member)> {
        let known = (encoding == Encoding::Wire && self.members.len() > FEW).then(|| {
            let known = self.index.has_wire_name.get_or_init(|| self.with_wire_names());
            // Whoever added members since then has them looked at again.
            if known.len() == self.members.len() {
                Cow::Borrowed(&**known)
            } else {
                self.with_wire_names().into_vec().into()
            }
        });
        self.members.iter().enumerate().map(move |(at, member)| {
            let Some(wire_name) = member.wire_name.as_deref().filter(|_| encoding == Encoding::Wire) else {
                return (&*member.name, member);
            };
            let has_it = known.as_ref().map_or_else(|| self.has_its_wire_name(at, wire_name), |known| known[at]);
            (if has_it { wire_name } else { &*member.name }, member)
        })
    }

    /// For each member whether it alone stands under its wire name in values.
    fn with_wire_names(&self) -> Box<[bool]> {
        let mut namesakes: HashMap<&str, Namesakes> = HashMap::new();
        for (at, member) in self.members.iter().enumerate() {
            let found = namesakes.entry(member.wire_name()).or_insert(Namesakes { first: at, at_one_place: true });
            found.at_one_place &= found.first == at || shares(&self.members[found.first], member);
        }
        let has_it = |(at, member): (usize, &Member)| {
            namesakes.get(member.wire_name()).is_some_and(|found| found.first == at && found.at_one_place)
        };
        self.members.iter().enumerate().map(has_it).collect()
    }

    /// Whether a member alone stands under its wire name in values.
    fn has_its_wire_name(&self, at: usize, wire_name: &str) -> bool {
        let mut others =
            self.members.iter().enumerate().filter(|(other, own)| *other != at && own.wire_name() == wire_name);
        others.all(|(other, own)| other > at && shares(&self.members[at], own))
    }
}

/// Whether a later member of the same wire name has it at the same place as the first, and is called otherwise.
fn shares(first: &Member, later: &Member) -> bool {
    let place = |member: &Member| match member.location {
        Fact::Known(location) => (location, member.xml.attribute),
        Fact::Unknown => (Location::Body, member.xml.attribute),
    };
    later.wire_name.is_some() && place(first) == place(later)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Presence, ShapeId};

    fn structure(names: impl Iterator<Item = (String, Option<String>)>) -> Structure {
        let member = |(name, wire_name): (String, Option<String>)| Member {
            wire_name,
            ..Member::plain(name, ShapeId::new("Text"), Presence::Optional)
        };
        Structure { members: names.map(member).collect(), ..Structure::default() }
    }

    #[test]
    fn large_structures_have_the_keys_of_small_ones() {
        let names =
            [("A", Some("x")), ("B", Some("x")), ("C", None), ("D", Some("C")), ("E", Some("y")), ("F", Some("z"))];
        let names = || names.map(|(name, wire_name)| (name.to_owned(), wire_name.map(str::to_owned)));
        let more = (0..100).map(|number| (format!("m{number}"), Some(format!("w{number}"))));
        let large = structure(names().into_iter().chain(more));
        let small = structure(names().into_iter());
        let keys = |structure: &Structure| -> Vec<String> {
            structure.keys(Encoding::Wire).take(6).map(|(key, _)| key.to_owned()).collect()
        };
        assert_eq!(keys(&small), ["x", "B", "C", "D", "y", "z"]);
        assert_eq!(keys(&large), keys(&small));
        for (key, member) in large.keys(Encoding::Wire).chain(large.keys(Encoding::Parsed)) {
            let by_scan = [Encoding::Wire, Encoding::Parsed]
                .map(|encoding| large.keys(encoding).find(|(own, _)| *own == key).map(|(_, member)| &member.name));
            let found = [Encoding::Wire, Encoding::Parsed]
                .map(|encoding| large.member_of_key(key, encoding).map(|member| &member.name));
            assert_eq!(found, by_scan, "{key} of {}", member.name);
        }
        assert_eq!((large.member("gone"), large.member_of_key("gone", Encoding::Wire)), (None, None));
    }

    #[test]
    fn members_that_are_added_later_are_found_and_copies_have_their_own() {
        let mut large = structure((0..100).map(|number| (format!("m{number}"), None)));
        assert!(large.member("m7").is_some());
        let mut copy = large.clone();
        copy.members[7].name = "other".to_owned();
        assert!(copy.member("m7").is_none() && copy.member("other").is_some());
        large.members.push(Member::plain("more", ShapeId::new("Text"), Presence::Optional));
        assert!(large.member("m7").is_some() && large.member("more").is_some());
    }

    #[test]
    fn thousands_of_members_are_found_at_once() {
        let large = structure((0..50_000).map(|number| (format!("m{number}"), Some(format!("w{number}")))));
        let began = std::time::Instant::now();
        assert!((0..50_000).all(|number| large.member_of_key(&format!("w{number}"), Encoding::Wire).is_some()));
        assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    }
}

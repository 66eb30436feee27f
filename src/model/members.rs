//! Finding the members of a structure, by name or by the key of a value. A model may have thousands of them.

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use foldhash::fast::RandomState;

use super::{Encoding, Fact, Location, Member, Structure};

/// Members that are looked through one after the other, at most.
const FEW: usize = 32;

/// Something of members by two kinds of names.
type ByNames<T> = Box<[HashMap<Box<str>, T, RandomState>; 2]>;

/// Numbers of the members of a structure by their names, made when first needed.
#[derive(Default)]
pub(crate) struct Index {
    /// Of a large one, by name and by key on the wire.
    keys: OnceLock<ByNames<usize>>,
    /// Whether each stands under its wire name in values.
    has_wire_name: OnceLock<Box<[bool]>>,
    /// By the names of elements, and by those on the wire.
    elements: OnceLock<ByNames<Vec<usize>>>,
    /// Of the first that is an event stream.
    stream: OnceLock<Option<usize>>,
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
            let [names, keys] = &**self.index.keys.get_or_init(|| {
                Box::new([Encoding::Parsed, Encoding::Wire].map(|encoding| {
                    let keys = self.keys(encoding).enumerate();
                    // Of members that have one key the first is meant.
                    let mut numbers = HashMap::default();
                    keys.for_each(|(at, (key, _))| _ = numbers.entry(key.into()).or_insert(at));
                    numbers
                }))
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
        self.members.iter().enumerate().map(move |(at, member)| (self.key(at, member, encoding), member))
    }

    /// The key of the member of that number.
    fn key<'s>(&'s self, at: usize, member: &'s Member, encoding: Encoding) -> &'s str {
        let Some(wire_name) = member.wire_name.as_deref().filter(|_| encoding == Encoding::Wire) else {
            return &member.name;
        };
        if self.has_its_wire_name(at, wire_name) { wire_name } else { &member.name }
    }

    /// The first of the members that `is_meant` knows which an element of that name is, or is a part of, with its key.
    /// `element` has the name of a member's elements; requests name those of flattened lists after the member, too.
    pub(crate) fn member_of_element<'s>(
        &'s self,
        name: &str,
        encoding: Encoding,
        element: impl Fn(&'s Member) -> &'s str,
        is_meant: impl Fn(&Member) -> bool,
    ) -> Option<(&'s str, &'s Member)> {
        let [by_element, by_wire_name] = &**self.index.elements.get_or_init(|| {
            let mut numbers: ByNames<Vec<usize>> = Box::default();
            for (at, member) in self.members.iter().enumerate() {
                numbers[0].entry(element(member).into()).or_default().push(at);
                numbers[1].entry(member.wire_name().into()).or_default().push(at);
            }
            numbers
        });
        let first = |numbers: &HashMap<Box<str>, Vec<usize>, RandomState>| {
            let all = numbers.get(name)?.iter().filter_map(|at| Some((*at, self.members.get(*at)?)));
            all.into_iter().find(|(_, member)| is_meant(member))
        };
        let (at, member) = first(by_element).or_else(|| first(by_wire_name))?;
        Some((self.key(at, member, encoding), member))
    }

    /// The first member that is an event stream, with its key on the wire; `is_stream` knows it by what it refers to.
    pub(crate) fn event_stream_member(&self, is_stream: impl Fn(&Member) -> bool) -> Option<(&str, &Member)> {
        let at = (*self.index.stream.get_or_init(|| self.members.iter().position(is_stream)))?;
        let member = self.members.get(at)?;
        Some((self.key(at, member, Encoding::Wire), member))
    }

    /// Whether a member alone stands under its wire name in values.
    fn has_its_wire_name(&self, at: usize, wire_name: &str) -> bool {
        let all = self.index.has_wire_name.get_or_init(|| self.have_wire_names());
        if all.len() == self.members.len() {
            return all[at];
        }
        // Whoever added members since then has them compared one by one.
        let mut others =
            self.members.iter().enumerate().filter(|(other, own)| *other != at && own.wire_name() == wire_name);
        others.all(|(other, own)| other > at && shares(&self.members[at], own))
    }

    /// The same of each member.
    fn have_wire_names(&self) -> Box<[bool]> {
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
    fn elements_are_the_first_member_that_is_meant() {
        let names = [("A", Some("Item")), ("B", None), ("C", Some("B")), ("D", None), ("E", Some("D"))];
        let names = names.map(|(name, wire_name)| (name.to_owned(), wire_name.map(str::to_owned)));
        let structure = structure(names.into_iter());
        // What `D` has is a flattened list, whose elements have a name of their own.
        let element = |member: &Member| if member.name == "D" { "Item" } else { member.wire_name() }.to_owned();
        let elements: Vec<String> = structure.members.iter().map(element).collect();
        let element = |member: &Member| {
            let at = structure.members.iter().position(|own| own.name == member.name).expect("a member");
            elements[at].as_str()
        };
        let meant = |name: &str, but: &str| {
            let found = structure.member_of_element(name, Encoding::Wire, element, |member| member.name != but);
            found.map(|(key, member)| (key.to_owned(), member.name.clone()))
        };
        let told = |key: &str, name: &str| Some((key.to_owned(), name.to_owned()));
        assert_eq!([meant("Item", ""), meant("Item", "A")], [told("Item", "A"), told("D", "D")]);
        assert_eq!([meant("B", ""), meant("B", "B")], [told("B", "B"), told("C", "C")]);
        assert_eq!(meant("D", ""), told("E", "E"), "before the member that is called so");
        assert_eq!([meant("D", "E"), meant("X", "")], [told("D", "D"), None]);
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

//! Two snapshots → what differs, as facts. Nothing that differs is left out, and nothing is weighed.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Escaped, Recorded};
use super::moved::Moved;
use super::{Answer, Header, Member, Operation, Request, Snapshot, Texts};
use crate::model::Direction;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Service.
    pub service: String,
    /// Operation.
    pub operation: String,
    /// Half of the exchange, where it concerns one.
    pub direction: Option<Direction>,
    /// Code of the error whose answer it is about.
    pub error: Option<String>,
    /// What differs.
    pub change: Change,
}

/// Everything in which the newer snapshot differs from the older one, sorted by service and operation.
pub fn compare(old: &Snapshot, new: &Snapshot) -> Vec<Difference> {
    let keys: BTreeSet<(&str, &str)> = [old, new]
        .iter()
        .flat_map(|snapshot| snapshot.operations().map(|(service, name, _)| (service, name)))
        .collect();
    let mut found = Found::default();
    for (service, name) in keys {
        (found.service, found.operation) = (service.to_owned(), name.to_owned());
        match (old.operation(service, name), new.operation(service, name)) {
            (Some(old), Some(new)) => found.operation(old, new),
            (None, _) => found.add(None, Change::OperationAppeared),
            (_, None) => found.add(None, Change::OperationGone),
        }
    }
    found.all
}

#[derive(Default)]
struct Found {
    service: String,
    operation: String,
    error: Option<String>,
    /// HTTP messages are recorded on both sides, or on neither.
    alike: bool,
    all: Vec<Difference>,
}

impl Found {
    fn add(&mut self, direction: Option<Direction>, change: Change) {
        self.all.push(Difference {
            service: self.service.clone(),
            operation: self.operation.clone(),
            direction,
            error: self.error.clone(),
            change,
        });
    }

    fn operation(&mut self, old: &Operation, new: &Operation) {
        let is_http = |operation: &Operation| operation.request.as_ref().is_some_and(Request::is_http);
        self.alike = is_http(old) == is_http(new);
        match (&old.request, &new.request) {
            (Some(old), Some(new)) => self.request(old, new),
            (None, Some(_)) => self.add(None, Change::RecordedAppeared { part: Recorded::Requests }),
            (Some(_), None) => self.add(None, Change::RecordedGone { part: Recorded::Requests }),
            (None, None) => {}
        }
        match (&old.response, &new.response) {
            (Some(old), Some(new)) => self.answer(old, new),
            (None, Some(_)) => self.add(None, Change::RecordedAppeared { part: Recorded::Responses }),
            (Some(_), None) => self.add(None, Change::RecordedGone { part: Recorded::Responses }),
            (None, None) => {}
        }
        for (code, old, new) in both(&old.error, &new.error) {
            self.error = Some(code.to_owned());
            match (old, new) {
                (Some(old), Some(new)) => self.answer(old, new),
                (None, _) => self.add(Some(Direction::Response), Change::ErrorAppeared),
                (_, None) => self.add(Some(Direction::Response), Change::ErrorGone),
            }
        }
        self.error = None;
    }

    fn request(&mut self, old: &Request, new: &Request) {
        match (old.is_http(), new.is_http()) {
            (true, true) => self.http(old, new),
            (false, true) => self.add(None, Change::RecordedAppeared { part: Recorded::Http }),
            (true, false) => self.add(None, Change::RecordedGone { part: Recorded::Http }),
            (false, false) => {}
        }
        self.members(Direction::Request, &old.member, &new.member);
    }

    fn http(&mut self, old: &Request, new: &Request) {
        let add = |found: &mut Self, change| found.add(Some(Direction::Request), change);
        let protocol = Moved::between(&old.protocol, &new.protocol).into_iter().map(Change::Protocol);
        let method = Moved::between(&old.method, &new.method).into_iter().map(Change::Method);
        let host = Moved::between(&old.host, &new.host).into_iter().map(Change::Host);
        let uri = Moved::between(&old.uri, &new.uri).into_iter().map(Change::Uri);
        let version = Moved::between(&old.version, &new.version).into_iter().map(Change::Version);
        protocol.chain(method).chain(host).chain(uri).chain(version).for_each(|change| add(self, change));
        for (name, old, new) in both(&old.query, &new.query) {
            let name = name.to_owned();
            match (old.map(|one| one.sent), new.map(|one| one.sent)) {
                (None, Some(sent)) => add(self, Change::QueryAppeared { name, sent }),
                (Some(old), Some(new)) if old != new => add(self, Change::QueryPresence { name, old, new }),
                (Some(_), None) => add(self, Change::QueryGone { name }),
                _ => {}
            }
        }
        for (name, old, new) in both(&old.header, &new.header) {
            match (old, new) {
                (Some(old), Some(new)) => self.header(name, old, new),
                (None, Some(new)) => {
                    let (sent, value) = (new.sent, new.value.clone());
                    add(self, Change::HeaderAppeared { name: name.to_owned(), sent, value });
                }
                _ => add(self, Change::HeaderGone { name: name.to_owned() }),
            }
        }
    }

    fn header(&mut self, name: &str, old: &Header, new: &Header) {
        let direction = Some(Direction::Request);
        if old.sent != new.sent {
            self.add(direction, Change::HeaderPresence { name: name.to_owned(), old: old.sent, new: new.sent });
        }
        if old.signed != new.signed {
            self.add(direction, Change::HeaderSigned { name: name.to_owned(), old: old.signed, new: new.signed });
        }
        for moved in Moved::between(&old.value, &new.value) {
            self.add(direction, Change::HeaderValue { name: name.to_owned(), moved });
        }
    }

    fn answer(&mut self, old: &Answer, new: &Answer) {
        let direction = Some(Direction::Response);
        for status in new.status.difference(&old.status) {
            self.add(direction, Change::StatusAppeared { status: *status });
        }
        for status in old.status.difference(&new.status) {
            self.add(direction, Change::StatusGone { status: *status });
        }
        // Without messages there are no headers; that these are not recorded is told already.
        if self.alike {
            for moved in Moved::between(&old.content_type, &new.content_type) {
                self.add(direction, Change::ContentType(moved));
            }
        }
        self.members(Direction::Response, &old.member, &new.member);
    }

    /// Members, each told once.
    fn members(&mut self, direction: Direction, old: &BTreeMap<String, Member>, new: &BTreeMap<String, Member>) {
        for (path, before, after) in both(old, new) {
            match (before, after) {
                (Some(before), Some(after)) => self.member(direction, path, before, after),
                (None, _) | (_, None) if is_implied(path, old, new) => {}
                (None, Some(after)) => {
                    self.add(Some(direction), Change::MemberAppeared { path: path.to_owned(), sent: after.sent });
                }
                (_, None) => self.add(Some(direction), Change::MemberGone { path: path.to_owned() }),
            }
        }
    }

    fn member(&mut self, direction: Direction, path: &str, old: &Member, new: &Member) {
        let path = || path.to_owned();
        let direction = Some(direction);
        if let (Some(old), Some(new)) = (old.sent, new.sent)
            && old != new
        {
            self.add(direction, Change::MemberPresence { path: path(), old, new });
        }
        for moved in Moved::between(&old.form, &new.form) {
            self.add(direction, Change::MemberForm { path: path(), moved });
        }
        if old.escape != new.escape {
            let (old, new) = (old.escape.clone(), new.escape.clone());
            let how = escaped(&old, &new);
            self.add(direction, Change::MemberEscape { path: path(), old, new, how });
        }
        for value in new.value.difference(&old.value) {
            self.add(direction, Change::EnumValueAppeared { path: path(), value: value.clone() });
        }
        for value in old.value.difference(&new.value) {
            self.add(direction, Change::EnumValueGone { path: path(), value: value.clone() });
        }
    }
}

/// Whether what is there on one side only follows from what is told already: it is within something that is there on one
/// side only, or an element of a list whose form says that it is empty now.
fn is_implied(path: &str, old: &BTreeMap<String, Member>, new: &BTreeMap<String, Member>) -> bool {
    let mut outer = holders(path);
    let is_element = path.ends_with("[]") || path.ends_with("{}");
    let differs = |outer: &str| match (old.get(outer), new.get(outer)) {
        (Some(old), Some(new)) => old.form != new.form,
        _ => false,
    };
    is_element && outer.next().is_some_and(differs)
        || holders(path).any(|outer| old.contains_key(outer) != new.contains_key(outer))
}

/// Paths of what a member is within, the innermost first: of `a[].b`, `a[]` and `a`.
fn holders(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| {
        let shorter = path.strip_suffix("[]").or_else(|| path.strip_suffix("{}"));
        shorter.or_else(|| path.rsplit_once('.').map(|(outer, _)| outer))
    })
    .skip(1)
}

/// Keys of both maps with the values on either side.
fn both<'m, V>(
    old: &'m BTreeMap<String, V>,
    new: &'m BTreeMap<String, V>,
) -> impl Iterator<Item = (&'m str, Option<&'m V>, Option<&'m V>)> {
    let keys: BTreeSet<&str> = old.keys().chain(new.keys()).map(String::as_str).collect();
    keys.into_iter().map(|key| (key, old.get(key), new.get(key)))
}

/// Whether a character stood there in one way alone and stands there in the other way alone, or others occur.
fn escaped(old: &Texts, new: &Texts) -> Escaped {
    let other = |text: &str| match text.strip_prefix('%').and_then(|code| u8::from_str_radix(code, 16).ok()) {
        // In a parameter, a plus is a space.
        Some(b' ') => "+".to_owned(),
        Some(code) => char::from(code).to_string(),
        None => format!("%{:02X}", text.bytes().next().unwrap_or_default()),
    };
    let turned = |old: &Texts, new: &Texts| {
        old.iter().any(|text| !new.contains(text) && new.contains(&other(text)) && !old.contains(&other(text)))
    };
    if turned(old, new) || turned(new, old) { Escaped::Otherwise } else { Escaped::OtherCharacters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_character_may_stand_there_otherwise() {
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Texts>();
        let is_otherwise = |old: &[&str], new: &[&str]| escaped(&texts(old), &texts(new)) == Escaped::Otherwise;
        assert!(is_otherwise(&["%3A", "/"], &[":", "/"]));
        assert!(is_otherwise(&["+"], &["%20"]));
        assert!(!is_otherwise(&["%3A"], &["%2F"]), "other characters");
        assert!(!is_otherwise(&["%3A", ":"], &[":"]), "both were there");
        assert!(!is_otherwise(&[], &[":"]));
    }

    #[test]
    fn members_are_within_others() {
        let all = |path| holders(path).collect::<Vec<_>>();
        assert_eq!(all("a[].b{}"), ["a[].b", "a[]", "a"]);
        assert_eq!(all("a"), Vec::<&str>::new());
    }

    #[test]
    fn a_snapshot_does_not_differ_from_itself() {
        let operation = Operation { request: Some(Request::default()), ..Operation::default() };
        let services = BTreeMap::from([("a".to_owned(), BTreeMap::from([("B".to_owned(), operation)]))]);
        let snapshot = Snapshot { services };
        assert_eq!(compare(&snapshot, &snapshot), []);
        let appeared: Vec<Change> =
            compare(&Snapshot::default(), &snapshot).into_iter().map(|one| one.change).collect();
        assert_eq!(appeared, [Change::OperationAppeared]);
    }
}

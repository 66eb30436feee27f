//! Operations: which there are, and how each is called.

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::uri::{self, UriChange};
use super::{Change, Difference, same_protocol};
use crate::model::{
    Direction, ErrorTrait, Fact, Location, Member, Operation, Protocol, Service, Shape, ShapeId, XmlTraits,
};

pub(super) fn differences(old: &Service, new: &Service) -> Vec<Difference> {
    let mut found = Vec::new();
    let removed: Vec<&Operation> =
        old.operations.values().filter(|operation| !new.operations.contains_key(&operation.name)).collect();
    let added: Vec<&Operation> =
        new.operations.values().filter(|operation| !old.operations.contains_key(&operation.name)).collect();
    let mut heirs = Heirs::new(&added);
    for gone in &removed {
        let change = match heirs.take(gone) {
            Some(heir) => Change::OperationRenamed { new: heir.name.clone() },
            // What a page does not show it may not know of.
            None if new.is_partial() => continue,
            None => Change::OperationRemoved,
        };
        found.push(about(gone, change));
    }
    let came = added.iter().filter(|came| !heirs.known.contains(came.name.as_str()) && !old.is_partial());
    found.extend(came.map(|came| about(came, Change::OperationAdded)));
    for operation in old.operations.values() {
        if let Some(other) = new.operations.get(&operation.name) {
            found.extend(of_one(old, new, operation, other).into_iter().map(|change| about(operation, change)));
        }
    }
    let mut found = together(found);
    found.extend(of_errors(old, new));
    found
}

fn about(operation: &Operation, change: Change) -> Difference {
    Difference::of_operation(&operation.name, change)
}

/// Puts differences that are the same but for their operation into one, in the place of the first: an error that all
/// operations declare from now on is one fact.
fn together(differences: Vec<Difference>) -> Vec<Difference> {
    let mut found: Vec<Difference> = Vec::new();
    let mut shared: HashMap<String, usize> = HashMap::new();
    for difference in differences {
        let is_shared = matches!(
            difference.change,
            Change::ErrorAdded { .. }
                | Change::ErrorRemoved { .. }
                | Change::OperationAuthChanged { .. }
                | Change::OperationEndpointChanged { .. }
                | Change::OperationUnsignedPayloadChanged { .. }
                | Change::HttpResponseCodeChanged { .. }
                | Change::XmlNamespaceChanged { .. }
        );
        if is_shared {
            let at = *shared.entry(format!("{:?}", difference.change)).or_insert(found.len());
            if let Some(known) = found.get_mut(at) {
                known.operations.extend(difference.operations);
                continue;
            }
        }
        found.push(difference);
    }
    found
}

/// Operations that came, by what makes one of them another name of one that is gone: the same name but for case, or method and
/// path of its own. A path that all operations share says nothing.
struct Heirs<'m> {
    added: &'m [&'m Operation],
    /// Numbers of those with each name in lower case, and with each method and path, in their order.
    by_name: HashMap<String, VecDeque<usize>>,
    by_way: HashMap<(String, String), VecDeque<usize>>,
    /// Names of those that were taken.
    known: BTreeSet<&'m str>,
}

impl<'m> Heirs<'m> {
    fn new(added: &'m [&'m Operation]) -> Self {
        let (mut by_name, mut by_way): (HashMap<_, VecDeque<_>>, HashMap<_, VecDeque<_>>) = Default::default();
        for (at, operation) in added.iter().enumerate() {
            by_name.entry(operation.name.to_ascii_lowercase()).or_default().push_back(at);
            if let Some(way) = way(operation) {
                by_way.entry(way).or_default().push_back(at);
            }
        }
        Self { added, by_name, by_way, known: BTreeSet::new() }
    }

    /// The first that nobody took.
    fn take(&mut self, gone: &Operation) -> Option<&'m Operation> {
        let named = self.by_name.get_mut(&gone.name.to_ascii_lowercase());
        let same_way = way(gone).and_then(|way| self.by_way.get_mut(&way));
        let first = |open: &mut VecDeque<usize>| {
            while open.front().is_some_and(|at| self.known.contains(self.added[*at].name.as_str())) {
                open.pop_front();
            }
            open.front().copied()
        };
        let at = named.into_iter().chain(same_way).filter_map(first).min()?;
        self.known.insert(&self.added[at].name);
        Some(self.added[at])
    }
}

/// Method and path of an operation that has a path of its own, without the names of labels.
fn way(operation: &Operation) -> Option<(String, String)> {
    let http = operation.http.known().filter(|http| http.uri != "/")?;
    Some((http.method.clone(), uri::without_names(&http.uri)))
}

fn of_one(old: &Service, new: &Service, operation: &Operation, other: &Operation) -> Vec<Change> {
    let mut found = Vec::new();
    match (&operation.input, &other.input) {
        (Some(_), None) => found.push(Change::InputRemoved),
        (None, Some(_)) => found.push(Change::InputAdded),
        _ => {}
    }
    match (&operation.output, &other.output) {
        (Some(_), None) => found.push(Change::OutputRemoved),
        (None, Some(_)) => found.push(Change::OutputAdded),
        _ => {}
    }
    if !old.is_partial() && !new.is_partial() {
        found.extend(of_auth([old, new], operation, other));
        found.extend(of_traits(operation, other));
        if same_protocol(old, new) {
            found.extend(of_layout([old, new], operation, other));
        }
    }
    if let (Fact::Known(one), Fact::Known(two)) = (&operation.errors, &other.errors) {
        let names = |errors: &[ShapeId]| errors.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
        let (one, two) = (names(one), names(two));
        found.extend(one.difference(&two).map(|error| Change::ErrorRemoved { error: error.clone() }));
        found.extend(two.difference(&one).map(|error| Change::ErrorAdded { error: error.clone() }));
    }
    found
}

fn of_traits(operation: &Operation, other: &Operation) -> Vec<Change> {
    let mut found = Vec::new();
    if other.deprecated && !operation.deprecated {
        found.push(Change::OperationDeprecated);
    }
    if operation.host_prefix != other.host_prefix {
        let (old, new) = (operation.host_prefix.clone(), other.host_prefix.clone());
        found.push(Change::OperationEndpointChanged { old, new });
    }
    if operation.checksum != other.checksum {
        let (old, new) = (operation.checksum.clone(), other.checksum.clone());
        found.push(Change::OperationChecksumChanged { old, new });
    }
    if operation.compression != other.compression {
        let (old, new) = (operation.compression.clone(), other.compression.clone());
        found.push(Change::OperationCompressionChanged { old, new });
    }
    let unsigned = |of: &Operation| of.unsigned_payload || of.auth.as_deref() == Some(UNSIGNED_BODY);
    if unsigned(operation) != unsigned(other) {
        found.push(Change::OperationUnsignedPayloadChanged { unsigned: unsigned(other) });
    }
    found
}

/// How the older way of naming what signs an operation says that the body is left out.
const UNSIGNED_BODY: &str = "v4-unsigned-body";

/// How requests of the operation are signed, where it is not as the service says on both sides.
fn of_auth([old, new]: [&Service; 2], operation: &Operation, other: &Operation) -> Option<Change> {
    // Models have said it in two ways; a list of schemes is the newer one.
    let set = |operation: &Operation| match (&operation.auth_schemes, operation.auth.as_deref()) {
        (Some(schemes), _) => Some(schemes.clone()),
        (None, Some("none")) => Some(vec!["smithy.api#noAuth".to_owned()]),
        (None, Some("v4" | UNSIGNED_BODY)) => Some(vec!["aws.auth#sigv4".to_owned()]),
        (None, of_type) => of_type.map(|of_type| vec![of_type.to_owned()]),
    };
    let (one, two) = (set(operation), set(other));
    if one.is_none() && two.is_none() {
        return None;
    }
    let of_service = |service| super::service::schemes(service).unwrap_or_default();
    let (one, two) = (one.unwrap_or_else(|| of_service(old)), two.unwrap_or_else(|| of_service(new)));
    let told = |schemes: Vec<String>| Some(schemes.join(", ")).filter(|told| !told.is_empty());
    (one != two).then(|| Change::OperationAuthChanged { old: told(one), new: told(two) })
}

/// How messages are laid out, beyond their members.
fn of_layout(services: [&Service; 2], operation: &Operation, other: &Operation) -> Vec<Change> {
    let mut found = of_http(services, operation, other);
    // What came or went as a whole brought its layout.
    let has_both_outputs = operation.output.is_some() && other.output.is_some();
    let has_both_inputs = operation.input.is_some() && other.input.is_some();
    match services[1].protocol() {
        Some(Protocol::AwsQuery) if has_both_outputs && operation.result_wrapper != other.result_wrapper => {
            let (old, new) = (operation.result_wrapper.clone(), other.result_wrapper.clone());
            found.push(Change::ResultWrapperChanged { old, new });
        }
        Some(Protocol::RestXml) if has_both_inputs => found.extend(of_roots(&operation.input_xml, &other.input_xml)),
        _ => {}
    }
    found
}

/// The element that a request's members stand in.
fn of_roots(old: &XmlTraits, new: &XmlTraits) -> Vec<Change> {
    let mut found: Vec<Change> = super::effective::of_xml(old, new).collect();
    if old.name != new.name {
        let (old, new) = (old.name.clone().unwrap_or_default(), new.name.clone().unwrap_or_default());
        found.push(Change::WireNameChanged { old, new });
    }
    found
}

fn of_http(services: [&Service; 2], operation: &Operation, other: &Operation) -> Vec<Change> {
    let (Fact::Known(one), Fact::Known(two)) = (&operation.http, &other.http) else { return Vec::new() };
    let mut found = Vec::new();
    if one.method != two.method {
        found.push(Change::HttpMethodChanged { old: one.method.clone(), new: two.method.clone() });
    }
    let (old, new) = (one.uri.clone(), two.uri.clone());
    let by_member = [filled(services[0], operation, &old), filled(services[1], other, &new)];
    match uri::change(&old, &new) {
        Some(UriChange::Other) => found.push(Change::HttpUriChanged { old, new }),
        _ if uri::labels_moved(&by_member[0], &by_member[1]) => {
            let [old, new] = by_member;
            found.push(Change::HttpUriChanged { old, new });
        }
        Some(UriChange::Cosmetic) => found.push(Change::HttpUriCosmeticChanged { old, new }),
        Some(UriChange::LabelsRenamed) => found.push(Change::HttpUriLabelRenamed { old, new }),
        None => {}
    }
    if one.success() != two.success() {
        found.push(Change::HttpResponseCodeChanged { old: one.success(), new: two.success() });
    }
    found
}

/// The template with labels named by the members that fill them.
fn filled(service: &Service, operation: &Operation, template: &str) -> String {
    let Some(structure) = service.half(operation, Direction::Request) else { return template.to_owned() };
    uri::with_labels(template, |label| {
        let fills = |member: &&Member| member.location == Fact::Known(Location::Label) && member.wire_name() == label;
        structure.members.iter().find(fills).map_or(label, |member| &member.name)
    })
}

/// What differs about the errors that operations of both declare.
fn of_errors(old: &Service, new: &Service) -> Vec<Difference> {
    let mut found = Vec::new();
    for (id, shape) in &old.shapes {
        let (Some(one), Some(two)) = (shape.error(), new.shape(id).and_then(Shape::error)) else {
            continue;
        };
        let changes = if one == two { Vec::new() } else { of_error(id, one, two, same_protocol(old, new)) };
        let operations = if changes.is_empty() { Vec::new() } else { declaring(id, old, new) };
        if operations.is_empty() {
            continue;
        }
        found.extend(changes.into_iter().map(|change| Difference {
            operations: operations.clone(),
            shape: Some(id.to_string()),
            older_shape: Some(id.to_string()),
            ..Difference::of_service(change)
        }));
    }
    found
}

/// Operations that declare the error in both models.
fn declaring(error: &ShapeId, old: &Service, new: &Service) -> Vec<String> {
    let declares =
        |operation: &Operation| operation.errors.known().is_some_and(|errors| errors.iter().any(|id| id == error));
    let in_both =
        |operation: &&Operation| declares(operation) && old.operations.get(&operation.name).is_some_and(declares);
    new.operations.values().filter(in_both).map(|operation| operation.name.clone()).collect()
}

fn of_error(id: &ShapeId, one: &ErrorTrait, two: &ErrorTrait, same_protocol: bool) -> Vec<Change> {
    let mut found = Vec::new();
    let code = |error: &ErrorTrait| error.code.clone().unwrap_or_else(|| id.to_string());
    if code(one) != code(two) {
        found.push(Change::ErrorCodeChanged { old: code(one), new: code(two) });
    }
    // Where one model states no status, whose fault it is tells it; where none does, the fault is what changed.
    let is_stated = one.status.or(two.status).is_some();
    let status = |error: &ErrorTrait| error.status.unwrap_or(if error.sender_fault { 400 } else { 500 });
    if same_protocol && is_stated && status(one) != status(two) {
        found.push(Change::ErrorStatusChanged { old: one.status, new: two.status });
    }
    if one.sender_fault != two.sender_fault {
        found.push(Change::ErrorFaultChanged { sender: two.sender_fault });
    }
    if one.retryable != two.retryable {
        found.push(Change::ErrorRetryableChanged { retryable: two.retryable });
    }
    found
}

//! Operations: which there are, and how each is called.

use std::collections::BTreeSet;

use super::uri::{self, UriChange};
use super::{Change, Difference, same_protocol};
use crate::model::{ErrorTrait, Fact, Operation, Service, ShapeId, ShapeKind};

pub(super) fn differences(old: &Service, new: &Service) -> Vec<Difference> {
    let mut found = Vec::new();
    let removed: Vec<&Operation> =
        old.operations.values().filter(|operation| !new.operations.contains_key(&operation.name)).collect();
    let added: Vec<&Operation> =
        new.operations.values().filter(|operation| !old.operations.contains_key(&operation.name)).collect();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for gone in &removed {
        let heir = added.iter().find(|came| is_renamed(gone, came) && !known.contains(came.name.as_str()));
        let change = match heir {
            Some(heir) => {
                known.insert(&heir.name);
                Change::OperationRenamed { new: heir.name.clone() }
            }
            // What a page does not show it may not know of.
            None if new.is_partial() => continue,
            None => Change::OperationRemoved,
        };
        found.push(about(gone, change));
    }
    let came = added.iter().filter(|came| !known.contains(came.name.as_str()) && !old.is_partial());
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
        match found.iter_mut().find(|known| is_shared && known.change == difference.change) {
            Some(known) => known.operations.extend(difference.operations),
            None => found.push(difference),
        }
    }
    found
}

/// Whether an operation that is gone came back by another name: the same but for case, or with method and path of its
/// own. A path that all operations share says nothing.
fn is_renamed(gone: &Operation, came: &Operation) -> bool {
    let is_own = |operation: &Operation| operation.http.known().is_some_and(|http| http.uri != "/");
    let same_way = || match (&gone.http, &came.http) {
        (Fact::Known(one), Fact::Known(other)) => one.method == other.method && one.uri == other.uri,
        _ => false,
    };
    gone.name.eq_ignore_ascii_case(&came.name) || is_own(gone) && same_way()
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
        found.extend(of_traits(operation, other));
        if same_protocol(old, new) {
            found.extend(of_layout(operation, other));
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
    // Models have said it in two ways; a list of schemes is the newer one.
    let auth = |operation: &Operation| match (&operation.auth_schemes, operation.auth.as_deref()) {
        (Some(schemes), _) => Some(schemes.join(", ")),
        (None, Some("none")) => Some("smithy.api#noAuth".to_owned()),
        (None, of_type) => of_type.map(str::to_owned),
    };
    if auth(operation) != auth(other) {
        found.push(Change::OperationAuthChanged { old: auth(operation), new: auth(other) });
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
    if operation.unsigned_payload != other.unsigned_payload {
        found.push(Change::OperationUnsignedPayloadChanged { unsigned: other.unsigned_payload });
    }
    found
}

/// How messages are laid out, beyond their members.
fn of_layout(operation: &Operation, other: &Operation) -> Vec<Change> {
    let mut found = of_http(operation, other);
    if operation.result_wrapper != other.result_wrapper {
        let (old, new) = (operation.result_wrapper.clone(), other.result_wrapper.clone());
        found.push(Change::ResultWrapperChanged { old, new });
    }
    found.extend(super::member::of_xml(&operation.input_xml, &other.input_xml));
    found
}

fn of_http(operation: &Operation, other: &Operation) -> Vec<Change> {
    let (Fact::Known(one), Fact::Known(two)) = (&operation.http, &other.http) else { return Vec::new() };
    let mut found = Vec::new();
    if one.method != two.method {
        found.push(Change::HttpMethodChanged { old: one.method.clone(), new: two.method.clone() });
    }
    let (old, new) = (one.uri.clone(), two.uri.clone());
    match uri::change(&old, &new) {
        Some(UriChange::Other) => found.push(Change::HttpUriChanged { old, new }),
        Some(UriChange::Cosmetic) => found.push(Change::HttpUriCosmeticChanged { old, new }),
        Some(UriChange::LabelsRenamed) => found.push(Change::HttpUriLabelRenamed { old, new }),
        None => {}
    }
    if one.status != two.status {
        found.push(Change::HttpResponseCodeChanged { old: one.status, new: two.status });
    }
    found
}

/// What differs about the errors that operations of both declare.
fn of_errors(old: &Service, new: &Service) -> Vec<Difference> {
    let declaring = |service: &Service, error: &ShapeId| -> Vec<String> {
        let declares = |operation: &&crate::model::Operation| {
            operation.errors.known().is_some_and(|errors| errors.contains(error))
        };
        service.operations.values().filter(declares).map(|operation| operation.name.clone()).collect()
    };
    let mut found = Vec::new();
    for (id, shape) in &old.shapes {
        let (Some(one), Some(two)) =
            (error_trait(&shape.kind), new.shape(id).and_then(|shape| error_trait(&shape.kind)))
        else {
            continue;
        };
        let operations = declaring(new, id);
        if one == two || operations.is_empty() {
            continue;
        }
        let mut add = |change| {
            let (shape, older_shape) = (Some(id.to_string()), Some(id.to_string()));
            let operations = operations.clone();
            found.push(Difference { operations, shape, older_shape, ..Difference::of_service(change) });
        };
        let code = |error: &ErrorTrait| error.code.clone().unwrap_or_else(|| id.to_string());
        if code(one) != code(two) {
            add(Change::ErrorCodeChanged { old: code(one), new: code(two) });
        }
        if one.status != two.status {
            add(Change::ErrorStatusChanged { old: one.status, new: two.status });
        }
        if one.sender_fault != two.sender_fault {
            add(Change::ErrorFaultChanged { sender: two.sender_fault });
        }
        if one.retryable != two.retryable {
            add(Change::ErrorRetryableChanged { retryable: two.retryable });
        }
    }
    found
}

fn error_trait(kind: &ShapeKind) -> Option<&ErrorTrait> {
    match kind {
        ShapeKind::Structure(structure) => structure.error.as_ref(),
        _ => None,
    }
}

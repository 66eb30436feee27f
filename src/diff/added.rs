//! What a page of the API change log shows of an upgrade: which operations are new, and what others gained.
//!
//! A page compares the shapes of inputs and outputs by their names, those of the newer model. It shows added members
//! whole, follows members that both have, through lists and maps to what they hold, and shows values that an
//! enumeration gained; a member that became a structure is shown like an added one. It shows nothing else, least of
//! all what is gone. Where a source knows a part alone, as a page does, its shapes have no names of the model's, so the
//! inputs and outputs of the same operation are compared.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Change, Difference};
use crate::ingest::api_changes::{ChangeStatus, ChangeTree, OperationChanges};
use crate::model::{
    Direction, EnumValues, FloatWidth, IntegerWidth, Member, Operation, Service, Shape, ShapeId, ShapeKind, Structure,
};

/// What a page shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shown {
    /// Operations that are new, then those that gained something; each by name.
    pub operations: Vec<OperationChanges>,
    /// Members and values of enumerations that are printed.
    printed: HashSet<Printed>,
}

/// A member or value of a shape, printed for one half of an operation.
type Printed = (String, Direction, ShapeId, String);

impl Shown {
    /// Whether a page says all of this difference where it shows that operation. That a new member is required, or one
    /// of a union's variants, its `Changes` do not say.
    pub fn holds(&self, difference: &Difference, operation: &str) -> bool {
        let name = match (&difference.change, &difference.member) {
            (Change::OperationAdded | Change::ServiceAdded, _) => return true,
            (Change::MemberAdded { required: true }, _) if difference.direction == Some(Direction::Request) => None,
            (Change::MemberAdded { .. }, member) => member.as_ref(),
            (Change::EnumValueAdded { value }, _) => Some(value),
            _ => None,
        };
        let (Some(name), Some(direction), Some(shape)) = (name, difference.direction, &difference.shape) else {
            return false;
        };
        self.printed.contains(&(operation.to_owned(), direction, ShapeId::new(shape.as_str()), name.clone()))
    }
}

/// What a page about the newer model shows. Without an older one all of it is new.
pub fn shown(old: Option<&Service>, new: &Service) -> Shown {
    let is_new = |operation: &&Operation| {
        old.is_none_or(|old| !old.is_partial() && !old.operations.contains_key(&operation.name))
    };
    let mut shown = Shown::default();
    shown.operations.extend(new.operations.values().filter(is_new).map(|operation| OperationChanges {
        operation: operation.name.clone(),
        status: ChangeStatus::Added,
        request: None,
        response: None,
    }));
    let Some(old) = old else { return shown };
    let common = new.operations.values().filter(|operation| old.operations.contains_key(&operation.name));
    let roots: Vec<(&Operation, Direction, Pair<'_>)> =
        common.flat_map(|operation| roots(old, new, operation)).collect();
    let mut comparison = Comparison {
        old,
        new,
        leading: leading(old, new, roots.iter().map(|(_, _, pair)| *pair).collect()),
        around: Vec::new(),
        printed: Vec::new(),
    };
    for (operation, direction, pair) in roots {
        let Some(tree) = comparison.gained(pair) else { continue };
        let printed = comparison.printed.drain(..);
        let name = &operation.name;
        shown.printed.extend(printed.map(|(shape, what)| (name.clone(), direction, shape.clone(), what.to_owned())));
        shown.add(name, direction, tree);
    }
    shown
}

impl Shown {
    /// Adds to the operation, which is the last one where it is here already.
    fn add(&mut self, operation: &str, direction: Direction, tree: ChangeTree) {
        if self.operations.last().is_none_or(|last| last.operation != operation) {
            self.operations.push(OperationChanges {
                operation: operation.to_owned(),
                status: ChangeStatus::Updated,
                request: None,
                response: None,
            });
        }
        let Some(last) = self.operations.last_mut() else { return };
        match direction {
            Direction::Request => last.request = Some(tree),
            Direction::Response => last.response = Some(tree),
        }
    }
}

/// An older shape and a newer one that are compared.
type Pair<'m> = (&'m ShapeId, &'m ShapeId);

/// Where a page begins to compare.
fn roots<'m>(
    old: &'m Service,
    new: &'m Service,
    operation: &'m Operation,
) -> impl Iterator<Item = (&'m Operation, Direction, Pair<'m>)> {
    let by_operation = old.is_partial() || new.is_partial();
    [Direction::Request, Direction::Response].into_iter().filter_map(move |direction| {
        let newer = operation.root(direction)?;
        let older = if by_operation {
            old.operations.get(&operation.name)?.root(direction)?
        } else {
            old.shapes.get_key_value(newer)?.0
        };
        Some((operation, direction, (older, newer)))
    })
}

/// Pairs from which something added is reached. Nothing else needs to be walked, so no way is walked in vain: ways
/// through shapes that hold each other are many.
fn leading<'m>(old: &'m Service, new: &'m Service, mut open: Vec<Pair<'m>>) -> HashSet<Pair<'m>> {
    let mut above: HashMap<Pair<'m>, Vec<Pair<'m>>> = HashMap::new();
    let (mut seen, mut leading): (HashSet<Pair<'m>>, HashSet<Pair<'m>>) = (HashSet::new(), HashSet::new());
    while let Some(pair) = open.pop() {
        let (true, Some(one), Some(two)) = (seen.insert(pair), old.shape(pair.0), new.shape(pair.1)) else { continue };
        if gains(&one.kind, &two.kind) {
            leading.insert(pair);
        }
        for below in below(&one.kind, &two.kind) {
            above.entry(below).or_default().push(pair);
            open.push(below);
        }
    }
    let mut open: Vec<Pair<'m>> = leading.iter().copied().collect();
    while let Some(pair) = open.pop() {
        for pair in above.remove(&pair).unwrap_or_default() {
            leading.insert(pair);
            open.push(pair);
        }
    }
    leading
}

/// Whether the newer shape itself has something that is shown.
fn gains(old: &ShapeKind, new: &ShapeKind) -> bool {
    match (old, new) {
        (ShapeKind::Structure(old), ShapeKind::Structure(new)) => added(old, new).next().is_some(),
        (_, ShapeKind::Structure(new)) => !new.members.is_empty(),
        (ShapeKind::String(old), ShapeKind::String(new)) => !added_values(old, new).is_empty(),
        _ => false,
    }
}

/// Pairs of shapes that a page goes on to. Of a map it looks at values alone.
fn below<'m>(old: &'m ShapeKind, new: &'m ShapeKind) -> Vec<Pair<'m>> {
    match (old, new) {
        (ShapeKind::Structure(old), ShapeKind::Structure(new)) => {
            let pair = |two: &'m Member| Some((&old.member(&two.name)?.target, &two.target));
            new.members.iter().filter_map(pair).collect()
        }
        (ShapeKind::List(old), ShapeKind::List(new)) => vec![(&old.target, &new.target)],
        (ShapeKind::Map(old), ShapeKind::Map(new)) => vec![(&old.value, &new.value)],
        _ => Vec::new(),
    }
}

fn added<'m>(old: &Structure, new: &'m Structure) -> impl Iterator<Item = &'m Member> {
    new.members.iter().filter(|member| old.member(&member.name).is_none())
}

fn added_values<'m>(EnumValues(old): &EnumValues, EnumValues(new): &'m EnumValues) -> BTreeSet<&'m str> {
    let known = |value: &&String| old.as_ref().is_some_and(|old| old.contains(value));
    new.iter().flatten().filter(|value| !known(value)).map(String::as_str).collect()
}

/// A comparison under way.
struct Comparison<'m> {
    old: &'m Service,
    new: &'m Service,
    leading: HashSet<Pair<'m>>,
    /// Newer shapes around the present one. A page does not look into a shape a second time.
    around: Vec<&'m ShapeId>,
    printed: Vec<(&'m ShapeId, &'m str)>,
}

impl<'m> Comparison<'m> {
    /// What the newer shape gained, if anything.
    fn gained(&mut self, pair: Pair<'m>) -> Option<ChangeTree> {
        if !self.leading.contains(&pair) || self.around.contains(&pair.1) {
            return None;
        }
        let (one, two) = (self.old.shape(pair.0)?, self.new.shape(pair.1)?);
        self.around.push(pair.1);
        let tree = match (&one.kind, &two.kind) {
            (ShapeKind::Structure(old), ShapeKind::Structure(new)) => self.members(old, new, pair.1),
            (_, ShapeKind::Structure(new)) => {
                (!new.members.is_empty()).then(|| whole(self.new, pair.1, &mut Vec::new()))
            }
            (ShapeKind::String(old), ShapeKind::String(new)) => {
                let values = added_values(old, new);
                self.printed.extend(values.iter().map(|value| (pair.1, *value)));
                let values: Vec<String> = values.into_iter().map(str::to_owned).collect();
                (!values.is_empty()).then_some(ChangeTree::EnumValues(values))
            }
            (one, two) => below(one, two).into_iter().find_map(|pair| self.gained(pair)),
        };
        self.around.pop();
        tree
    }

    fn members(&mut self, old: &'m Structure, new: &'m Structure, id: &'m ShapeId) -> Option<ChangeTree> {
        let mut members = Vec::new();
        for member in &new.members {
            let tree = if let Some(before) = old.member(&member.name) {
                self.gained((&before.target, &member.target))
            } else {
                self.printed.push((id, &member.name));
                Some(whole(self.new, &member.target, &mut Vec::new()))
            };
            members.extend(tree.map(|tree| (member.name.clone(), tree)));
        }
        members.sort_by(|(one, _), (other, _)| one.cmp(other));
        (!members.is_empty()).then_some(ChangeTree::Structure(members))
    }
}

/// An added shape with all that is in it; `around` are the added shapes around it.
fn whole<'m>(service: &'m Service, id: &'m ShapeId, around: &mut Vec<&'m ShapeId>) -> ChangeTree {
    let Some(shape) = service.shape(id) else { return ChangeTree::Structure(Vec::new()) };
    if around.contains(&id) {
        return ChangeTree::Recursive;
    }
    around.push(id);
    let tree = match &shape.kind {
        ShapeKind::Structure(structure) => {
            let members = structure.members.iter();
            let mut members: Vec<(String, ChangeTree)> =
                members.map(|member| (member.name.clone(), whole(service, &member.target, around))).collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            ChangeTree::Structure(members)
        }
        ShapeKind::Document => ChangeTree::Structure(Vec::new()),
        ShapeKind::List(list) => ChangeTree::List(Box::new(whole(service, &list.target, around))),
        ShapeKind::Map(map) => {
            let key = service.shape(&map.key).map_or_else(|| "string".to_owned(), scalar);
            ChangeTree::Structure(vec![(key, whole(service, &map.value, around))])
        }
        _ => ChangeTree::Scalar(scalar(shape)),
    };
    around.pop();
    tree
}

/// A scalar as pages name it. They say `integer` and `float` where a width is not known.
fn scalar(shape: &Shape) -> String {
    match &shape.kind {
        ShapeKind::String(EnumValues(Some(values))) if !values.is_empty() => values.join(" | "),
        ShapeKind::String(_) => "string".to_owned(),
        ShapeKind::Integer(IntegerWidth::Byte | IntegerWidth::Short | IntegerWidth::Unknown) => "integer".to_owned(),
        ShapeKind::Float(FloatWidth::Unknown) => "float".to_owned(),
        kind => kind.name().to_owned(),
    }
}

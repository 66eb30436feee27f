//! Root elements of answers: what a model calls them, and what is said of one that is called otherwise.

use super::body::undecodable;
use super::payload::Target;
use super::xml::Element;
use crate::model::{Direction, Member, Operation, Service, Shape};
use crate::recording::{Flaw, FlawKind, other_root};

/// Whether and how the root elements of a body are known.
#[derive(Clone, Copy)]
pub(super) struct Roots<'m> {
    operation: &'m Operation,
    /// The structure whose members the body holds.
    output: &'m Shape,
}

impl<'m> Roots<'m> {
    /// Those of an operation's output; `None` where it has none.
    pub(super) fn of(service: &'m Service, operation: &'m Operation) -> Option<Self> {
        let output = service.shape(operation.root(Direction::Response)?)?;
        Some(Self { operation, output })
    }

    /// What is said of a root element in restXml; `None` where nothing is the matter. Of the SDKs the one for Rust alone
    /// looks at its name.
    pub(super) fn other_name(self, root: &Element, target: Target<'_>) -> Option<Flaw> {
        let names: Vec<&str> = match target {
            Target::Members => self.operation.root_element(self.output).into_iter().collect(),
            Target::Payload(shape, _) => {
                let member = self.output.structure()?.payload_member();
                member.map(|member| of_payload(member, shape)).unwrap_or_default()
            }
        };
        let expected = *names.first()?;
        if names.contains(&root.name.as_str()) {
            return None;
        }
        let kind =
            FlawKind::OtherRoot { found: root.name.clone(), expected: expected.to_owned(), at: root.range.start };
        Some(Flaw { direction: Direction::Response, pointer: String::new(), kind })
    }
}

/// The names that a body may have which is one member, the likeliest first; none where the model does not say. Which of them
/// travels is a matter of traits that botocore leaves out. Where none is stated, member and shape have one name.
fn of_payload<'m>(member: &'m Member, shape: &'m Shape) -> Vec<&'m str> {
    let stated = [member.xml.name.as_deref(), member.wire_name.as_deref(), shape.xml.name.as_deref()];
    let stated: Vec<&str> = stated.into_iter().flatten().collect();
    if stated.is_empty() && member.name != shape.id.as_str() {
        return Vec::new();
    }
    stated.into_iter().chain([shape.id.as_str(), member.name.as_str()]).collect()
}

/// Refuses an answer of awsQuery or ec2Query that is called otherwise than its operation's, which some SDKs do not read.
pub(super) fn check(operation: &Operation, root: &Element) -> Result<(), Flaw> {
    let expected = format!("{}Response", operation.name);
    if root.name == expected {
        return Ok(());
    }
    Err(undecodable(Direction::Response, other_root(&root.name, &expected), root.range.start))
}

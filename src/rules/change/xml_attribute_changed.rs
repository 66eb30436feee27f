//! A member is an XML attribute in one model alone.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "xml-attribute-changed",
    summary: "a member is an XML attribute in one model alone",
    explain: "\
What it does: reports a member that is written as an attribute in one of the models and as an element in the other.

Why: XML is laid out otherwise.

Example: `xsi:type` of a grantee becomes an element.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["attribute"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::XmlAttributeChanged { attribute } => Some(Values::from([("attribute", (*attribute).into())])),
        _ => None,
    },
    message: |finding| {
        format!(
            "{} is written as an {} now",
            text::subject(finding),
            if text::flag(finding, "attribute") { "attribute" } else { "element" }
        )
    },
};

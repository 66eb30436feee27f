//! A page of the public AWS API change log, saved as text → [`Page`].
//!
//! A page describes the operations that one release of one service added or updated. It states everything twice:
//! once as Python with stand-in values, once as bullets with types. Both are read and have to agree; every line of
//! the page is accounted for, and a page that was cut short or damaged is refused. What a page does not say (see
//! [`crate::model`]) stays unknown: constraints, unions, errors, HTTP bindings, which response members are always
//! there, the width of numbers, the form of timestamps. It also names no shapes; names are made from the path to
//! where a shape is used.
//!
//! | file | its part of the page |
//! |---|---|
//! | `lines`, `scan` | cursors over lines and over characters |
//! | `operation` | the order of an operation's parts |
//! | `syntax` | `Request Syntax` and `Response Syntax` |
//! | `bullets` | parameters and `Response Structure` |
//! | `changes`, `compare` | the `Changes` block, and whether the trees have what it adds |
//! | `merge`, `tree` | the cross-check of syntax and bullets, and what both say |
//! | `lower` | merged trees → shapes |
//! | `head` | title and date |

mod bullets;
mod changes;
mod compare;
mod head;
mod lines;
mod lower;
mod merge;
mod operation;
mod scan;
mod syntax;
mod tree;

use std::collections::BTreeMap;

pub use self::changes::ChangeTree;
use self::head::Head;
use self::lines::{LineColumn, Lines};
use self::lower::Lowering;
use self::merge::Side;
use self::operation::{Response, Section};
use self::tree::{Disagreement, Kind, Node};
use super::aliases::Stated;
use super::{Dialect, Ingested};
use crate::error::Result;
use crate::model::{Companions, Fact, Operation, Routes, Service};

/// What a page says.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The operations on the page as part of a contract. The service may have others that the page does not show.
    pub ingested: Ingested,
    /// What the release changed, in the page's order.
    pub changes: Vec<OperationChanges>,
}

/// What the release changed in one operation: additions only, since pages do not show anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationChanges {
    /// Name of the operation.
    pub operation: String,
    /// Whether all of the operation is new.
    pub status: ChangeStatus,
    /// Members added to the request.
    pub request: Option<ChangeTree>,
    /// Members added to the response.
    pub response: Option<ChangeTree>,
}

/// How an operation came onto the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeStatus {
    /// The operation is new, with everything in it.
    Added,
    /// The operation was there before and gained something.
    Updated,
}

/// Whether the text looks like such a page, judged by its title and date lines alone.
///
/// ```
/// use shapegate::ingest::api_changes::is_page;
///
/// assert!(is_page("AWS Things\n\n2024/01/31 - AWS Things - 1 new api methods\n"));
/// assert!(!is_page("{}"));
/// ```
pub fn is_page(text: &str) -> bool {
    let beginning = text.char_indices().nth(1000).map_or(text, |(end, _)| &text[..end]);
    head::head(&mut Lines::new(beginning)).is_ok()
}

/// Reads a page. `origin` is its path or other name, for errors.
///
/// # Errors
///
/// The page ends early, has something at a place where it cannot be, or disagrees with itself. Of several
/// disagreements the first gives the position and up to 20 are listed.
pub fn parse(text: &str, origin: &str) -> Result<Page> {
    let read = |text: &str| {
        refuse_omissions(text)?;
        let (head, sections) = sections(&mut Lines::new(text))?;
        lower(&head, &sections)
    };
    read(text).map_err(|error| error.at(origin))
}

/// Reads a `Changes` block by itself: what was added to a request, and to a response.
///
/// # Errors
///
/// It is not written as pages write it, or something follows it.
pub fn parse_changes(block: &str) -> Result<(Option<ChangeTree>, Option<ChangeTree>)> {
    let mut lines = Lines::new(block);
    let read = changes::changes(&mut lines)?;
    if lines.peek().is_some() {
        return Err(lines.unexpected("the end of the block"));
    }
    let tree = |printed: Option<changes::Printed>| printed.as_ref().map(changes::Printed::tree);
    Ok((tree(read.request), tree(read.response)))
}

/// The page without its prose: only titles, names, types, marks and syntax are left, so [`parse`] gives the same.
///
/// # Errors
///
/// Those of [`parse`].
pub fn without_prose(text: &str, origin: &str) -> Result<String> {
    parse(text, origin)?;
    let mut lines = Lines::new(text);
    sections(&mut lines).map_err(|error| error.at(origin))?;
    Ok(lines.without_prose())
}

/// Some pages leave out what was too much for them.
fn refuse_omissions(text: &str) -> Result<()> {
    let omission = text.lines().enumerate().find(|(_, line)| line.to_lowercase().contains("too large to render"));
    omission.map_or(Ok(()), |(index, line)| {
        let error = LineColumn { line: index + 1, column: 1 }
            .error(format!("the page leaves something out: `{}`", line.trim()));
        Err(error.remedy("Use the service's published model instead."))
    })
}

fn sections(lines: &mut Lines<'_>) -> Result<(Head, Vec<Section>)> {
    let head = head::head(lines)?;
    head::skip_announcement(lines)?;
    let mut sections = Vec::new();
    while lines.peek().is_some() {
        sections.push(operation::section(lines)?);
    }
    let new = sections.iter().filter(|section| section.new).count();
    head.check_counts(new, sections.len() - new, lines.end())?;
    Ok((head, sections))
}

fn lower(head: &Head, sections: &[Section]) -> Result<Page> {
    let mut found = Vec::new();
    let mut lowering = Lowering::default();
    let mut operations: BTreeMap<String, Operation> = BTreeMap::new();
    let mut changes = Vec::new();
    for section in sections {
        let operation = merge_section(section, &mut lowering, &mut found);
        if operations.insert(section.name.clone(), operation).is_some() {
            found.push(Disagreement::new(section.place, format!("`{}` is on the page twice", section.name)));
        }
        changes.push(section.changes());
    }
    refuse(found)?;
    let service = service(head, operations, lowering);
    Ok(Page {
        ingested: Ingested {
            dialect: Dialect::Page,
            service,
            stated: Stated::default(),
            losses: Vec::new(),
            prose: None,
        },
        changes,
    })
}

fn service(head: &Head, operations: BTreeMap<String, Operation>, lowering: Lowering) -> Service {
    Service {
        in_query: None,
        name: head.service_name(),
        full_name: head.title.clone(),
        api_version: Fact::Unknown,
        release: Fact::Known(head.release.clone()),
        endpoint_prefix: Fact::Unknown,
        signing_name: Fact::Unknown,
        signature_version: Fact::Unknown,
        auth_schemes: Fact::Unknown,
        target_prefix: None,
        json_version: None,
        protocols: Fact::Unknown,
        operations,
        shapes: lowering.finish().into(),
        companions: Companions::default(),
        corrections: Vec::new(),
        routes: Routes::default(),
    }
}

impl Section {
    fn changes(&self) -> OperationChanges {
        OperationChanges {
            operation: self.name.clone(),
            status: if self.new { ChangeStatus::Added } else { ChangeStatus::Updated },
            request: self.changes.request.as_ref().map(changes::Printed::tree),
            response: self.changes.response.as_ref().map(changes::Printed::tree),
        }
    }
}

fn merge_section(section: &Section, lowering: &mut Lowering, found: &mut Vec<Disagreement>) -> Operation {
    let (name, call) = (&section.name, &section.call);
    if !is_method_of(&call.method, name) {
        found.push(Disagreement::new(call.place, format!("`client.{}` is not how `{name}` is called", call.method)));
    }
    let before = found.len();
    let request = merge::merge(&call.arguments, &section.parameters, Side::Request, found);
    let response = section.response.as_ref().map(|response| merge_response(response, found));
    if found.len() > before {
        // The trees have gaps: what else they lack says nothing.
        return Operation::named(name);
    }
    compare_changes(section, &request, response.as_ref(), found);
    let takes_nothing = matches!(&request.kind, Kind::Structure(members) if members.is_empty());
    let input = (!takes_nothing).then(|| lowering.root(&format!("{name}Request"), &request));
    let output = response.map(|response| lowering.root(&format!("{name}Response"), &response));
    Operation { input, output, ..Operation::named(name) }
}

fn compare_changes(section: &Section, request: &Node, response: Option<&Node>, found: &mut Vec<Disagreement>) {
    if let Some(added) = &section.changes.request {
        found.extend(compare::compare(added, request));
    }
    match (&section.changes.response, response) {
        (Some(added), Some(response)) => found.extend(compare::compare(added, response)),
        (Some(added), None) => {
            let name = &section.name;
            found.push(Disagreement::new(added.place, format!("Changes adds to a response, but `{name}` has none")));
        }
        (None, _) => {}
    }
}

/// The response has one bullet without a name; its members hang below.
fn merge_response(response: &Response, found: &mut Vec<Disagreement>) -> Node {
    let Response { value, bullets, last_on_page } = response;
    match bullets.as_slice() {
        [root] if root.name.is_none() && root.kind == bullets::Type::Dict && !root.required => {
            return merge::merge(value, &root.children, Side::Response { last_on_page: *last_on_page }, found);
        }
        [] => {
            let cut = if *last_on_page { "the page ends early: " } else { "" };
            found.push(Disagreement::new(value.place, format!("{cut}Response Structure has no bullets")));
        }
        [root, ..] => {
            found.push(Disagreement::new(root.place, "Response Structure has to be one bullet `(dict) --`"));
        }
    }
    Node { place: value.place, kind: Kind::Structure(Vec::new()) }
}

/// Whether SDKs for Python may call the operation like this.
///
/// Only letters and digits are compared: how a name is cut into words follows a list of exceptions (`iSCSI`,
/// `WhatsApp`) that grows with the SDK.
fn is_method_of(method: &str, operation: &str) -> bool {
    let letters = |name: &str| name.replace('_', "").to_ascii_lowercase();
    method == operation || (!method.contains(|c: char| c.is_ascii_uppercase()) && letters(method) == letters(operation))
}

/// All disagreements as one error.
fn refuse(mut found: Vec<Disagreement>) -> Result<()> {
    const MOST_LISTED: usize = 20;
    found.sort();
    let Some((first, others)) = found.split_first() else { return Ok(()) };
    let listed = others.iter().take(MOST_LISTED - 1);
    let listed =
        listed.map(|other| format!("  line {}, column {}: {}", other.place.line, other.place.column, other.cause));
    let more = others.len().saturating_sub(MOST_LISTED - 1);
    let more = (more > 0).then(|| format!("  and {more} more"));
    let cause = std::iter::once(first.cause.clone()).chain(listed).chain(more).collect::<Vec<_>>().join("\n");
    let error = first.place.error(cause);
    Err(error.remedy("Save the page again, or use the service's published model instead."))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "AWS Things Service\n\n2024/01/31 - AWS Things Service - 1 new 1 updated api methods\n\n\
        GetThing\u{a0}(updated) Link ¶\nChanges (response)\n{'type': 'string'}\n\nRequest Syntax\n\n\
        client.get_thing(\n    id='string'\n)\ntype id\n\nstring\n\nparam id\n\n[REQUIRED]\n\nrtype\n\ndict\n\n\
        returns\n\nResponse Syntax\n\n{\n    'type': 'string'\n}\n\nResponse Structure\n\n  • (dict) --\n\n    \
        • type (string) --\n\nPing\u{a0}(new) Link ¶\n\nRequest Syntax\n\nclient.ping()\n\nreturns\n\nNone";

    fn cause(page: &str) -> String {
        parse(page, "page.txt").expect_err("to be refused").cause().to_owned()
    }

    #[test]
    fn reads_a_page() {
        let page = parse(PAGE, "page.txt").expect("to be read");
        let service = &page.ingested.service;
        assert_eq!((service.name.as_str(), service.full_name.as_str()), ("things", "AWS Things Service"));
        assert_eq!(service.release, Fact::Known("2024-01-31".to_owned()));
        let ping = &service.operations["Ping"];
        assert!(ping.input.is_none() && ping.output.is_none());
        assert_eq!(
            service.operations["GetThing"].input.as_ref().map(crate::model::ShapeId::as_str),
            Some("GetThingRequest")
        );
        let status: Vec<ChangeStatus> = page.changes.iter().map(|changes| changes.status).collect();
        assert_eq!(status, [ChangeStatus::Updated, ChangeStatus::Added]);
    }

    #[test]
    fn knows_a_page_from_its_first_lines() {
        assert!(is_page(PAGE));
        assert!(!is_page(""));
        assert!(!is_page(PAGE.split_once('\n').expect("to be read").1));
    }

    #[test]
    fn refuses_a_method_of_another_operation() {
        assert_eq!(
            cause(&PAGE.replace("get_thing", "get_thong")),
            "`client.get_thong` is not how `GetThing` is called"
        );
        assert!(is_method_of("create_cached_iscsi_volume", "CreateCachediSCSIVolume"));
        assert!(!is_method_of("Getthing", "GetThing"));
    }

    #[test]
    fn refuses_an_operation_twice() {
        let page = PAGE.replace("1 updated", "2 updated");
        let (head, rest) = page.split_once("GetThing").expect("to be read");
        let (first, _) = rest.split_once("Ping").expect("to be read");
        let twice = format!("{head}GetThing{first}GetThing{rest}");
        assert_eq!(cause(&twice), "`GetThing` is on the page twice");
    }

    #[test]
    fn refuses_additions_to_a_response_that_is_not_there() {
        let page = PAGE.replace("(new)", "(updated)").replace("1 new 1 updated", "2 updated");
        let page = page
            .replace("Ping\u{a0}(updated) Link ¶", "Ping\u{a0}(updated) Link ¶\nChanges (response)\n{'a': 'string'}");
        assert_eq!(cause(&page), "Changes adds to a response, but `Ping` has none");
    }

    #[test]
    fn wants_one_bullet_for_the_response() {
        assert_eq!(
            cause(&PAGE.replace("  • (dict) --\n\n    • type", "  • type")),
            "Response Structure has to be one bullet `(dict) --`"
        );
        assert_eq!(
            cause(&PAGE.replace("  • (dict) --\n\n    • type (string) --\n", "")),
            "Response Structure has no bullets"
        );
    }

    #[test]
    fn lists_disagreements_in_order_and_counts_the_rest() {
        let entries = |many: usize| (1..=many).map(|n| format!("    'm{n}': 123")).collect::<Vec<_>>().join(",\n");
        let error = parse(&PAGE.replace("    'type': 'string'", &entries(25)), "page.txt").expect_err("to be refused");
        let lines: Vec<&str> = error.cause().lines().collect();
        assert_eq!(lines.len(), 21, "{error}");
        assert!(lines[0].starts_with("`m1` of the syntax block"), "{error}");
        assert!(lines[1].starts_with("  line 32, column 5: `m2` "), "{error}");
        assert_eq!(lines[20], "  and 6 more");
        assert_eq!(error.line_and_column(), Some((31, 5)));
    }
}

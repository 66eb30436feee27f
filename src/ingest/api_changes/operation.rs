//! One operation's section of the page, from its heading to its last bullet.
//!
//! It knows the order of the parts; what is in them is for the other files.

use super::bullets::{self, Bullet};
use super::changes::{self, Changes};
use super::head::heading;
use super::lines::{LineColumn, Lines};
use super::syntax::{self, Call, Value};
use crate::error::Result;

/// A section as it was read.
pub(super) struct Section {
    pub(super) place: LineColumn,
    pub(super) name: String,
    /// `(new)` rather than `(updated)`.
    pub(super) new: bool,
    pub(super) changes: Changes,
    pub(super) call: Call,
    pub(super) parameters: Vec<Bullet>,
    /// `None` where the operation returns nothing.
    pub(super) response: Option<Response>,
}

/// The response part of a section.
pub(super) struct Response {
    pub(super) value: Value,
    pub(super) bullets: Vec<Bullet>,
    /// The page ends after the bullets.
    pub(super) last_on_page: bool,
}

/// Reads a section, whose heading comes next.
pub(super) fn section(lines: &mut Lines<'_>) -> Result<Section> {
    let line = lines.peek();
    let Some((line, (name, new))) = line.and_then(|line| Some((line, heading(&line)?))) else {
        return Err(lines.unexpected("an operation's heading such as `ListThings (updated) Link ¶`"));
    };
    lines.take();
    let changes = read_changes(lines, name, new)?;
    skip_description(lines);
    lines.expect("Request Syntax")?;
    let call = syntax::call(lines)?;
    let parameters = bullets::parameters(lines)?;
    let response = response(lines)?;
    Ok(Section { place: line.place(), name: name.to_owned(), new, changes, call, parameters, response })
}

/// What is new throughout has no `Changes`, what was updated has to have them.
fn read_changes(lines: &mut Lines<'_>, name: &str, new: bool) -> Result<Changes> {
    let begins = lines.peek().is_some_and(|line| changes::begins(&line));
    match (begins, new) {
        (true, false) => changes::changes(lines),
        (false, true) => Ok(Changes::default()),
        (false, false) => Err(lines.unexpected(&format!("the `Changes` of `{name}`"))),
        (true, true) => Err(lines.unexpected(&format!("no `Changes`, because all of `{name}` is new"))),
    }
}

/// Passes over the description. `See also:` is kept as the label it is, though nothing follows from it.
fn skip_description(lines: &mut Lines<'_>) {
    while let Some(line) = lines.peek() {
        if line.text == "Request Syntax" || heading(&line).is_some() {
            return;
        }
        if line.indent == 0 && line.text == "See also: AWS API Documentation" {
            lines.take();
        } else {
            lines.take_prose();
        }
    }
}

fn response(lines: &mut Lines<'_>) -> Result<Option<Response>> {
    let heading = lines.peek().filter(|line| line.indent == 0).map(|line| line.text);
    if heading == Some("returns") {
        lines.expect("returns")?;
        lines.expect("None")?;
        return Ok(None);
    }
    if heading != Some("rtype") {
        return Err(lines.unexpected("another parameter (`type …`), `rtype` or `returns`"));
    }
    lines.expect("rtype")?;
    lines.expect("dict")?;
    lines.expect("returns")?;
    // The only prose there is here announces a stream.
    if let Some(line) = lines.peek().filter(|line| line.text.contains("EventStream")) {
        return Err(syntax::event_stream(line.place()));
    }
    lines.expect("Response Syntax")?;
    let value = syntax::dict(lines)?;
    lines.expect("Response Structure")?;
    let bullets = bullets::tree(lines)?;
    let last_on_page = lines.peek().is_none();
    Ok(Some(Response { value, bullets, last_on_page }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: &str =
        "this is an event stream, whose events a page does not describe well enough to serve as the contract";
    const UPDATED: &str = "ListThings (updated) Link ¶\nChanges (request)\n{'a': 'string'}\n";

    fn read(page: &str) -> Result<Section> {
        section(&mut Lines::new(page))
    }

    fn cause(page: &str) -> String {
        read(page).map(|section| section.name).expect_err("to be refused").cause().to_owned()
    }

    #[test]
    fn reads_operations_that_take_or_return_nothing() {
        let nothing = "\nRequest Syntax\nclient.list_things()\nreturns\n\nNone\n";
        let section = read(&format!("ListThings (new) Link ¶\n\nWords.\n{nothing}")).expect("to be read");
        assert!(section.new && section.parameters.is_empty() && section.response.is_none());
        let empty = "rtype\ndict\nreturns\nResponse Syntax\n{}\nResponse Structure\n  • (dict) --\n";
        let page =
            format!("{UPDATED}Request Syntax\nclient.list_things(\n a='string'\n)\ntype a\nstring\nparam a\n{empty}");
        let section = read(&page).expect("to be read");
        assert_eq!(section.parameters.len(), 1);
        assert!(section.response.expect("to be read").last_on_page);
    }

    #[test]
    fn wants_changes_of_updated_operations_only() {
        assert!(cause("ListThings (updated) Link ¶\n\nWords.").starts_with("expected the `Changes` of `ListThings`"));
        let new = UPDATED.replace("updated", "new");
        assert!(cause(&new).starts_with("expected no `Changes`"));
    }

    #[test]
    fn wants_every_part() {
        let call = "Request Syntax\nclient.list_things()\n";
        for (rest, wanted) in [
            ("", "the page ends early: expected `Request Syntax`"),
            ("Words.\nGetThing (new) Link ¶", "expected `Request Syntax`, found `GetThing (new) Link ¶`"),
            (call, "the page ends early: expected another parameter (`type …`), `rtype` or `returns`"),
            (&format!("{call}rtype\nlist"), "expected `dict`, found `list`"),
            (&format!("{call}returns"), "the page ends early: expected `None`"),
            (&format!("{call}rtype\ndict\nreturns\nNone"), "expected `Response Syntax`, found `None`"),
            (&format!("{call}rtype\ndict\nreturns\nAn EventStream."), EVENTS),
            (
                &format!("{call}rtype\ndict\nreturns\nResponse Syntax\n{{}}"),
                "the page ends early: expected `Response Structure`",
            ),
        ] {
            assert_eq!(cause(&format!("{UPDATED}{rest}")), wanted);
        }
    }
}

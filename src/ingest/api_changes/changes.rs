//! The `Changes` block: what the release added to an operation, as Python's `pprint` writes it at width 80.
//!
//! It reads the block alone; `compare` holds it against the operation's trees.

use super::lines::{Line, LineColumn, Lines};
use super::scan::Scanner;
use crate::error::Result;

/// What a release added to a request or a response, as the page prints it.
///
/// Members that were there before appear only as the way to what is new, and then lists and maps on that way are
/// left out. Added ones are printed whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeTree {
    /// A new value: `string`, `integer`, `long`, `timestamp` and so on, or all values of an enumeration joined
    /// by ` | `, such as `CSV | PARQUET`.
    Scalar(String),
    /// A new list with its element.
    List(Box<ChangeTree>),
    /// Members by name, sorted. A new map is printed like a structure with one member, which is named for the
    /// kind of its keys: `string`.
    Structure(Vec<(String, ChangeTree)>),
    /// Values that an existing enumeration gained, sorted.
    EnumValues(Vec<String>),
    /// A new member whose shape is one of those around it.
    Recursive,
}

/// The `Changes` of one operation.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) request: Option<Printed>,
    pub(super) response: Option<Printed>,
}

/// A [`ChangeTree`] that knows where it was read.
#[derive(Debug, Clone)]
pub(super) struct Printed {
    pub(super) place: LineColumn,
    pub(super) form: PrintedForm,
}

/// The forms of a [`ChangeTree`].
#[derive(Debug, Clone)]
pub(super) enum PrintedForm {
    Text(String),
    List(Box<Printed>),
    Dict(Vec<(String, Printed)>),
    Set(Vec<String>),
    Recursive,
}

impl Printed {
    pub(super) fn tree(&self) -> ChangeTree {
        match &self.form {
            PrintedForm::Text(text) => ChangeTree::Scalar(text.clone()),
            PrintedForm::List(element) => ChangeTree::List(Box::new(element.tree())),
            PrintedForm::Set(values) => ChangeTree::EnumValues(values.clone()),
            PrintedForm::Recursive => ChangeTree::Recursive,
            PrintedForm::Dict(members) => {
                ChangeTree::Structure(members.iter().map(|(name, member)| (name.clone(), member.tree())).collect())
            }
        }
    }
}

/// Whether a `Changes` block begins here.
pub(super) fn begins(line: &Line<'_>) -> bool {
    line.indent == 0 && line.text.starts_with("Changes (")
}

/// Reads `Changes (…)` and what follows it.
pub(super) fn changes(lines: &mut Lines<'_>) -> Result<Changes> {
    let sides = lines.peek().map_or("", |line| line.text);
    match sides {
        "Changes (request)" => {
            lines.take();
            Ok(Changes { request: Some(pprint(lines)?), response: None })
        }
        "Changes (response)" => {
            lines.take();
            Ok(Changes { request: None, response: Some(pprint(lines)?) })
        }
        "Changes (both)" => {
            lines.take();
            let both = pprint(lines)?;
            Ok(Changes { request: Some(both.clone()), response: Some(both) })
        }
        "Changes (request, response)" => {
            lines.take();
            lines.expect("Request")?;
            let request = Some(pprint(lines)?);
            lines.expect("Response")?;
            Ok(Changes { request, response: Some(pprint(lines)?) })
        }
        _ => Err(lines.unexpected("`Changes (request)`, `(response)`, `(request, response)` or `(both)`")),
    }
}

fn pprint(lines: &mut Lines<'_>) -> Result<Printed> {
    let mut scanner = Scanner::new(lines, "Changes");
    if scanner.peek() != Some('{') {
        return Err(scanner.unexpected("`{`"));
    }
    let read = printed(&mut scanner)?;
    scanner.finish()?;
    Ok(read)
}

fn printed(scanner: &mut Scanner<'_, '_>) -> Result<Printed> {
    let place = scanner.place();
    let form = match scanner.peek() {
        Some('\'' | '"') => PrintedForm::Text(wrapped_text(scanner)?),
        Some('(') => {
            scanner.expect("()")?;
            PrintedForm::Recursive
        }
        Some('[') => {
            scanner.expect("[")?;
            scanner.descend()?;
            let element = printed(scanner)?;
            scanner.expect("]")?;
            scanner.ascend();
            PrintedForm::List(Box::new(element))
        }
        Some('{') => {
            scanner.expect("{")?;
            scanner.descend()?;
            let form = dict_or_set(scanner)?;
            scanner.ascend();
            form
        }
        _ => return Err(scanner.unexpected("a text, a list, a dict or a set")),
    };
    Ok(Printed { place, form })
}

/// `pprint` breaks a long text into adjacent ones, which Python joins.
fn wrapped_text(scanner: &mut Scanner<'_, '_>) -> Result<String> {
    let mut text = scanner.repr_text()?;
    while matches!(scanner.peek(), Some('\'' | '"')) {
        text.push_str(&scanner.repr_text()?);
    }
    Ok(text)
}

/// Names of a dict are sorted. Values of a set are only where they do not fit on one line.
fn dict_or_set(scanner: &mut Scanner<'_, '_>) -> Result<PrintedForm> {
    if scanner.eat("}") {
        return Ok(PrintedForm::Dict(Vec::new()));
    }
    let first = wrapped_text(scanner)?;
    if !scanner.eat(":") {
        return set(scanner, first);
    }
    let mut members = vec![(first, printed(scanner)?)];
    while !closes(scanner)? {
        let place = scanner.place();
        let name = wrapped_text(scanner)?;
        if let Some((before, _)) = members.last().filter(|(before, _)| *before >= name) {
            return Err(place.error(format!("Changes: `{name}` follows `{before}`, but names are sorted")));
        }
        scanner.expect(":")?;
        members.push((name, printed(scanner)?));
    }
    Ok(PrintedForm::Dict(members))
}

fn set(scanner: &mut Scanner<'_, '_>, first: String) -> Result<PrintedForm> {
    let mut values = vec![first];
    while !closes(scanner)? {
        let place = scanner.place();
        let value = wrapped_text(scanner)?;
        if values.contains(&value) {
            return Err(place.error(format!("Changes: `{value}` is here a second time")));
        }
        values.push(value);
    }
    values.sort();
    Ok(PrintedForm::Set(values))
}

/// Takes the closing bracket or the comma before what follows.
fn closes(scanner: &mut Scanner<'_, '_>) -> Result<bool> {
    if scanner.eat("}") {
        return Ok(true);
    }
    if scanner.eat(",") { Ok(false) } else { Err(scanner.unexpected("`,` or `}`")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Printed> {
        pprint(&mut Lines::new(text))
    }

    #[test]
    fn joins_wrapped_texts() {
        let tree = read("{'s3': {'bucket': 'string',\n        'format': 'CSV '\n                  '| '\n 'PARQUET'}}")
            .expect("to be read")
            .tree();
        let scalar = |text: &str| ChangeTree::Scalar(text.to_owned());
        let s3 = vec![("bucket".to_owned(), scalar("string")), ("format".to_owned(), scalar("CSV | PARQUET"))];
        assert_eq!(tree, ChangeTree::Structure(vec![("s3".to_owned(), ChangeTree::Structure(s3))]));
    }

    #[test]
    fn reads_lists_sets_and_recursion() {
        let tree = read("{'a': [{'b': ()}], 'c': {\"it's\", 'X'}, 'd': {}}").expect("to be read").tree();
        let inner = ChangeTree::Structure(vec![("b".to_owned(), ChangeTree::Recursive)]);
        let values = ChangeTree::EnumValues(vec!["X".to_owned(), "it's".to_owned()]);
        assert_eq!(
            tree,
            ChangeTree::Structure(vec![
                ("a".to_owned(), ChangeTree::List(Box::new(inner))),
                ("c".to_owned(), values),
                ("d".to_owned(), ChangeTree::Structure(Vec::new())),
            ])
        );
    }

    #[test]
    fn refuses_what_pprint_does_not_write() {
        for text in [
            "'a'",
            "{'a': 'x',}",
            "{'b': 'x', 'a': 'x'}",
            "{'a': 'x'",
            "{'a': 5}",
            "{'a': 'x', 'b'}",
            "{'a': {'X', 'X'}}",
            "{'a': {'X': 'x', 'X': 'x'}}",
            "{'a': 'x'} tail",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn reads_every_heading() {
        let sides = |page: &str| changes(&mut Lines::new(page)).map(|c| (c.request.is_some(), c.response.is_some()));
        assert_eq!(sides("Changes (request)\n{'a': 'string'}").expect("to be read"), (true, false));
        assert_eq!(sides("Changes (response)\n{'a': 'string'}").expect("to be read"), (false, true));
        assert_eq!(sides("Changes (both)\n{'a': 'string'}").expect("to be read"), (true, true));
        let two = "Changes (request, response)\nRequest\n{'a': 'string'}\nResponse\n{'b': 'string'}";
        assert_eq!(sides(two).expect("to be read"), (true, true));
        assert!(sides("Changes (request, response)\nRequest\n{'a': 'string'}").is_err());
        assert!(sides("Changes (errors)\n{'a': 'string'}").is_err());
    }
}

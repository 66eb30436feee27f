//! `Request Syntax` and `Response Syntax`: a Python call or dict that shows every member with a stand-in value.
//!
//! A dict is read as it stands: whether it is a structure or a map is for the bullets to say (see `merge`).

use super::lines::{LineColumn, Lines};
use super::scan::Scanner;
use crate::error::{Error, Result};

/// A stand-in value and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Value {
    pub(super) place: LineColumn,
    pub(super) form: Literal,
}

/// The forms a stand-in value has.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    /// `'string'`
    Text,
    /// `'A'|'B'`; one value alone when it is not `string`.
    Enum(Vec<String>),
    /// `123`
    Integer,
    /// `123.0`
    Float,
    /// `True|False`
    Boolean,
    /// `b'bytes'`
    Bytes,
    /// `datetime(2015, 1, 1)`
    Datetime,
    /// `{...}|[...]|123|123.4|'string'|True|None`
    Any,
    /// `b'bytes'|file`
    File,
    /// `StreamingBody()`
    StreamingBody,
    /// `...`, written for types without a stand-in (single-precision numbers).
    Unstated,
    /// `{'... recursive ...'}`
    Recursive,
    /// `[x,]`
    List(Box<Value>),
    /// `{'name': x}`: members of a structure, or `'string'` and the value of a map.
    Dict(Vec<Entry>),
}

impl Literal {
    /// The form for messages.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Text => "'string'",
            Self::Enum(_) => "an enumeration",
            Self::Integer => "123",
            Self::Float => "123.0",
            Self::Boolean => "True|False",
            Self::Bytes => "b'bytes'",
            Self::Datetime => "datetime(2015, 1, 1)",
            Self::Any => "any JSON value",
            Self::File => "b'bytes'|file",
            Self::StreamingBody => "StreamingBody()",
            Self::Unstated => "...",
            Self::Recursive => "a recursion mark",
            Self::List(_) => "a list",
            Self::Dict(_) => "a dict",
        }
    }
}

/// A name with its value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) place: LineColumn,
    pub(super) name: String,
    pub(super) value: Value,
}

/// `client.method(name=value, …)`
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub(super) place: LineColumn,
    pub(super) method: String,
    /// The arguments, as the [`Form::Dict`] of the request.
    pub(super) arguments: Value,
}

/// Stand-in values that are written as one fixed text, longer ones first where one begins another.
const FIXED: [(&str, Literal); 10] = [
    ("{...}|[...]|123|123.4|'string'|True|None", Literal::Any),
    ("{'... recursive ...'}", Literal::Recursive),
    ("datetime(2015, 1, 1)", Literal::Datetime),
    ("StreamingBody()", Literal::StreamingBody),
    ("True|False", Literal::Boolean),
    ("b'bytes'|file", Literal::File),
    ("b'bytes'", Literal::Bytes),
    ("123.0", Literal::Float),
    ("123", Literal::Integer),
    ("...", Literal::Unstated),
];

/// Reads the call of `Request Syntax`.
pub(super) fn call(lines: &mut Lines<'_>) -> Result<Call> {
    let mut scanner = Scanner::new(lines, "Request Syntax");
    let place = scanner.place();
    scanner.expect("client.")?;
    let method = scanner.eat_while(is_name);
    if method.is_empty() {
        return Err(scanner.unexpected("the name of a method"));
    }
    let opening = scanner.place();
    scanner.expect("(")?;
    let arguments = entries(&mut scanner, ")", |scanner| {
        let name = scanner.eat_while(is_name);
        if name.is_empty() {
            return Err(scanner.unexpected("the name of a parameter"));
        }
        scanner.expect("=")?;
        Ok(name.to_owned())
    })?;
    scanner.finish()?;
    let arguments = Value { place: opening, form: Literal::Dict(arguments) };
    Ok(Call { place, method: method.to_owned(), arguments })
}

/// Reads the dict of `Response Syntax`.
pub(super) fn dict(lines: &mut Lines<'_>) -> Result<Value> {
    let mut scanner = Scanner::new(lines, "Response Syntax");
    let place = scanner.place();
    scanner.expect("{")?;
    let form = Literal::Dict(entries(&mut scanner, "}", quoted_name)?);
    scanner.finish()?;
    Ok(Value { place, form })
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.' | '$')
}

fn quoted_name(scanner: &mut Scanner<'_, '_>) -> Result<String> {
    let name = scanner.plain_text()?;
    scanner.expect(":")?;
    Ok(name)
}

/// Reads names with values up to the closing bracket; no comma after the last.
fn entries(
    scanner: &mut Scanner<'_, '_>,
    closing: &str,
    read_name: impl Fn(&mut Scanner<'_, '_>) -> Result<String>,
) -> Result<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    if scanner.eat(closing) {
        return Ok(entries);
    }
    scanner.descend()?;
    loop {
        let place = scanner.place();
        let name = read_name(scanner)?;
        if let Some(first) = entries.iter().find(|entry| entry.name == name) {
            return Err(place.error(format!("`{name}` is here a second time, first at line {}", first.place.line)));
        }
        let value = value(scanner)?;
        entries.push(Entry { place, name, value });
        if scanner.eat(closing) {
            break;
        }
        if !scanner.eat(",") {
            return Err(scanner.unexpected(&format!("`,` or `{closing}`")));
        }
    }
    scanner.ascend();
    Ok(entries)
}

fn value(scanner: &mut Scanner<'_, '_>) -> Result<Value> {
    let place = scanner.place();
    if let Some((_, form)) = FIXED.iter().find(|(text, _)| scanner.eat(text)) {
        return Ok(Value { place, form: form.clone() });
    }
    let form = match scanner.peek() {
        Some('\'') => text(scanner)?,
        Some('[') => list(scanner)?,
        Some('{') => {
            if scanner.eat("{...}") {
                return Err(place.error("the page does not show what is in this dict: it cannot serve as the contract"));
            }
            scanner.expect("{")?;
            Literal::Dict(entries(scanner, "}", quoted_name)?)
        }
        Some('E') if scanner.eat("EventStream(") => {
            return Err(event_stream(place));
        }
        _ => return Err(scanner.unexpected("a stand-in value such as 'string', 123 or True|False")),
    };
    Ok(Value { place, form })
}

/// A page does not say which members of an event are its payload or travel in headers.
pub(super) fn event_stream(place: LineColumn) -> Error {
    place.error("this is an event stream, whose events a page does not describe well enough to serve as the contract")
}

/// Free text or the values of an enumeration.
fn text(scanner: &mut Scanner<'_, '_>) -> Result<Literal> {
    let mut values = vec![scanner.plain_text()?];
    while scanner.eat("|") {
        values.push(scanner.plain_text()?);
    }
    Ok(if values == ["string"] { Literal::Text } else { Literal::Enum(values) })
}

/// A list shows one element and a comma.
fn list(scanner: &mut Scanner<'_, '_>) -> Result<Literal> {
    scanner.expect("[")?;
    scanner.descend()?;
    let element = value(scanner)?;
    scanner.expect(",")?;
    scanner.expect("]")?;
    scanner.ascend();
    Ok(Literal::List(Box::new(element)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Result<Literal> {
        let text = format!("{{\n    'x': {text}\n}}");
        dict(&mut Lines::new(&text)).map(|value| match value.form {
            Literal::Dict(mut entries) => entries.remove(0).value.form,
            other => other,
        })
    }

    #[test]
    fn reads_every_fixed_form() {
        for (text, expected) in FIXED {
            assert_eq!(form(text).expect("to be read"), expected, "{text}");
        }
    }

    #[test]
    fn tells_enumerations_from_free_text() {
        assert_eq!(form("'string'").expect("to be read"), Literal::Text);
        assert_eq!(form("'SQL'").expect("to be read"), Literal::Enum(vec!["SQL".into()]));
        assert_eq!(form("'string'|'SQL'").expect("to be read"), Literal::Enum(vec!["string".into(), "SQL".into()]));
    }

    #[test]
    fn reads_nested_forms() {
        let Literal::Dict(entries) = form("{\n 'a': [\n 123,\n ],\n 'b': {}\n }").expect("to be read") else {
            panic!("not a dict")
        };
        assert_eq!(entries.iter().map(|e| (e.name.as_str(), e.place.line)).collect::<Vec<_>>(), [("a", 3), ("b", 6)]);
        assert!(matches!(&entries[0].value.form, Literal::List(element) if element.form == Literal::Integer));
        assert_eq!(entries[1].value.form, Literal::Dict(Vec::new()));
    }

    #[test]
    fn reads_calls() {
        let read =
            call(&mut Lines::new("client.start_x(\n    type='SQL',\n    n=123\n)\ntype type")).expect("to be read");
        assert_eq!(read.method, "start_x");
        let Literal::Dict(arguments) = read.arguments.form else { panic!("not a dict") };
        assert_eq!(arguments.iter().map(|e| e.name.as_str()).collect::<Vec<_>>(), ["type", "n"]);
        let empty = call(&mut Lines::new("client.list_x()")).expect("to be read");
        assert_eq!(empty.arguments.form, Literal::Dict(Vec::new()));
    }

    #[test]
    fn refuses_what_is_no_stand_in() {
        for text in ["1234", "12", "'open", "[123]", "[123, 123]", "{'a': 1}", "True", "{...}", "{'a': 123,}", "b'x'"] {
            assert!(form(text).is_err(), "{text}");
        }
        let error = form("EventStream({})").expect_err("to be refused");
        assert!(error.cause().contains("event stream"), "{error}");
        assert_eq!(error.line_and_column(), Some((2, 10)));
    }

    #[test]
    fn refuses_a_name_twice() {
        let error = dict(&mut Lines::new("{\n 'a': 123,\n 'a': 123\n}")).expect_err("to be refused");
        assert_eq!(error.to_string(), "`a` is here a second time, first at line 2");
        assert_eq!(error.line_and_column(), Some((3, 2)));
    }

    #[test]
    fn says_where_the_page_ends() {
        let error = call(&mut Lines::new("client.start_x(\n    type='SQL',")).expect_err("to be refused");
        assert!(error.cause().starts_with("the page ends early, within Request Syntax"), "{error}");
    }
}

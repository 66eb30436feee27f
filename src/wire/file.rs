//! The file of a [`Snapshot`]: TOML, a table for each operation, a fact on each line, sorted; its schema is
//! `schemas/formats/snapshot.v1.schema.json`.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};
use std::path::Path;

use serde::Deserialize;

use super::{Answer, Operation, Sent, Snapshot, Texts};
use crate::error::{Error, Result};

/// Version of the form.
pub const VERSION: u32 = 1;

const HEAD: &str =
    "# What travels when these operations are called. Made by `shapegate snapshot`; renew it with --accept.\n";

#[derive(Deserialize)]
struct Written {
    snapshot: u32,
    #[serde(flatten)]
    services: BTreeMap<String, BTreeMap<String, Operation>>,
}

/// Reads a snapshot's text; `place` is its path, for errors.
///
/// # Errors
/// It is no snapshot, or one of another version.
pub fn read(text: &str, place: &Path) -> Result<Snapshot> {
    let remedy = "`shapegate snapshot --out FILE traffic/` writes one.";
    let wrong = |error: &toml::de::Error| {
        let told = Error::new(format!("it is no snapshot: {}", error.message())).at(place).remedy(remedy);
        match error.span() {
            Some(span) => told.byte(text, span.start),
            None => told,
        }
    };
    let table: toml::Table = toml::from_str(text).map_err(|error| wrong(&error))?;
    match table.get("snapshot").and_then(toml::Value::as_integer) {
        Some(version) if version == i64::from(VERSION) => {}
        Some(version) => {
            let told = format!("it is a snapshot of version {version}, and this shapegate reads version {VERSION}");
            return Err(Error::new(told).at(place).remedy(remedy));
        }
        None => return Err(Error::new("it is no snapshot: it has no line `snapshot = 1`").at(place).remedy(remedy)),
    }
    let written: Written = toml::from_str(text).map_err(|error| wrong(&error))?;
    debug_assert_eq!(written.snapshot, VERSION);
    Ok(Snapshot { services: written.services })
}

/// Writes a snapshot.
pub fn write(snapshot: &Snapshot) -> String {
    let mut text = format!("{HEAD}snapshot = {VERSION}\n");
    for (service, name, operation) in snapshot.operations() {
        let _ = write!(text, "\n[{}.{}]\n{}", key(service), key(name), facts(operation));
    }
    text
}

/// The facts of an operation, a line for each.
pub fn facts(operation: &Operation) -> String {
    let mut lines = Lines::default();
    if let Some(request) = &operation.request {
        lines.texts("request.protocol", &request.protocol);
        lines.texts("request.method", &request.method);
        lines.texts("request.host", &request.host);
        lines.texts("request.uri", &request.uri);
        lines.texts("request.version", &request.version);
        for (name, query) in &request.query {
            lines.table("request.query", name, &[("sent", sent(query.sent))]);
        }
        for (name, header) in &request.header {
            let signed = header.signed.map(sent).unwrap_or_default();
            let parts = [("sent", sent(header.sent)), ("signed", signed), ("value", list(&header.value))];
            lines.table("request.header", name, &parts);
        }
        lines.members("request", &request.member);
        lines.marked("request", request.member.is_empty() && !request.is_http());
    }
    if let Some(answer) = &operation.response {
        lines.answer("response", answer);
    }
    for (code, answer) in &operation.error {
        lines.answer(&format!("error.{}", key(code)), answer);
    }
    lines.0
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    fn line(&mut self, key: &str, value: impl Display) {
        let _ = writeln!(self.0, "{key} = {value}");
    }

    fn texts(&mut self, key: &str, texts: &Texts) {
        if !texts.is_empty() {
            self.line(key, list(texts));
        }
    }

    /// An inline table of the parts that are there.
    fn table(&mut self, under: &str, name: &str, parts: &[(&str, String)]) {
        let parts: Vec<String> = parts
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| format!("{key} = {value}"))
            .collect();
        let value = if parts.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", parts.join(", ")) };
        self.line(&format!("{under}.{}", key(name)), value);
    }

    fn members(&mut self, under: &str, members: &BTreeMap<String, super::Member>) {
        for (path, member) in members {
            let parts = [
                ("sent", member.sent.map(sent).unwrap_or_default()),
                ("form", list(&member.form)),
                ("value", list(&member.value)),
                ("escape", list(&member.escape)),
            ];
            self.table(&format!("{under}.member"), path, &parts);
        }
    }

    fn answer(&mut self, under: &str, answer: &Answer) {
        if !answer.status.is_empty() {
            let codes: Vec<String> = answer.status.iter().map(ToString::to_string).collect();
            self.line(&format!("{under}.status"), format!("[{}]", codes.join(", ")));
        }
        self.texts(&format!("{under}.content-type"), &answer.content_type);
        self.members(under, &answer.member);
        self.marked(under, *answer == Answer::default());
    }

    /// What was recorded and has no facts is there all the same.
    fn marked(&mut self, key: &str, is_empty: bool) {
        if is_empty {
            self.line(key, "{}");
        }
    }
}

fn sent(sent: Sent) -> String {
    format!("\"{}\"", sent.as_str())
}

/// Texts as a list; nothing where there are none.
fn list(texts: &Texts) -> String {
    if texts.is_empty() {
        return String::new();
    }
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}

/// A key, with quotes where it needs them.
fn key(name: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !name.is_empty() && name.bytes().all(bare) { name.to_owned() } else { quoted(name) }
}

/// What JSON writes as a text, TOML reads as one, but for the one control character that JSON leaves as it is.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Header, Member, Query, Request};

    fn texts(all: &[&str]) -> Texts {
        all.iter().map(|text| (*text).to_owned()).collect()
    }

    fn snapshot() -> Snapshot {
        let odd = "a \"b\" \\ \u{7f} ü".to_owned();
        let member = |sent| Member { sent, form: texts(&["string", "null"]), ..Member::default() };
        let request = Request {
            protocol: texts(&["restXml"]),
            method: texts(&["PUT"]),
            host: texts(&["{Bucket}.s3.amazonaws.com"]),
            uri: texts(&["/{Key+}"]),
            version: texts(&["2006-03-01"]),
            query: BTreeMap::from([("x-id".into(), Query { sent: Sent::Always })]),
            header: BTreeMap::from([(
                "x-amz-meta-{}".into(),
                Header { sent: Sent::Sometimes, signed: Some(Sent::Always), value: texts(&[&odd]) },
            )]),
            member: BTreeMap::from([("a{}.b[]".into(), member(None)), (odd, member(Some(Sent::Always)))]),
        };
        let answer = Answer { status: [200, 206].into(), content_type: texts(&["text/xml"]), ..Answer::default() };
        let whole = Operation {
            request: Some(request),
            response: Some(answer.clone()),
            error: BTreeMap::from([("No.Such-Thing".into(), answer), ("-".into(), Answer::default())]),
        };
        let empty = Operation {
            request: Some(Request::default()),
            response: Some(Answer::default()),
            error: BTreeMap::default(),
        };
        let operations =
            BTreeMap::from([("Put".into(), whole), ("Empty".into(), empty), ("None".into(), Operation::default())]);
        Snapshot { services: BTreeMap::from([("s3".into(), operations.clone()), ("a b".into(), operations)]) }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = write(&snapshot());
        let read = read(&text, Path::new("a.toml")).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(read, snapshot(), "{text}");
        assert_eq!(write(&read), text);
    }

    #[test]
    fn what_is_no_snapshot_is_told_with_its_place() {
        let told = |text: &str| read(text, Path::new("a.toml")).expect_err(text).to_string();
        assert!(told("x = [").contains("a.toml:1"), "{}", told("x = ["));
        assert!(told("a = 1").contains("no line `snapshot = 1`"));
        assert!(told("snapshot = 2").contains("version 2"));
        let unknown = "snapshot = 1\n[s3.Put]\nrequest.method = [\"PUT\"]\nrequest.colour = 1\n";
        assert!(told(unknown).contains("colour"), "{}", told(unknown));
        assert!(told("snapshot = 1\n[s3.Put]\nrequest.query.a = { sent = \"never\" }\n").contains("never"));
    }
}

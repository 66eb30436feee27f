//! Bodies of JSON: the part that restJson1 and awsJson share.

use serde_json::Value;

use super::body::{text, undecodable};
use crate::model::Direction;
use crate::recording::{Flaw, Written, json};

/// A body's value and what else its text says, or what keeps it from being JSON.
pub(super) fn parse(text: &str, direction: Direction) -> Result<(Value, json::Oddities), Flaw> {
    json::parse(text).map_err(|error| {
        let (reason, at) = json::complaint(text, &error);
        undecodable(direction, reason, at)
    })
}

/// What breaks the body of an error that begins as an object of JSON, in which its code would stand. Anything else says no
/// code.
pub(super) fn unreadable(body: Option<&Written<'_>>) -> Option<Flaw> {
    let text = text(body?, Direction::Response).ok().filter(|text| text.trim_start().starts_with('{'))?;
    parse(text, Direction::Response).err()
}

/// Members of an error's body that may hold its code.
const CODES: [&str; 3] = ["__type", "code", "Code"];

/// The code within an error's body.
pub(super) fn error_code(body: Option<&Written<'_>>) -> Option<String> {
    first_text(body?, &CODES)
}

/// The code within an error's body, in a member that the error does not have for another purpose.
pub(super) fn error_code_but(body: Option<&Written<'_>>, is_taken: impl Fn(&str) -> bool) -> Option<String> {
    let free: Vec<&str> = CODES.into_iter().filter(|name| !is_taken(name)).collect();
    first_text(body?, &free)
}

/// What a body says of its own shape.
pub(super) fn type_name(body: &Written<'_>) -> Option<String> {
    // Large bodies are not looked through for it.
    memchr::memmem::find(body.bytes.get(..512).unwrap_or(&body.bytes), b"__type")?;
    first_text(body, &["__type"])
}

/// The text of the first of these members that a body has.
fn first_text(body: &Written<'_>, names: &[&str]) -> Option<String> {
    let text = std::str::from_utf8(&body.bytes).ok()?;
    let members = json::members(text.trim_start())?;
    names.iter().find_map(|name| {
        let (_, raw) = members.iter().find(|(key, _)| key == name)?;
        serde_json::from_str::<String>(raw).ok()
    })
}

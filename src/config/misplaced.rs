//! Keys of the whole file that stand below a table, where TOML takes them for the table's.

use serde_json::Value;

use super::SCHEMA;
use crate::error::Error;
use crate::mistake::Text;

/// Keys of tables that are called like one of the whole file.
const OWN: [(&str, &str); 2] = [("overrides", "rules"), ("overrides", "services")];

/// The error that the key on the line of a byte is one of the whole file; `None` where it is none, or stands where it may.
pub(super) fn misplaced(text: &Text<'_>, at: usize) -> Option<Error> {
    let start = text.text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let (before, line) = text.text.split_at(start);
    let (key, _) = line.lines().next()?.split_once('=')?;
    let key = key.trim().trim_matches(['"', '\'']);
    let header = before.lines().map(str::trim).rfind(|line| line.starts_with('['))?;
    let table = header.trim_start_matches('[').split(']').next()?.trim();
    if !is_of_file(key) || OWN.contains(&(table, key)) {
        return None;
    }
    let cause = format!("{key} is a key of the whole file, and stands below [{table}]");
    let made = Error::new(cause).at(text.path).byte(text.text, start);
    Some(made.remedy("Write it above the first table: in TOML, all that follows the name of a table is within it."))
}

fn is_of_file(key: &str) -> bool {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is part of the program");
    schema["properties"].get(key).is_some()
}

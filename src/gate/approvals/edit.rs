//! Writing `shapegate-approvals.toml`: what is there stays as it is, comments too.

use std::path::Path;

use toml_edit::{DocumentMut, InlineTable, Item, Table, Value};

use super::{Approvals, Day};
use crate::error::{Error, Result};

/// A finding that would have to be approved for the run to pass.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ToApprove {
    /// Its fingerprint.
    pub fingerprint: String,
    /// Files it was found in, where its rule is approved only for named paths.
    pub paths: Vec<String>,
}

/// Adds approvals to the text of a file, sorted by fingerprint. One that is there and has expired is renewed.
///
/// # Errors
/// The text is not a file of approvals, or the reason is empty.
pub fn add(text: &str, place: &Path, all: &[ToApprove], reason: &str, expires: Option<Day>) -> Result<String> {
    let mut document = parse(text, place)?;
    let table = approvals(&mut document, place)?;
    for one in all {
        let mut entry = InlineTable::new();
        entry.insert("reason", reason.into());
        if let Some(date) = expires.and_then(|day| day.to_string().parse::<toml_edit::Datetime>().ok()) {
            entry.insert("expires", date.into());
        }
        if !one.paths.is_empty() {
            entry.insert("paths", one.paths.iter().collect::<toml_edit::Array>().into());
        }
        match table.get_mut(&one.fingerprint) {
            // The entry's own comment is part of its decoration, which a replaced value loses.
            Some(known) => {
                let decor = known.as_value().map(|value| value.decor().clone());
                let mut value = Value::InlineTable(entry);
                if let Some(decor) = decor {
                    *value.decor_mut() = decor;
                }
                *known = Item::Value(value);
            }
            None => drop(table.insert(&one.fingerprint, Item::Value(Value::InlineTable(entry)))),
        }
    }
    table.sort_values();
    finish(&document, place)
}

/// Removes approvals from the text of a file, with the comments that belong to them.
///
/// # Errors
/// The text is not a file of approvals.
pub fn prune(text: &str, place: &Path, stale: &[String]) -> Result<String> {
    let mut document = parse(text, place)?;
    let table = approvals(&mut document, place)?;
    for fingerprint in stale {
        table.remove(fingerprint);
    }
    finish(&document, place)
}

fn parse(text: &str, place: &Path) -> Result<DocumentMut> {
    // The reader's errors are better than the editor's.
    Approvals::parse(text, place)?;
    text.parse().map_err(|error| Error::new(format!("it cannot be edited: {error}")).at(place))
}

fn approvals<'d>(document: &'d mut DocumentMut, place: &Path) -> Result<&'d mut Table> {
    let table = document.entry("approvals").or_insert_with(|| Item::Table(Table::new()));
    table.as_table_mut().ok_or_else(|| {
        Error::new("`approvals` is not a table of its own").at(place).remedy("Write [approvals] in a line of its own.")
    })
}

/// The text, once the reader takes it.
fn finish(document: &DocumentMut, place: &Path) -> Result<String> {
    let text = document.to_string();
    Approvals::parse(&text, place)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to_approve(fingerprint: &str) -> ToApprove {
        ToApprove { fingerprint: fingerprint.into(), paths: Vec::new() }
    }

    fn place() -> &'static Path {
        Path::new("a.toml")
    }

    #[test]
    fn what_is_there_stays_and_all_is_sorted() {
        let text =
            "# ours\n[approvals]\n# why we live with it\n\"wrong-type:s3:B::\" = { reason = \"old\" } # see 12\n";
        let all = [to_approve("wrong-type:s3:C::"), to_approve("wrong-type:s3:A::")];
        let day = Day::parse("2027-01-31");
        let new = add(text, place(), &all, "known \"deviation\"", day).expect("sound");
        assert_eq!(
            new,
            "# ours\n[approvals]\n\
             \"wrong-type:s3:A::\" = { reason = 'known \"deviation\"', expires = 2027-01-31 }\n\
             # why we live with it\n\"wrong-type:s3:B::\" = { reason = \"old\" } # see 12\n\
             \"wrong-type:s3:C::\" = { reason = 'known \"deviation\"', expires = 2027-01-31 }\n"
        );
        let pruned = prune(&new, place(), &["wrong-type:s3:A::".into(), "wrong-type:s3:C::".into()]).expect("sound");
        assert_eq!(pruned, text);
    }

    #[test]
    fn a_known_fingerprint_is_renewed() {
        let text = "[approvals]\n# kept\n\"wrong-type:s3:B::\" = { reason = \"old\", expires = 2020-01-01 }\n";
        let new = add(text, place(), &[to_approve("wrong-type:s3:B::")], "new", None).expect("sound");
        assert_eq!(new, "[approvals]\n# kept\n\"wrong-type:s3:B::\" = { reason = \"new\" }\n");
    }

    #[test]
    fn an_empty_file_becomes_one() {
        let one = ToApprove { fingerprint: "malformed-recording::::".into(), paths: vec!["a/b.json".into()] };
        let new = add("", place(), &[one], "broken on purpose", None).expect("sound");
        let line = "\"malformed-recording::::\" = { reason = \"broken on purpose\", paths = [\"a/b.json\"] }\n";
        assert_eq!(new, format!("[approvals]\n{line}"));
    }

    #[test]
    fn what_is_not_a_file_of_approvals_stays_untouched() {
        assert!(add("[other]\n", place(), &[], "x", None).is_err());
        assert!(add("approvals = {}\n", place(), &[to_approve("wrong-type:a:::")], "x", None).is_err());
        assert!(add("", place(), &[to_approve("wrong-type:a:::")], " ", None).is_err(), "no reason");
    }
}

//! [`Draft`]: a file of approvals that is edited. What somebody wrote stays as it is: comments, order, and how it is spelt.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::pattern::Pattern;
use super::{Approvals, Day, Find, ToApprove};
use crate::error::{Error, Result};
use crate::paths::STDIN;
use crate::rules;

/// The byte order mark.
const MARK: char = '\u{feff}';

/// The text of a file of approvals, to be edited.
#[derive(Debug)]
pub struct Draft {
    document: DocumentMut,
    place: PathBuf,
    today: Day,
    /// It begins with a byte order mark.
    has_mark: bool,
    /// Its lines end in CR LF.
    has_crlf: bool,
    /// Approvals that were added.
    pub added: usize,
    /// Approvals that were there and accept again what they are about.
    pub renewed: usize,
    /// Approvals that were removed.
    pub removed: usize,
}

impl Draft {
    /// Reads the text of a file, or of one that is yet to be made; `place` is its path.
    ///
    /// # Errors
    /// It is not a file of approvals, or not one that can be edited.
    pub fn parse(text: &str, place: &Path, today: Day) -> Result<Self> {
        // The reader's errors are better than the editor's.
        Approvals::parse(text, place)?;
        let document: DocumentMut =
            text.parse().map_err(|error| Error::new(format!("it cannot be edited: {error}")).at(place))?;
        if document.get("approvals").is_some_and(|approvals| !approvals.is_table()) {
            return Err(Error::new("`approvals` is not a table of its own")
                .at(place)
                .remedy("Write [approvals] in a line of its own."));
        }
        let (has_mark, ends) = (text.starts_with(MARK), text.matches('\n').count());
        let has_crlf = ends > 0 && text.matches("\r\n").count() == ends;
        Ok(Self { document, place: place.to_owned(), today, has_mark, has_crlf, added: 0, renewed: 0, removed: 0 })
    }

    /// Adds approvals. They go where they sort in; behind the others where these are not sorted. One that is there and has
    /// expired, is about other files or about fewer findings is renewed: it gets the reason, and what it lacks.
    ///
    /// # Errors
    /// The reason is empty, or a fingerprint names no rule.
    pub fn add(&mut self, all: &[ToApprove], reason: &str, expires: Option<Day>) -> Result<()> {
        if reason.trim().is_empty() {
            return Err(
                Error::new("the reason is empty").remedy("Say why it is accepted; who reads it later was not there.")
            );
        }
        if let Some(unknown) = all.iter().find(|one| rules::find(Pattern::parse(&one.fingerprint).rule()).is_none()) {
            return Err(Error::new(format!("the fingerprint {} names no rule", unknown.fingerprint))
                .remedy("`shapegate rules` lists the rules of this version."));
        }
        if let Some(wild) = all.iter().find(|one| Pattern::parse(&one.fingerprint).exact().is_none()) {
            return Err(Error::new(format!("{} has wildcards, and is of no single finding", wild.fingerprint))
                .remedy("A report has none; write such a line by hand."));
        }
        if all.iter().any(|one| one.paths.iter().any(|path| path == STDIN)) {
            return Err(Error::new("what comes from standard input has no path that an approval could name")
                .remedy("Every other text would pass with it: check a file."));
        }
        if all.is_empty() {
            return Ok(());
        }
        let today = self.today;
        let table = self.table();
        let spelt: HashMap<String, String> =
            table.iter().filter_map(|(key, _)| Some((current(key, &rules::find)?, key.to_owned()))).collect();
        let mut new = Vec::new();
        let mut renewed = 0;
        for one in all {
            let key = spelt.get(&one.fingerprint).unwrap_or(&one.fingerprint);
            if let Some(line) = table.get_mut(key).and_then(Item::as_table_like_mut) {
                renewed += usize::from(renew(line, one, reason, expires, today));
            } else {
                table.insert(key, Item::Value(Value::InlineTable(entry(one, reason, expires))));
                new.push(key.clone());
            }
        }
        sort_in(table, &new);
        self.renewed += renewed;
        self.added += new.len();
        Ok(())
    }

    /// Removes approvals, with the comments that belong to them. A comment that a blank line separates from what is below
    /// it is about more than one line, and stays.
    pub fn remove(&mut self, stale: &[String]) {
        if self.document.get("approvals").is_none() {
            return;
        }
        for fingerprint in stale {
            let table = self.table();
            let Some(at) = table.iter().position(|(key, _)| key == fingerprint) else { continue };
            let (heading, _) = divided(&prefix(table, fingerprint));
            let next = table.iter().nth(at + 1).map(|(key, _)| key.to_owned());
            table.remove(fingerprint);
            self.removed += 1;
            if let Some(next) = next {
                put_above(self.table(), &next, &heading);
            } else {
                let trailing = self.document.trailing().as_str().unwrap_or_default().to_owned();
                self.document.set_trailing(heading + &trailing);
            }
        }
    }

    /// Whether anything was edited.
    pub fn is_changed(&self) -> bool {
        self.added + self.renewed + self.removed > 0
    }

    /// The text as it is now; lines end as they did.
    ///
    /// # Errors
    /// The reader does not take it, which the other methods exclude.
    pub fn text(&self) -> Result<String> {
        let mut text = self.document.to_string();
        if self.has_crlf {
            text = text.replace('\n', "\r\n");
        }
        if self.has_mark {
            text.insert(0, MARK);
        }
        Approvals::parse(&text, &self.place)?;
        Ok(text)
    }

    fn table(&mut self) -> &mut Table {
        if self.document.get("approvals").is_none() {
            // What a file without lines holds stays above them.
            let mut comments = self.document.trailing().as_str().unwrap_or_default().to_owned();
            if !comments.is_empty() && !comments.ends_with('\n') {
                comments.push('\n');
            }
            self.document.set_trailing("");
            let mut table = Table::new();
            table.decor_mut().set_prefix(comments);
            self.document.insert("approvals", Item::Table(table));
        }
        let item = &mut self.document["approvals"];
        item.as_table_mut().expect("`parse` takes a table alone")
    }
}

/// A fingerprint with its rule as it is called today; `None` where it has wildcards, so that it is of no single finding.
fn current(fingerprint: &str, find: Find<'_>) -> Option<String> {
    let pattern = Pattern::parse(fingerprint);
    let rule = find(pattern.rule())?;
    pattern.of_rule(rule.id).exact()
}

/// A new line.
fn entry(one: &ToApprove, reason: &str, expires: Option<Day>) -> InlineTable {
    let mut entry = InlineTable::new();
    entry.insert("reason", reason.into());
    if let Some(day) = expires {
        entry.insert("expires", date(day));
    }
    if !one.paths.is_empty() {
        entry.insert("paths", Value::Array(one.paths.iter().collect()));
    }
    if let Some(most) = one.at_most.and_then(|most| i64::try_from(most).ok()) {
        entry.insert("at_most", most.into());
    }
    entry
}

/// Makes a line accept what it does not; whether it had to be changed for that.
fn renew(line: &mut dyn TableLike, one: &ToApprove, reason: &str, expires: Option<Day>, today: Day) -> bool {
    let paths: Vec<&str> =
        line.get("paths").and_then(Item::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let new: Vec<String> = one.paths.iter().filter(|path| !paths.contains(&path.as_str())).cloned().collect();
    let at_most =
        line.get("at_most").and_then(Item::as_integer).zip(one.at_most.and_then(|most| i64::try_from(most).ok()));
    let at_most = at_most.filter(|(most, needed)| most < needed).map(|(_, needed)| needed);
    let has_expired = line.get("expires").and_then(day).is_some_and(|day| today > day);
    // A line without paths is about all files.
    let new = if paths.is_empty() { Vec::new() } else { new };
    if new.is_empty() && at_most.is_none() && !has_expired {
        return false;
    }
    set(line, "reason", reason.into());
    match expires {
        Some(day) => set(line, "expires", date(day)),
        None if has_expired => drop(line.remove("expires")),
        None => {}
    }
    if let Some(all) = line.get_mut("paths").and_then(Item::as_array_mut) {
        all.extend(new);
    }
    if let Some(most) = at_most {
        set(line, "at_most", most.into());
    }
    true
}

/// Sets a value where another one may be, and keeps the blanks around that.
fn set(line: &mut dyn TableLike, key: &str, mut value: Value) {
    match line.get_mut(key).and_then(Item::as_value_mut) {
        Some(known) => {
            *value.decor_mut() = known.decor().clone();
            *known = value;
        }
        None => drop(line.insert(key, Item::Value(value))),
    }
}

fn date(day: Day) -> Value {
    let date: toml_edit::Datetime = day.to_string().parse().expect("a day is written as TOML has dates");
    date.into()
}

/// A date as TOML has it, or as text.
fn day(item: &Item) -> Option<Day> {
    Day::parse(&item.as_datetime().map_or_else(|| item.as_str().unwrap_or_default().to_owned(), ToString::to_string))
}

/// Moves new lines to where they sort in; behind the others where these are not sorted.
fn sort_in(table: &mut Table, new: &[String]) {
    let (mut own, others): (Vec<String>, Vec<String>) =
        table.iter().map(|(key, _)| key.to_owned()).partition(|key| new.contains(key));
    own.sort();
    let first = others.first().cloned();
    let mut all = [others, own].concat();
    if all[..all.len() - new.len()].is_sorted() {
        all.sort();
    }
    let rank: HashMap<&str, usize> = all.iter().enumerate().map(|(at, key)| (key.as_str(), at)).collect();
    table.sort_values_by(|a, _, b, _| rank.get(a.get()).cmp(&rank.get(b.get())));
    // What stands above all lines goes on doing so.
    if let Some(first) = first.filter(|first| all.first() != Some(first)) {
        let (heading, own) = divided(&prefix(table, &first));
        set_prefix(table, &first, own);
        put_above(table, &all[0], &heading);
    }
}

/// What stands above a line.
fn prefix(table: &Table, key: &str) -> String {
    let prefix = match table.get(key) {
        Some(Item::Table(table)) if !table.is_dotted() => table.decor().prefix(),
        _ => table.key(key).and_then(|key| key.leaf_decor().prefix()),
    };
    prefix.and_then(|prefix| prefix.as_str()).unwrap_or_default().to_owned()
}

fn set_prefix(table: &mut Table, key: &str, prefix: String) {
    match table.get_mut(key) {
        Some(Item::Table(table)) if !table.is_dotted() => table.decor_mut().set_prefix(prefix),
        _ => {
            if let Some(mut key) = table.key_mut(key) {
                key.leaf_decor_mut().set_prefix(prefix);
            }
        }
    }
}

fn put_above(table: &mut Table, key: &str, heading: &str) {
    if !heading.is_empty() {
        let below = prefix(table, key);
        set_prefix(table, key, format!("{heading}{below}"));
    }
}

/// What stands above a line: comments that are about more than it, up to the last blank line, and its own.
fn divided(prefix: &str) -> (String, String) {
    let lines: Vec<&str> = prefix.split_inclusive('\n').collect();
    let blank = lines.iter().rposition(|line| line.trim().is_empty() && line.ends_with('\n'));
    let (heading, own) = lines.split_at(blank.map_or(0, |at| at + 1));
    let is_comment = heading.iter().any(|line| !line.trim().is_empty());
    if is_comment { (heading.concat(), own.concat()) } else { (String::new(), prefix.to_owned()) }
}

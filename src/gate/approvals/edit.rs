//! [`Draft`]: a file of approvals that is edited. What somebody wrote stays as it is: comments, order, and how it is spelt.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::pattern::Pattern;
use super::{Approvals, Day, Find, ToApprove};
use crate::error::{Error, Result};
use crate::rules;

/// The text of a file of approvals, to be edited.
#[derive(Debug)]
pub struct Draft {
    document: DocumentMut,
    place: PathBuf,
    today: Day,
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
        Ok(Self { document, place: place.to_owned(), today, added: 0, renewed: 0, removed: 0 })
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

    /// The text as it is now.
    ///
    /// # Errors
    /// The reader does not take it, which the other methods exclude.
    pub fn text(&self) -> Result<String> {
        let text = self.document.to_string();
        Approvals::parse(&text, &self.place)?;
        Ok(text)
    }

    fn table(&mut self) -> &mut Table {
        if self.document.get("approvals").is_none() {
            // What a file without lines holds stays above them.
            let comments = self.document.trailing().as_str().unwrap_or_default().to_owned();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(text: &str) -> Draft {
        let today = Day::parse("2026-11-28").expect("a day");
        Draft::parse(text, Path::new("a.toml"), today).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    /// A finding whose subject is this.
    fn open(subject: &str) -> ToApprove {
        ToApprove { fingerprint: fingerprint(subject), ..ToApprove::default() }
    }

    fn fingerprint(subject: &str) -> String {
        format!("wrong-type:s3:O:request:{subject}")
    }

    fn added(text: &str, all: &[ToApprove], expires: Option<&str>) -> String {
        let mut draft = draft(text);
        draft.add(all, "new", expires.and_then(Day::parse)).expect("sound");
        draft.text().expect("sound")
    }

    fn removed(text: &str, subjects: &[&str]) -> String {
        let mut draft = draft(text);
        draft.remove(&subjects.iter().map(|subject| fingerprint(subject)).collect::<Vec<_>>());
        assert_eq!(draft.removed, subjects.len());
        draft.text().expect("sound")
    }

    #[test]
    fn what_is_there_stays_and_all_is_sorted() {
        let text =
            "# ours\n[approvals]\n# why we live with it\n\"wrong-type:s3:O:request:B\" = { reason = 'old' } # see 12\n";
        let mut draft = draft(text);
        let day = Day::parse("2027-01-31");
        draft.add(&[open("C"), open("A")], "known \"deviation\"", day).expect("sound");
        assert_eq!((draft.added, draft.renewed), (2, 0));
        assert_eq!(
            draft.text().expect("sound"),
            "# ours\n[approvals]\n\
             \"wrong-type:s3:O:request:A\" = { reason = 'known \"deviation\"', expires = 2027-01-31 }\n\
             # why we live with it\n\"wrong-type:s3:O:request:B\" = { reason = 'old' } # see 12\n\
             \"wrong-type:s3:O:request:C\" = { reason = 'known \"deviation\"', expires = 2027-01-31 }\n"
        );
        draft.remove(&[fingerprint("A"), fingerprint("C"), fingerprint("D")]);
        assert_eq!((draft.text().expect("sound").as_str(), draft.removed), (text, 2));
    }

    #[test]
    fn an_order_of_its_own_stays() {
        let line = |subject| format!("\"{}\" = {{ reason = \"old\" }}\n", fingerprint(subject));
        let new = |subject| format!("\"{}\" = {{ reason = \"new\" }}\n", fingerprint(subject));
        let text = format!("[approvals]\n{}{}# the end\n", line("D"), line("B"));
        let expected = format!("[approvals]\n{}{}{}{}# the end\n", line("D"), line("B"), new("A"), new("C"));
        assert_eq!(added(&text, &[open("C"), open("A")], None), expected);
    }

    #[test]
    fn headings_stay_where_they_are() {
        let line = |subject| format!("\"{}\" = {{ reason = \"new\" }}\n", fingerprint(subject));
        let [a, b, c, d] = ["A", "B", "C", "D"].map(line);
        let text = format!("[approvals]\n# all of us\n\n# of B\n{b}\n# team\n\n# of C\n{c}# the end\n");
        let with_a = format!("[approvals]\n# all of us\n\n{a}# of B\n{b}\n# team\n\n# of C\n{c}# the end\n");
        assert_eq!(added(&text, &[open("A")], None), with_a);
        let with_d = format!("[approvals]\n# all of us\n\n# of B\n{b}\n# team\n\n# of C\n{c}{d}# the end\n");
        assert_eq!(added(&text, &[open("D")], None), with_d);
        let without_b = format!("[approvals]\n# all of us\n\n\n# team\n\n# of C\n{c}# the end\n");
        assert_eq!(removed(&text, &["B"]), without_b);
        let without_c = format!("[approvals]\n# all of us\n\n# of B\n{b}\n# team\n\n# the end\n");
        assert_eq!(removed(&text, &["C"]), without_c);
        assert_eq!(removed(&text, &["B", "C"]), "[approvals]\n# all of us\n\n\n# team\n\n# the end\n");
    }

    #[test]
    fn a_line_that_has_expired_is_renewed() {
        let text = "[approvals]\n# kept\n\"wrong-type:s3:O:request:B\" = { reason = \"old\", expires = 2020-01-01, paths = [\"a\"] } # kept\n";
        let expected =
            "[approvals]\n# kept\n\"wrong-type:s3:O:request:B\" = { reason = \"new\", paths = [\"a\"] } # kept\n";
        assert_eq!(added(text, &[open("B")], None), expected);
        let later = expected.replace("\"new\",", "\"new\", expires = 2030-01-01,");
        assert_eq!(added(text, &[open("B")], Some("2030-01-01")), later);
        assert_eq!(added(expected, &[open("B")], None), expected, "nothing is lacking");
    }

    #[test]
    fn a_line_about_other_files_or_fewer_findings_is_widened() {
        let text = "[approvals.\"wrong-type:s3:O:request:B\"]\nreason = \"old\" # kept\npaths = [\n  \"a\", # kept\n]\nat_most = 2\nexpires = 2030-01-01\n";
        let more = ToApprove { paths: vec!["b".into(), "a".into()], at_most: Some(5), ..open("B") };
        let new = added(text, &[more], None);
        let entry = &draft(&new).document["approvals"]["wrong-type:s3:O:request:B"];
        assert_eq!(entry["at_most"].as_integer(), Some(5));
        assert_eq!(entry["expires"].as_datetime().map(ToString::to_string).as_deref(), Some("2030-01-01"));
        let paths: Vec<&str> = entry["paths"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert_eq!(paths, ["a", "b"]);
        assert!(new.contains("reason = \"new\" # kept\n") && new.contains("# kept\n]"), "{new}");
    }

    #[test]
    fn a_line_is_known_by_a_former_id_of_its_rule() {
        let find = |id: &str| rules::find(if id == "former-id" { "wrong-type" } else { id });
        let current = |fingerprint| current(fingerprint, &find);
        assert_eq!(current("former-id:s3:O:request:A").as_deref(), Some("wrong-type:s3:O:request:A"));
        assert_eq!(current("wrong-type:s3:O:request:A").as_deref(), Some("wrong-type:s3:O:request:A"));
        assert_eq!(current("wrong-type:s3:O:request:*"), None);
        assert_eq!(current("no-rule:s3:O:request:A"), None);
    }

    #[test]
    fn an_empty_file_becomes_one() {
        let line = "\"malformed-recording::::\" = { reason = \"new\", paths = [\"a/b.json\"] }\n";
        let one = ToApprove {
            fingerprint: "malformed-recording::::".into(),
            paths: vec!["a/b.json".into()],
            ..ToApprove::default()
        };
        assert_eq!(added("", std::slice::from_ref(&one), None), format!("[approvals]\n{line}"));
        assert_eq!(added("# ours\n\n", &[one], None), format!("# ours\n\n[approvals]\n{line}"));
        assert_eq!(added("# ours\n", &[], None), "# ours\n");
        assert_eq!(removed("# ours\n", &[]), "# ours\n");
    }

    #[test]
    fn what_is_not_a_file_of_approvals_stays_untouched() {
        let today = Day::of_unix_time(0);
        for text in ["[other]\n", "approvals = {}\n", "approvals"] {
            assert!(Draft::parse(text, Path::new("a.toml"), today).is_err(), "{text}");
        }
        let mut draft = draft("");
        assert!(draft.add(&[open("A")], " ", None).is_err(), "no reason");
        let unknown = ToApprove { fingerprint: "no-rule:a:::".into(), ..ToApprove::default() };
        assert!(draft.add(&[unknown], "why", None).is_err(), "no rule");
        assert_eq!(draft.text().expect("sound"), "");
    }
}

//! `shapegate-approvals.toml`: differences that someone looked at and takes.
//!
//! One line for each, by fingerprint: `"member-removed:sqs:…" = { reason = "…", expires = 2027-01-31 }`.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, Result};

/// Name of the file where none is given.
pub const FILE: &str = "shapegate-approvals.toml";

/// Approvals by fingerprint.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Approvals(BTreeMap<String, Approval>);

/// One approval.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// Why it is taken.
    pub reason: String,
    /// The last day on which it counts.
    pub expires: Option<Day>,
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: u16,
    month: u8,
    of_month: u8,
}

impl Day {
    /// A day by its date; `None` where there is no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
        let last = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if is_leap => 29,
            2 => 28,
            _ => return None,
        };
        (1..=last).contains(&day).then_some(Self { year, month, of_month: day })
    }

    /// The day on which a moment lies, in UTC, by its seconds since 1970.
    pub fn of_unix_time(seconds: u64) -> Self {
        // Counted from 0000-03-01, so that a leap day ends its year; 400 years have 146,097 days.
        let days = seconds / 86_400 + 719_468;
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let (month, carried) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        let year = era * 400 + year_of_era + carried;
        Self {
            year: u16::try_from(year).unwrap_or(u16::MAX),
            month: u8::try_from(month).unwrap_or(12),
            of_month: u8::try_from(day).unwrap_or(31),
        }
    }

    /// Reads `2027-01-31`.
    fn parse(text: &str) -> Option<Self> {
        let [year, month, day] = text.split('-').collect::<Vec<_>>()[..] else { return None };
        if (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return None;
        }
        Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.of_month)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    approvals: BTreeMap<String, Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    reason: String,
    expires: Option<Date>,
}

/// A date as TOML has it, or as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Date {
    Toml(toml::value::Datetime),
    Text(String),
}

impl Approvals {
    /// Reads a file of approvals; `place` is its path, for errors.
    ///
    /// # Errors
    /// It is no TOML, has other keys, a reason that is empty, or a day that is none.
    pub fn parse(text: &str, place: &Path) -> Result<Self> {
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            Error::new(error.message().to_owned()).at(place).byte(text, at).remedy(
                "Below [approvals] each line is \"fingerprint\" = { reason = \"why\", expires = 2027-01-31 }; \
                 `expires` may be left out.",
            )
        })?;
        let mut approvals = BTreeMap::new();
        for (fingerprint, written) in file.approvals {
            if written.reason.trim().is_empty() {
                return Err(Error::new(format!("the approval of {fingerprint} gives no reason"))
                    .at(place)
                    .remedy("Say in `reason` why it is taken; who reads it later was not there."));
            }
            let expires = written.expires.map(|date| match date {
                Date::Toml(date) => date.to_string(),
                Date::Text(text) => text,
            });
            let day = |text: &String| {
                Day::parse(text).ok_or_else(|| {
                    Error::new(format!("the approval of {fingerprint} expires on {text:?}, which is no day"))
                        .at(place)
                        .remedy("Write the last day on which it counts as 2027-01-31.")
                })
            };
            let expires = expires.as_ref().map(day).transpose()?;
            approvals.insert(fingerprint, Approval { reason: written.reason, expires });
        }
        Ok(Self(approvals))
    }

    /// The approval of a fingerprint.
    pub fn get(&self, fingerprint: &str) -> Option<&Approval> {
        self.0.get(fingerprint)
    }

    /// All fingerprints, sorted.
    pub fn fingerprints(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The line that approves a fingerprint, but for its reason.
    pub fn line(fingerprint: &str) -> String {
        // What JSON writes as a text, TOML reads as one.
        format!("{} = {{ reason = \"\" }}", serde_json::Value::from(fingerprint))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Approvals> {
        Approvals::parse(text, Path::new("a.toml"))
    }

    #[test]
    fn a_line_that_is_printed_is_read_again() {
        let fingerprint = "pattern-changed:s3:::Key:\"[a-z]\\d+\"%3A";
        let line = Approvals::line(fingerprint).replace("\"\" }", "\"seen\" }");
        let approvals = parse(&format!("[approvals]\n{line}\n")).expect(&line);
        assert_eq!(approvals.get(fingerprint), Some(&Approval { reason: "seen".into(), expires: None }));
    }

    #[test]
    fn days_are_written_with_or_without_quotes() {
        let text = "[approvals]\na = { reason = \"x\", expires = 2027-01-31 }\nb = { reason = \"x\", expires = \"2024-02-29\" }";
        let approvals = parse(text).expect("sound");
        let day = |name| approvals.get(name).and_then(|approval| approval.expires).map(|day| day.to_string());
        assert_eq!((day("a").as_deref(), day("b").as_deref()), (Some("2027-01-31"), Some("2024-02-29")));
    }

    #[test]
    fn a_file_may_hold_none() {
        for text in ["", "# none yet", "[approvals]"] {
            assert_eq!(parse(text).expect(text), Approvals::default());
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (text, told) in [
            ("[approvals]\na = { reason = \"\" }", "no reason"),
            ("[approvals]\na = { reason = \"x\", expires = \"2023-02-29\" }", "no day"),
            ("[approvals]\na = { reason = \"x\", expires = 2027-01-31T00:00:00Z }", "no day"),
            ("[approvals]\na = { because = \"x\" }", "because"),
            ("[approvals]\na = 3", "a.toml:2"),
            ("[approval]", "a.toml:1"),
        ] {
            let error = parse(text).expect_err(text).to_string();
            assert!(error.contains(told) && error.contains("a.toml"), "{text}: {error}");
        }
    }

    #[test]
    fn moments_are_days() {
        for (seconds, day) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_693_353_600, "2023-08-30"),
            (1_735_689_599, "2024-12-31"),
            (4_107_542_399, "2100-02-28"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(Day::of_unix_time(seconds).to_string(), day);
        }
    }
}

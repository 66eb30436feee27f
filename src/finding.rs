//! [`Finding`]: the one kind of result, whatever rule it comes from.
//!
//! Findings hold structured values. The sentence a person reads is rendered last, by the rule that made the finding.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde_json::Value;

use crate::model::{Aspect, Direction};

/// How much a finding weighs. `Note < Warning < Error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Probably wrong, or wrong where real traffic often is.
    Warning,
    /// Breaks the contract.
    Error,
}

impl Severity {
    /// `note`, `warning` or `error`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where in the input a finding stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Location {
    /// Path as the user gave it, extended by what was found below it; `-` for standard input.
    pub file: String,
    /// Line and column, both from 1, the column in code points. `None` where the file could not be read.
    pub position: Option<(usize, usize)>,
    /// Number of the exchange within its recording, from 0.
    pub entry: Option<usize>,
}

/// Part of an HTTP message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Which kind of part: `path label`, `query parameter`, `header`, `status`, `body`.
    pub part: &'static str,
    /// Its name, where parts of its kind have names.
    pub name: Option<String>,
    /// Line and column within the decoded body, both from 1.
    pub position: Option<(usize, usize)>,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.part)?;
        if let Some(name) = &self.name {
            write!(f, " `{name}`")?;
        }
        if let Some((line, column)) = self.position {
            write!(f, " {line}:{column}")?;
        }
        Ok(())
    }
}

/// The line a finding stands on, shortened around the place and with sensitive values masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// Text to show, one line.
    pub text: String,
    /// Bytes of `text` that the finding is about.
    pub highlight: Range<usize>,
}

/// One result of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Id of the rule, such as `unknown-member`.
    pub rule: &'static str,
    /// Its weight here.
    pub severity: Severity,
    /// Service, where it is known.
    pub service: Option<String>,
    /// Operation, where it is known.
    pub operation: Option<String>,
    /// Half of the exchange, where it concerns one.
    pub direction: Option<Direction>,
    /// Shape that holds the member (or is itself meant, where `member` is `None`).
    pub shape: Option<String>,
    /// Member of that shape.
    pub member: Option<String>,
    /// Part of the member's value.
    pub aspect: Aspect,
    /// RFC 6901 pointer into the payload; for something missing, where it should be.
    pub pointer: String,
    /// Place in the input.
    pub location: Location,
    /// Part of the HTTP message that it is about; `None` where the recording does not keep messages.
    pub origin: Option<Origin>,
    /// The rule's own facts: what was expected, what was found.
    pub values: BTreeMap<&'static str, Value>,
    /// Names of those `values` that tell this finding from another at the same member.
    pub identity: &'static [&'static str],
    /// What to show of the input.
    pub excerpt: Option<Excerpt>,
}

impl Finding {
    /// What stays the same for the same deviation: across runs, files and messages.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut text = self.rule.to_owned();
        let subject = match (&self.shape, &self.member) {
            (Some(shape), Some(member)) => format!("{shape}.{member}"),
            (Some(name), None) | (None, Some(name)) => name.clone(),
            (None, None) => String::new(),
        };
        let parts = [
            self.service.as_deref().unwrap_or_default(),
            self.operation.as_deref().unwrap_or_default(),
            self.direction.map_or("", Direction::as_str),
            &subject,
        ];
        for part in parts {
            text.push(':');
            push_escaped(&mut text, part);
        }
        for name in self.identity {
            if let Some(value) = self.values.get(name) {
                text.push(':');
                match value {
                    Value::String(plain) => push_escaped(&mut text, plain),
                    other => push_escaped(&mut text, &other.to_string()),
                }
            }
        }
        Fingerprint(text)
    }
}

/// Identity of a finding: `rule:service:operation:direction:Shape.member[:identifying value…]`, where `:`, `%` and
/// control characters within a part are percent-encoded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(String);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn push_escaped(text: &mut String, part: &str) {
    use fmt::Write as _;
    for c in part.chars() {
        if c == ':' || c == '%' || c.is_control() {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                write!(text, "%{byte:02X}").expect("writing to a String cannot fail");
            }
        } else {
            text.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding() -> Finding {
        Finding {
            rule: "unknown-enum-value",
            severity: Severity::Error,
            service: Some("cleanrooms".into()),
            operation: Some("GetProtectedQuery".into()),
            direction: Some(Direction::Response),
            shape: Some("ProtectedQuery".into()),
            member: Some("status".into()),
            aspect: Aspect::Whole,
            pointer: "/protectedQuery/status".into(),
            location: Location { file: "a.json".into(), position: Some((3, 9)), entry: Some(0) },
            values: BTreeMap::from([("found", Value::from("DONE: 100 %")), ("nearest", Value::from("SUCCESS"))]),
            identity: &["found"],
            origin: None,
            excerpt: None,
        }
    }

    /// Baselines hold fingerprints, so their form must not change unnoticed.
    #[test]
    fn the_fingerprint_has_this_form() {
        assert_eq!(
            finding().fingerprint().to_string(),
            "unknown-enum-value:cleanrooms:GetProtectedQuery:response:ProtectedQuery.status:DONE%3A 100 %25"
        );
    }

    #[test]
    fn the_fingerprint_ignores_the_place() {
        let mut elsewhere = finding();
        elsewhere.location = Location { file: "b.json".into(), position: Some((1, 1)), entry: Some(7) };
        elsewhere.pointer = "/other/0/status".into();
        assert_eq!(elsewhere.fingerprint(), finding().fingerprint());
        let mut other_value = finding();
        other_value.values.insert("found", Value::from("OVER"));
        assert_ne!(other_value.fingerprint(), finding().fingerprint());
    }

    #[test]
    fn severities_are_ordered_by_weight() {
        assert!(Severity::Note < Severity::Warning && Severity::Warning < Severity::Error);
    }
}

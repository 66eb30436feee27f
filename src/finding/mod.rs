//! [`Finding`]: the one kind of result, whatever job it comes from, and [`Rule`]: what is true of all findings of a kind.
//!
//! A finding holds the typed fact that it is about. The sentence a person reads is rendered last, by the rule. Which rule
//! judges which fact is the business of [`crate::rules`].

mod deviation;
mod note;
mod rule;
mod shallow;
#[cfg(test)]
mod tests;
mod values;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

pub use self::deviation::Deviation;
pub use self::note::{Note, Recorded, Witness};
pub use self::rule::{
    Area, BREAKING, COMPATIBLE, LeadsTo, Mirror, Nearness, Once, Profile, RISKY, Root, Rule, Uses, Weights,
};
pub(crate) use self::shallow::shallow;
pub use self::values::Values;
use crate::contract::BreachKind;
use crate::model::{Aspect, Direction, Protocol};
use crate::text::{is_obeyed, visible};

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
    /// All severities, the most severe first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Note];

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
#[non_exhaustive]
pub struct Location {
    /// Path as the user gave it, extended by what was found below it; `-` for standard input.
    pub file: String,
    /// Line and column, both from 1, the column in code points. `None` where the file could not be read.
    pub position: Option<(usize, usize)>,
    /// Number of the exchange within its recording, from 0.
    pub entry: Option<usize>,
}

impl Location {
    /// File, line and column, with colons between them.
    pub fn text(&self) -> String {
        match self.position {
            Some((line, column)) => format!("{}:{line}:{column}", self.file),
            None => self.file.clone(),
        }
    }
}

impl Serialize for Location {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Flat<'l> {
            file: &'l str,
            line: Option<usize>,
            column: Option<usize>,
            entry: Option<usize>,
        }
        let (line, column) = self.position.unzip();
        Flat { file: &self.file, line, column, entry: self.entry }.serialize(serializer)
    }
}

/// Part of an HTTP message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
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
#[non_exhaustive]
pub struct Excerpt {
    /// Text to show, one line.
    pub text: String,
    /// Bytes of `text` that the finding is about.
    pub highlight: Range<usize>,
}

/// What it depends on, beside the rule, how an SDK takes a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Spoken {
    /// The protocol of the response.
    pub protocol: Protocol,
    /// The kind of shape at fault, as models name it; `message` where it is all of the response.
    pub kind: Cow<'static, str>,
}

impl Spoken {
    /// A response in a protocol, with the kind of shape at fault.
    pub fn new(protocol: Protocol, kind: &'static str) -> Self {
        Self { protocol, kind: Cow::Borrowed(kind) }
    }
}

/// One result of a rule.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule that judges the fact.
    pub rule: &'static Rule,
    /// What is the matter.
    pub deviation: Deviation,
    /// The fact as reports show it, by name, with credentials masked.
    pub values: Values,
    /// The rule's weight for this fact. Mechanisms (fallout, replay, routing) read it; what a team makes of it is its
    /// level, which the gate decides.
    pub weight: Severity,
    /// The most severe level that the recording can prove, where that is limited.
    pub provable: Option<Severity>,
    /// Canonical name of the service, where it is known.
    pub service: Option<String>,
    /// Operation, where it is known and the only one.
    pub operation: Option<String>,
    /// Every operation that a difference between models concerns.
    pub operations: Vec<String>,
    /// Half of the exchange, where it concerns one.
    pub direction: Option<Direction>,
    /// The kind of response that it is about; `None` where it is about none, or nobody knows the protocol.
    pub spoken: Option<Spoken>,
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
    /// What to show of the input.
    pub excerpt: Option<Excerpt>,
    /// What else is known of it.
    pub notes: Vec<Note>,
}

impl Finding {
    /// Whether it is about a part of a file that was not read.
    pub fn is_unread(&self) -> bool {
        matches!(self.deviation, Deviation::Told { unread: true, .. })
            || self.deviation.breach().is_some_and(BreachKind::is_unread)
    }

    /// A finding without subject and place.
    pub fn new(rule: &'static Rule, deviation: Deviation, weight: Severity) -> Self {
        Self {
            rule,
            values: deviation.values(),
            deviation,
            weight,
            provable: None,
            service: None,
            operation: None,
            operations: Vec::new(),
            direction: None,
            spoken: None,
            shape: None,
            member: None,
            aspect: Aspect::Whole,
            pointer: String::new(),
            location: Location::default(),
            origin: None,
            excerpt: None,
            notes: Vec::new(),
        }
    }

    /// The subject that a run reports once, however often it is found; `None` where each finding is reported.
    pub(crate) fn once(&self) -> Option<String> {
        match self.rule.once {
            Once::Each => None,
            Once::PerFingerprint => Some(self.fingerprint().to_string()),
            Once::PerValue(name) => {
                let items = self.values.get(name).and_then(Value::as_array).into_iter().flatten();
                let mut texts: Vec<&str> = items.filter_map(Value::as_str).collect();
                texts.sort_unstable();
                Some(format!("{}:{}", self.rule.id, texts.join(" ")))
            }
        }
    }

    /// The sentence a person reads, without the place.
    pub fn message(&self) -> String {
        match &self.deviation {
            Deviation::Told { message, .. } => message.clone(),
            _ => (self.rule.message)(self),
        }
    }

    /// The message in one line, with characters that a terminal or a log would obey shown instead.
    pub fn sentence(&self) -> String {
        visible(&self.message())
    }

    /// The line that a report begins with where the finding has that level: `error[missing-member]: …`.
    pub fn headline(&self, level: Severity) -> String {
        format!("{level}[{}]: {}", self.rule.id, self.sentence())
    }

    /// Identity that stays the same for the same deviation: across runs, files and messages.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut text = self.rule.id.to_owned();
        let mut subject = match (&self.shape, &self.member) {
            (Some(shape), Some(member)) => format!("{shape}.{member}"),
            (Some(name), None) | (None, Some(name)) => name.clone(),
            (None, None) => String::new(),
        };
        subject.push_str(match self.aspect {
            Aspect::Whole => "",
            Aspect::Element => "[]",
            Aspect::Key => "{key}",
        });
        let parts = [
            self.service.as_deref().unwrap_or_default(),
            self.operation.as_deref().unwrap_or_default(),
            self.direction.map_or("", Direction::as_str),
            &subject,
        ];
        for part in parts {
            text.push(':');
            // An approval may have wildcards in these parts.
            push_escaped(&mut text, part, |c| c == '*');
        }
        for value in self.rule.identity.iter().filter_map(|name| self.values.get(name)) {
            text.push(':');
            match value.as_str() {
                Some(plain) => push_escaped(&mut text, plain, |_| false),
                None => push_escaped(&mut text, &value.to_string(), |_| false),
            }
        }
        Fingerprint(text)
    }
}

/// The headline of its weight, as far as the recording can prove it.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline(self.provable.map_or(self.weight, |most| self.weight.min(most))))
    }
}

/// Identity of a finding: `rule:service:operation:direction:Shape.member[:identifying value…]`, where `[]` behind the
/// member means an element of its list or an entry of its map, and `{key}` a key of its map, and where `:`, `%` and
/// characters that a terminal or a page obeys within a part are percent-encoded, and `*` in all parts but the values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The text, as approvals and reports have it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it says behind rule, service, operation and direction: the shape and member, and values that belong to the
    /// identity. Empty for whole messages and services.
    pub(crate) fn subject(&self) -> &str {
        self.0.splitn(5, ':').nth(4).unwrap_or_default()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn push_escaped(text: &mut String, part: &str, also: impl Fn(char) -> bool) {
    use fmt::Write as _;
    // Nearly all names are of such characters.
    if part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')) {
        return text.push_str(part);
    }
    for c in part.chars() {
        if c == ':' || c == '%' || is_obeyed(c) || also(c) {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                write!(text, "%{byte:02X}").expect("writing to a String cannot fail");
            }
        } else {
            text.push(c);
        }
    }
}

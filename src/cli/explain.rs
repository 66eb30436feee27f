//! `shapegate explain`

use std::collections::BTreeMap;
use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::print;
use crate::error::{Error, Result};
use crate::finding::{Area, Profile, Rule, Severity};
use crate::model::Direction;
use crate::rules;
use crate::rules::effects::{self, Effect, Measured, Sdk};

#[derive(Args)]
/// Explain a rule: what it does, what to do about it, why it matters, an example
#[command(after_help = "\
Examples:
  shapegate explain union-arity
  shapegate explain wire-name-changed
  shapegate explain --format json wrong-type | jq .sdks

Of a rule on traffic it says what SDKs make of responses that break it, by protocol and kind of shape, where that was measured: \
whether they raise an error, show the value as unknown, invent one that nobody sent, or take it as if nothing were wrong.")]
pub(super) struct Explain {
    /// Id of the rule, as findings show it in brackets
    rule: String,

    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

/// How an explanation is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// As one JSON object
    Json,
}

impl Explain {
    pub(super) fn run(self) -> Result<u8> {
        let rule = rules::find(&self.rule).ok_or_else(|| unknown(&self.rule))?;
        if self.format == Form::Json {
            print(|out| {
                serde_json::to_writer_pretty(&mut *out, &Explained::of(rule))?;
                writeln!(out)
            })?;
            return Ok(0);
        }
        let weights = match rule.area {
            Area::Upgrade => by_profile(rule),
            Area::Traffic | Area::Wire => {
                let halves = [Direction::Request, Direction::Response];
                let halves = halves.into_iter().filter(|half| rule.half.is_none_or(|only| only == *half));
                let weight = |half| format!("{} on {half}s", rule.weights.of(Profile::default(), Some(half)));
                format!("severity: {}", halves.map(weight).collect::<Vec<_>>().join(", "))
            }
        };
        let former = match rule.aliases {
            [] => String::new(),
            aliases => format!("; formerly {}", aliases.join(", ")),
        };
        print(|out| {
            writeln!(out, "{}: {}", rule.id, rule.summary)?;
            let noise =
                if rule.is_noise { "\ncounted, and listed where `--only-rule` or a level names it" } else { "" };
            writeln!(out, "{weights}{noise}\nsince shapegate {}{former}\n", rule.since)?;
            write!(out, "{}", text(rule))?;
            sdks(rule, out)
        })?;
        Ok(0)
    }
}

/// What the rule does, at once what to do about it, then its reasons.
fn text(rule: &Rule) -> String {
    let (remedy, others): (Vec<&str>, Vec<&str>) =
        rule.explain.trim_end().split("\n\n").partition(|paragraph| paragraph.starts_with("What to do:"));
    let (first, reasons) = others.split_at(1.min(others.len()));
    let until = until_then(rule);
    let parts = [first, &remedy, &[until.as_str()], reasons].concat();
    format!("{}\n", parts.join("\n\n"))
}

/// How a team lives with what it cannot mend at once.
fn until_then(rule: &Rule) -> String {
    let id = rule.id;
    if rule.needs_paths {
        return "Until then: an approval that names the files accepts it (`paths`); it cannot be switched off."
            .to_owned();
    }
    let report = |job: &str| {
        format!(
            "`shapegate {job} … --only-rule {id} --report json=report.json`,\n\
             then `shapegate approve --report report.json --reason WHY` accept"
        )
    };
    let approve = match rule.area {
        Area::Traffic => format!("`shapegate approve PATH --only-rule {id} --reason WHY` accepts"),
        Area::Upgrade => report("gate"),
        Area::Wire => report("snapshot"),
    };
    let level = format!("`{id} = \"note\"` under [rules] of shapegate.toml changes its level");
    format!("Until then: {approve}\nwhat is there now; {level}.")
}

/// Whether SDKs could be measured: in responses they read what others wrote.
fn is_measurable(rule: &Rule) -> bool {
    rule.area == Area::Traffic && rule.half != Some(Direction::Request)
}

/// What SDKs make of it, as a table.
fn sdks(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    if !is_measurable(rule) {
        return Ok(());
    }
    let rows: Vec<&Measured> = effects::of(rule.id).collect();
    if rows.is_empty() {
        return writeln!(out, "\nWhat SDKs make of it in responses: not measured.");
    }
    let versions: Vec<String> = Sdk::ALL.iter().map(|sdk| format!("{} {}", sdk.as_str(), sdk.version())).collect();
    writeln!(out, "\nWhat SDKs make of it in responses (measured: {}):\n", versions.join(", "))?;
    let line = |protocol: &str, kind: &str, cells: &[String]| {
        let cells = cells.iter().fold(String::new(), |text, cell| format!("{text}  {cell:<23}"));
        format!("  {protocol:<9}  {kind:<9}{}", cells.trim_end())
    };
    let names = Sdk::ALL.map(|sdk| sdk.as_str().to_owned());
    writeln!(out, "{}", line("protocol", "of", &names))?;
    for row in rows {
        writeln!(out, "{}", line(row.protocol.as_str(), row.kind, &row.effects.map(effects::words)))?;
    }
    Ok(())
}

/// A rule as data.
#[derive(Serialize)]
struct Explained {
    rule: &'static str,
    summary: &'static str,
    area: &'static str,
    since: &'static str,
    aliases: &'static [&'static str],
    explain: &'static str,
    /// What SDKs make of it in responses; what is not there was not measured.
    sdks: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    protocol: &'static str,
    kind: &'static str,
    effects: BTreeMap<&'static str, Vec<&'static str>>,
}

impl Explained {
    fn of(rule: &'static Rule) -> Self {
        let row = |one: &Measured| {
            let own = Sdk::ALL.into_iter().zip(one.effects).filter(|(_, effects)| !effects.is_empty());
            let own = own.map(|(sdk, effects)| (sdk.as_str(), effects.iter().copied().map(Effect::as_str).collect()));
            Row { protocol: one.protocol.as_str(), kind: one.kind, effects: own.collect() }
        };
        Self {
            rule: rule.id,
            summary: rule.summary,
            area: rule.area.as_str(),
            since: rule.since,
            aliases: rule.aliases,
            explain: rule.explain,
            sdks: effects::of(rule.id).map(row).collect(),
        }
    }
}

/// What a difference is for each kind of user.
fn by_profile(rule: &Rule) -> String {
    let words = |direction| {
        let word = |profile: Profile| {
            format!("{} for {}", weight(rule.weights.of(profile, Some(direction))), profile.as_str())
        };
        Profile::ALL.map(word).join(", ")
    };
    let (request, response) = (words(Direction::Request), words(Direction::Response));
    if request == response {
        return format!("an upgrade is {request}");
    }
    format!("an upgrade is, in requests, {request}\n              in responses, {response}")
}

/// How the severity of a difference is called.
fn weight(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "breaking",
        Severity::Warning => "risky",
        Severity::Note => "compatible",
    }
}

fn unknown(asked: &str) -> Error {
    let ids = rules::all().map(|rule| rule.id);
    let parts: Vec<&str> = asked.split('-').filter(|part| part.len() > 2).collect();
    let alike: Vec<&str> = ids.filter(|id| parts.iter().any(|part| id.contains(part))).collect();
    let meant = super::names::nearest_rule(asked);
    let remedy = match (meant, &alike[..]) {
        (Some(rule), _) => format!("Did you mean {rule}? `shapegate rules` lists them."),
        (None, []) => "`shapegate rules` lists them.".to_owned(),
        (None, alike) => format!("`shapegate rules` lists them; like it are {}.", alike.join(", ")),
    };
    Error::new(format!("no rule {asked:?}")).remedy(remedy)
}

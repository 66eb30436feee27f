//! `shapegate explain`

use clap::Args;

use super::print;
use crate::error::{Error, Result};
use crate::finding::Severity;
use crate::model::Direction;
use crate::rules::change::{self, ChangeRule, Profile};
use crate::rules::{self, Info, exchange, wire};

#[derive(Args)]
/// Explain a rule: what it does, why it matters, an example, what to do
#[command(after_help = "Examples:\n  shapegate explain union-arity\n  shapegate explain wire-name-changed")]
pub(super) struct Explain {
    /// Id of the rule, as findings show it in brackets
    rule: String,
}

impl Explain {
    pub(super) fn run(self) -> Result<u8> {
        let on_wire = || wire::find(&self.rule).map(|rule| &rule.info);
        let info = rules::find(&self.rule).map(rules::ExchangeRule::info).or_else(on_wire);
        match (info, change::find(&self.rule)) {
            (Some(info), _) => on_traffic(info)?,
            (None, Some(rule)) => on_changes(rule)?,
            (None, None) => return Err(unknown(&self.rule)),
        }
        Ok(0)
    }
}

fn on_traffic(info: &Info) -> Result<()> {
    print(|out| {
        writeln!(out, "{}: {}", info.id, info.summary)?;
        writeln!(out, "severity: {} on requests, {} on responses\n", info.request, info.response)?;
        write!(out, "{}", info.explain)
    })
}

fn on_changes(rule: &ChangeRule) -> Result<()> {
    let told = |direction| {
        let weigh = |profile: Profile| {
            format!("{} for {}", weight(rule.weights.of(profile, Some(direction))), profile.as_str())
        };
        Profile::ALL.map(weigh).join(", ")
    };
    let (request, response) = (told(Direction::Request), told(Direction::Response));
    print(|out| {
        writeln!(out, "{}: {}", rule.id, rule.summary)?;
        if request == response {
            writeln!(out, "an upgrade is {request}\n")?;
        } else {
            writeln!(out, "an upgrade is, in requests, {request}")?;
            writeln!(out, "              in responses, {response}\n")?;
        }
        write!(out, "{}", rule.explain)
    })
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
    let ids = exchange::RULES.iter().map(|rule| rule.info().id).chain(change::RULES.iter().map(|rule| rule.id));
    let ids = ids.chain(wire::RULES.iter().map(|rule| rule.info.id));
    let parts: Vec<&str> = asked.split('-').filter(|part| part.len() > 2).collect();
    let alike: Vec<&str> = ids.filter(|id| parts.iter().any(|part| id.contains(part))).collect();
    let remedy = match alike[..] {
        [] => "`shapegate rules` lists them.".to_owned(),
        _ => format!("`shapegate rules` lists them; like it are {}.", alike.join(", ")),
    };
    Error::new(format!("no rule {asked:?}")).remedy(remedy)
}

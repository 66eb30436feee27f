//! `shapegate explain`

use clap::Args;

use super::print;
use crate::error::{Error, Result};
use crate::finding::{Area, Profile, Rule, Severity};
use crate::model::Direction;
use crate::rules;

#[derive(Args)]
/// Explain a rule: what it does, why it matters, an example, what to do
#[command(after_help = "Examples:\n  shapegate explain union-arity\n  shapegate explain wire-name-changed")]
pub(super) struct Explain {
    /// Id of the rule, as findings show it in brackets
    rule: String,
}

impl Explain {
    pub(super) fn run(self) -> Result<u8> {
        let rule = rules::find(&self.rule).ok_or_else(|| unknown(&self.rule))?;
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
            writeln!(out, "{weights}\nsince shapegate {}{former}\n", rule.since)?;
            write!(out, "{}", rule.explain)
        })?;
        Ok(0)
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
    let remedy = match alike[..] {
        [] => "`shapegate rules` lists them.".to_owned(),
        _ => format!("`shapegate rules` lists them; like it are {}.", alike.join(", ")),
    };
    Error::new(format!("no rule {asked:?}")).remedy(remedy)
}

//! `shapegate rules`

use std::io::{self, Write};

use clap::{Args, ValueEnum};

use super::print;
use crate::error::Result;
use crate::finding::{Profile, Rule, Severity};
use crate::model::Direction;
use crate::rules::{change, exchange, wire};

/// The kinds of rules.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// On recorded traffic, as `check` applies them
    Traffic,
    /// On what differs between two models, as `gate` applies them
    Changes,
    /// On what differs between two snapshots of traffic, as `snapshot --compare` applies them
    Wire,
}

/// Writes the rules of a kind.
type List = fn(&mut dyn Write) -> io::Result<()>;

#[derive(Args)]
/// List the rules with their severities: on traffic, on what an upgrade changes, on what travels otherwise
#[command(after_help = "\
Examples:
  shapegate rules | grep enum
  shapegate rules --of changes

Rules on traffic and on the wire weigh by the half of the exchange. Rules on changes weigh by profile: B breaking \
(error), R risky (warning), C compatible (note); where requests and responses differ, as request/response.")]
pub(super) struct Rules {
    /// The one kind to list
    #[arg(long, value_name = "KIND")]
    of: Option<Kind>,
}

impl Rules {
    pub(super) fn run(self) -> Result<u8> {
        let listed: [(Kind, List); 3] =
            [(Kind::Traffic, on_traffic), (Kind::Changes, on_changes), (Kind::Wire, on_wire)];
        let asked = listed.iter().filter(|(kind, _)| self.of.is_none_or(|of| of == *kind));
        print(|out| {
            for (number, (_, list)) in asked.enumerate() {
                if number > 0 {
                    writeln!(out)?;
                }
                list(out)?;
            }
            Ok(())
        })?;
        Ok(0)
    }
}

fn on_traffic(out: &mut dyn Write) -> io::Result<()> {
    by_half("rule on traffic", exchange::RULES, out)
}

fn on_wire(out: &mut dyn Write) -> io::Result<()> {
    by_half("rule on the wire", wire::RULES, out)
}

fn by_half(title: &str, rules: &[&Rule], out: &mut dyn Write) -> io::Result<()> {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    writeln!(out, "{title:width$}  {:8} {:8}  what it reports", "request", "response")?;
    for rule in rules {
        let word = |half| match rule.half {
            Some(only) if only != half => "-",
            _ => rule.weights.of(Profile::default(), Some(half)).as_str(),
        };
        let (request, response) = (word(Direction::Request), word(Direction::Response));
        writeln!(out, "{:width$}  {request:8} {response:8}  {}", rule.id, rule.summary)?;
    }
    Ok(())
}

fn on_changes(out: &mut dyn Write) -> io::Result<()> {
    let width = change::RULES.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let [first, second, third] = Profile::ALL.map(Profile::as_str);
    writeln!(out, "{:width$}  {first:7} {second:7} {third:7}  what it reports", "rule on changes")?;
    for rule in change::RULES {
        let [first, second, third] = Profile::ALL.map(|profile| {
            let (request, response) = (rule.weights.request, rule.weights.response);
            match [request, response].map(|weights| letter(weights[profile as usize])) {
                [request, response] if request == response => request.to_owned(),
                [request, response] => format!("{request}/{response}"),
            }
        });
        writeln!(out, "{:width$}  {first:7} {second:7} {third:7}  {}", rule.id, rule.summary)?;
    }
    Ok(())
}

fn letter(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "B",
        Severity::Warning => "R",
        Severity::Note => "C",
    }
}

//! `shapegate rules`

use clap::{Args, ValueEnum};

use super::print;
use crate::error::Result;
use crate::finding::Severity;
use crate::rules::change::{self, Profile};
use crate::rules::exchange;

/// The two kinds of rules.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// On recorded traffic, as `check` applies them
    Traffic,
    /// On what differs between two models, as `gate` applies them
    Changes,
}

#[derive(Args)]
/// List the rules with their severities: on traffic, and on what an upgrade changes
#[command(after_help = "\
Examples:
  shapegate rules | grep enum
  shapegate rules --of changes

Rules on traffic weigh by the half of the exchange. Rules on changes weigh by profile: B breaking (error), R risky (warning),
C compatible (note); where requests and responses differ, as request/response.")]
pub(super) struct Rules {
    /// The one kind to list
    #[arg(long, value_name = "KIND")]
    of: Option<Kind>,
}

impl Rules {
    pub(super) fn run(self) -> Result<u8> {
        print(|out| {
            if self.of != Some(Kind::Changes) {
                on_traffic(out)?;
            }
            if self.of.is_none() {
                writeln!(out)?;
            }
            if self.of != Some(Kind::Traffic) {
                on_changes(out)?;
            }
            Ok(())
        })?;
        Ok(0)
    }
}

fn on_traffic(out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let width = exchange::RULES.iter().map(|rule| rule.info().id.len()).max().unwrap_or(0);
    writeln!(out, "{:width$}  {:8} {:8}  what it reports", "rule on traffic", "request", "response")?;
    for info in exchange::RULES.iter().map(|rule| rule.info()) {
        let (request, response) = (info.request.as_str(), info.response.as_str());
        writeln!(out, "{:width$}  {request:8} {response:8}  {}", info.id, info.summary)?;
    }
    Ok(())
}

fn on_changes(out: &mut dyn std::io::Write) -> std::io::Result<()> {
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

//! `shapegate explain`

use clap::Args;

use super::print;
use crate::error::{Error, Result};
use crate::rules::{self, exchange::RULES};

#[derive(Args)]
/// Explain a rule: what it does, why it matters, an example, what to do
#[command(after_help = "Example:\n  shapegate explain union-arity")]
pub(super) struct Explain {
    /// Id of the rule, as findings show it in brackets
    rule: String,
}

impl Explain {
    pub(super) fn run(self) -> Result<u8> {
        let rule = rules::find(&self.rule).ok_or_else(|| {
            let ids: Vec<&str> = RULES.iter().map(|rule| rule.info().id).collect();
            Error::new(format!("no rule {:?}", self.rule)).remedy(format!("The rules are {}.", ids.join(", ")))
        })?;
        let info = rule.info();
        print(|out| {
            writeln!(out, "{}: {}", info.id, info.summary)?;
            writeln!(out, "severity: {} on requests, {} on responses\n", info.request, info.response)?;
            write!(out, "{}", info.explain)
        })?;
        Ok(0)
    }
}

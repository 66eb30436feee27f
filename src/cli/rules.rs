//! `shapegate rules`

use clap::Args;

use super::print;
use crate::error::Result;
use crate::rules::exchange::RULES;

#[derive(Args)]
/// List the rules with their severities on requests and responses
#[command(after_help = "Example:\n  shapegate rules | grep enum")]
pub(super) struct Rules {}

impl Rules {
    pub(super) fn run() -> Result<u8> {
        let width = RULES.iter().map(|rule| rule.info().id.len()).max().unwrap_or(0);
        print(|out| {
            writeln!(out, "{:width$}  {:8} {:8}  what it reports", "rule", "request", "response")?;
            for info in RULES.iter().map(|rule| rule.info()) {
                let (request, response) = (info.request.as_str(), info.response.as_str());
                writeln!(out, "{:width$}  {request:8} {response:8}  {}", info.id, info.summary)?;
            }
            Ok(())
        })?;
        Ok(0)
    }
}

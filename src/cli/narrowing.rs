//! `--only-rule`, `--only-service` and `--only-operation`, which mean the same for every job.

use clap::Args;

use super::names::{self, Names};
use crate::error::{Error, Result};
use crate::gate::Only;
use crate::outcome::Outcome;
use crate::rules;
use crate::text::is_like;

#[derive(Args)]
#[expect(clippy::struct_field_names, reason = "they are the options' names")]
pub(super) struct Narrowing {
    /// Judge findings of these rules alone, divided by commas, `*` for any characters
    ///
    /// May be repeated. What cannot be read is always judged
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Filters")]
    only_rule: Vec<String>,

    /// Judge findings of these services alone, likewise
    #[arg(long, value_name = "SERVICE", value_delimiter = ',', help_heading = "Filters")]
    only_service: Vec<String>,

    /// Judge findings of these operations alone, likewise
    #[arg(long, value_name = "OPERATION", value_delimiter = ',', help_heading = "Filters")]
    only_operation: Vec<String>,
}

impl Narrowing {
    /// Refuses `--only-rule` where results without the other rules would be no results.
    pub(super) fn of_all_rules(&self, job: &str) -> Result<()> {
        if self.only_rule.is_empty() {
            return Ok(());
        }
        Err(Error::new(format!("--only-rule: a {job} counts what all rules find"))
            .remedy("`shapegate check` judges by some rules alone; [rules] of the configuration switches rules off."))
    }

    /// Refuses names that no rule has, before any work is done.
    pub(super) fn check(&self) -> Result<()> {
        let is_rule = |pattern: &&String| rules::all().any(|rule| is_like(pattern, rule.id));
        let Some(unknown) = self.only_rule.iter().find(|pattern| !is_rule(pattern)) else { return Ok(()) };
        let meant = names::nearest_rule(unknown);
        let meant = meant.map_or_else(String::new, |rule| format!("Did you mean {rule}? "));
        Err(Error::new(format!("--only-rule: no rule is called {unknown:?}"))
            .remedy(format!("{meant}`shapegate rules` lists them; `*` stands for any characters.")))
    }

    /// What is asked for, by the names that reports use.
    pub(super) fn only(&self, names: &dyn Names, outcome: &Outcome) -> Result<Only> {
        let service = |name: &String| names::only_service(name, names, outcome);
        let services: Vec<String> = self.only_service.iter().map(service).collect::<Result<_>>()?;
        let operation = |name: &String| names::only_operation(name, &services, names, outcome);
        let operations = self.only_operation.iter().map(operation).collect::<Result<_>>()?;
        Ok(Only { rules: self.only_rule.clone(), services, operations })
    }
}

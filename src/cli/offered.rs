//! What each subcommand offers of the options that several share: what would always fail there is no part of its help.

use clap::Command;
use clap::builder::PossibleValuesParser;

use super::reporting::{COUNTED, Target, about_formats};
use crate::report::Report;
use crate::{merge, report};

/// Subcommands that report what one job finds, by its name. `merge` has the job of its parts.
const JOBS: [&str; 9] = ["check", "coverage", "scorecard", "list", "mutate", "gate", "diff", "history", "snapshot"];
/// Options that come with others and that a job refuses, in words that say what to do instead.
const REFUSED: [(&str, &[&str]); 2] = [("coverage", &["fail_on"]), ("scorecard", &["fail_on", "only_rule"])];

/// A subcommand with the values and options that it takes.
pub(super) fn offered(command: Command) -> Command {
    if command.get_name() == "merge" {
        let jobs: Vec<&str> = JOBS.into_iter().filter(|job| merge::adds_up(job)).collect();
        let is_shown = |form: &&&dyn Report| jobs.iter().any(|job| form.shows(job));
        let forms: Vec<&'static dyn Report> = report::FORMATS.iter().filter(is_shown).copied().collect();
        let ids = PossibleValuesParser::new(forms.iter().map(|form| form.id()));
        return command.mut_arg("format", |arg| arg.value_parser(ids)).mut_arg("report", |arg| {
            arg.long_help(about_formats(forms.into_iter())).value_parser(move |text: &str| Target::parse(text, &jobs))
        });
    }
    let Some(job) = JOBS.into_iter().find(|job| *job == command.get_name()) else { return command };
    let forms = || report::FORMATS.iter().filter(|form| form.shows(job));
    let refused = REFUSED.iter().filter(|(own, _)| *own == job).flat_map(|(_, options)| options.iter());
    let refused: Vec<&str> = refused.copied().chain((!COUNTED.contains(&job)).then_some("statistics")).collect();
    command.mut_args(|arg| match arg.get_id().as_str() {
        "format" => arg.value_parser(PossibleValuesParser::new(forms().map(|form| form.id()))),
        "report" => {
            arg.long_help(about_formats(forms().copied())).value_parser(move |text: &str| Target::parse(text, &[job]))
        }
        id if refused.contains(&id) => arg.hide(true),
        _ => arg,
    })
}

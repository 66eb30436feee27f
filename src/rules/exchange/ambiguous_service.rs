//! Several services fit the recording equally well.

use crate::finding::{Finding, Once, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "ambiguous-service",
    summary: "several services fit the recording equally well",
    explain: "\
What it does: reports an exchange whose recording names only what several services share, and which deviates from the
contracts of more than one of them equally. It says by which one it was judged. A run reports each set of services once,
and nothing where the exchange keeps all of their contracts.

Why: the exchange's findings may belong to the other service.

Example: placebo files named `rds.…`, which Amazon RDS, Neptune and DocumentDB share.

What to do: name the service with `--service`.
",
    weights: Weights::same(Severity::Note),
    identity: &[],
    once: Once::PerValue("candidates"),
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let service = finding.service.as_deref().unwrap_or("the first");
    let candidates = text::list(finding, "candidates", "and");
    format!("the recording fits {candidates} equally well; it was judged as {service}")
}

//! What of the contracts was touched, and how services answer, as data.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Not;

use serde::Serialize;

use crate::gate::{self, Scorecard, Shortfall, Trend, Verdict};
use crate::outcome::{self, Calls, Card, Covered, CoveredOperation, Measure, Totals};

/// What of the contracts was touched.
#[derive(Serialize)]
pub(in super::super) struct Coverage<'v> {
    services: Vec<ServiceRow<'v>>,
    shortfalls: Vec<Short<'v>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ServiceRow<'v> {
    service: &'v str,
    exchanges: usize,
    #[serde(flatten)]
    measures: BTreeMap<&'static str, Ratio>,
    /// The same out of the operations that were called.
    of_called: BTreeMap<&'static str, Ratio>,
    never_called: Vec<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    called: Option<Vec<OperationRow<'v>>>,
}

#[derive(Serialize)]
struct Ratio {
    seen: usize,
    of: usize,
}

/// An operation that was called.
#[derive(Serialize)]
pub(super) struct OperationRow<'v> {
    service: &'v str,
    operation: &'v str,
    exchanges: usize,
    answered: usize,
    refused: usize,
    statuses: &'v BTreeMap<u16, usize>,
    errors: &'v BTreeMap<String, usize>,
    undeclared: &'v BTreeMap<String, usize>,
    #[serde(flatten)]
    measures: BTreeMap<&'static str, Ratio>,
    request: Half<'v>,
    response: Half<'v>,
}

#[derive(Serialize)]
struct Half<'v> {
    payloads: usize,
    members: Vec<MemberRow<'v>>,
    values: &'v BTreeMap<String, BTreeMap<String, usize>>,
}

#[derive(Serialize)]
struct MemberRow<'v> {
    shape: &'v str,
    member: &'v str,
    required: bool,
    variant: bool,
    times: usize,
    of: usize,
}

#[derive(Serialize)]
struct Short<'v> {
    service: &'v str,
    measure: &'static str,
    seen: usize,
    of: usize,
    least: String,
    /// Absent where the service occurs in the traffic.
    #[serde(skip_serializing_if = "Not::not")]
    absent: bool,
}

impl<'v> Coverage<'v> {
    /// `is_whole`: operations are within; else they are written beside.
    pub(in super::super) fn of(verdict: &'v Verdict, is_whole: bool) -> Option<Self> {
        let coverage = verdict.coverage.as_ref()?;
        let service = |(name, covered): (&'v String, &'v Covered)| {
            let (seen, all) = (covered.seen(), covered.all(false));
            ServiceRow {
                service: name,
                exchanges: covered.exchanges(),
                measures: measures(&seen, &all, 0),
                of_called: measures(&seen, &covered.all(true), 1),
                never_called: covered.never_called().collect(),
                called: is_whole.then(|| of_service(name, covered).collect()),
            }
        };
        let short = |one: &'v Shortfall| Short {
            service: &one.service,
            measure: one.measure.as_str(),
            seen: one.seen,
            of: one.of,
            least: one.least.to_string(),
            absent: one.absent,
        };
        Some(Self {
            services: coverage.services.iter().map(service).collect(),
            shortfalls: verdict.shortfalls.iter().map(short).collect(),
        })
    }
}

/// Every operation that was called.
pub(super) fn operations(coverage: &outcome::Coverage) -> impl Iterator<Item = OperationRow<'_>> {
    coverage.services.iter().flat_map(|(service, covered)| of_service(service, covered))
}

fn of_service<'v>(service: &'v str, covered: &'v Covered) -> impl Iterator<Item = OperationRow<'v>> {
    covered.called().map(move |(name, operation, calls)| of_operation(service, name, operation, calls))
}

fn of_operation<'v>(
    service: &'v str,
    name: &'v str,
    operation: &'v CoveredOperation,
    calls: &'v Calls,
) -> OperationRow<'v> {
    OperationRow {
        service,
        operation: name,
        exchanges: calls.exchanges,
        answered: calls.answered,
        refused: calls.refused,
        statuses: &calls.statuses,
        errors: &calls.errors,
        undeclared: &calls.undeclared,
        // Of errors the list says more than a number.
        measures: measures(&operation.seen(), &operation.all, 1)
            .into_iter()
            .filter(|(name, _)| *name != Measure::Errors.as_str())
            .collect(),
        request: half(&calls.input),
        response: half(&calls.output),
    }
}

fn half(half: &outcome::Half) -> Half<'_> {
    let members = half.each().map(|(shape, member, present)| MemberRow {
        shape,
        member,
        required: present.required,
        variant: present.variant,
        times: present.times,
        of: present.of,
    });
    Half { payloads: half.payloads, members: members.collect(), values: &half.values }
}

/// Each measure but the first few.
fn measures(seen: &Totals, all: &Totals, skipped: usize) -> BTreeMap<&'static str, Ratio> {
    let ratio = |one: &Measure| (one.as_str(), Ratio { seen: one.of(seen), of: one.of(all) });
    Measure::ALL[skipped..].iter().map(ratio).collect()
}

/// How services answer.
#[derive(Serialize)]
pub(in super::super) struct Score<'v> {
    services: BTreeMap<&'v str, Card>,
    all: Card,
    failing: BTreeMap<&'v str, BTreeSet<&'v str>>,
    fixes: Vec<Fix<'v>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trend: Option<Changes<'v>>,
}

#[derive(Serialize)]
struct Fix<'v> {
    service: &'v str,
    rule: &'static str,
    subject: String,
    mends: usize,
    operations: BTreeSet<&'v str>,
    findings: usize,
    example: &'v str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Changes<'v> {
    before: &'v str,
    services: &'v BTreeMap<String, Card>,
    fixed: Vec<&'v str>,
    not_called: Vec<&'v str>,
    new: Vec<&'v str>,
    not_called_before: Vec<&'v str>,
    unchanged: usize,
}

impl<'v> Score<'v> {
    pub(in super::super) fn of(verdict: &'v Verdict) -> Self {
        let card = Scorecard::of(verdict);
        let all = card.total();
        let fix = |fix: gate::Fix<'v>| Fix {
            service: fix.service,
            rule: fix.rule,
            subject: fix.subject,
            mends: fix.mends,
            operations: fix.operations,
            findings: fix.findings,
            example: fix.example.fingerprint.as_str(),
        };
        let trend = |trend: Trend<'v>| Changes {
            before: &trend.before.label,
            services: &trend.before.services,
            fixed: trend.fixed,
            not_called: trend.not_called,
            new: trend.new,
            not_called_before: trend.not_called_before,
            unchanged: trend.unchanged,
        };
        Self {
            services: card.services,
            all,
            failing: card.failing,
            fixes: card.fixes.into_iter().map(fix).collect(),
            trend: card.trend.map(trend),
        }
    }
}

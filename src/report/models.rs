//! Which models judged the traffic, by their releases and without the paths that they came from: a page may be published.

use std::collections::{BTreeMap, BTreeSet};

use crate::gate::Verdict;
use crate::outcome::{ContractSource, Particulars};
use crate::text::plural;

type Contracts = BTreeMap<String, BTreeSet<ContractSource>>;

/// Releases that are named; more are counted.
const NAMED: usize = 4;

/// `judged by botocore 1.44.8`; `None` where nothing was judged, and of jobs that say themselves which models they are about.
pub(super) fn judged_by(verdict: &Verdict) -> Option<String> {
    let contracts = &verdict.tally.contracts;
    let word = match verdict.particulars {
        Particulars::Traffic | Particulars::Scorecard(_) => "judged",
        Particulars::Coverage => "counted",
        _ => return None,
    };
    (!contracts.is_empty()).then(|| format!("{word} by {}", named(contracts)))
}

/// `judged by botocore 1.44.8, before by botocore 1.35.99`, where a service was judged by another model before.
pub(super) fn judged_otherwise(verdict: &Verdict) -> Option<String> {
    let Particulars::Scorecard(Some(before)) = &verdict.particulars else { return None };
    let (now, was) = (&verdict.tally.contracts, &before.contracts);
    let differs = |service: &&String| was.get(*service).is_some_and(|was| is_another(&now[*service], was));
    let services: Vec<&String> = now.keys().filter(differs).collect();
    let of =
        |all: &Contracts| named(&services.iter().map(|service| ((*service).clone(), all[*service].clone())).collect());
    (!services.is_empty()).then(|| format!("judged by {}, before by {}", of(now), of(was)))
}

/// What a model is known by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum KnownBy<'a> {
    /// The release that it is of, with models of many services.
    Release(&'a str),
    /// Its service and version, where no release is known.
    Service(&'a str, &'a str),
}

/// Names of the releases, those of the most services first; of a model without a release its service and version.
fn named(contracts: &Contracts) -> String {
    let mut services: BTreeMap<KnownBy<'_>, BTreeSet<&str>> = BTreeMap::new();
    for (service, sources) in contracts {
        for source in sources {
            let own = || KnownBy::Service(service, &source.version);
            let known_by = source.release.as_deref().map_or_else(own, KnownBy::Release);
            services.entry(known_by).or_default().insert(service);
        }
    }
    let mut models: Vec<(KnownBy<'_>, BTreeSet<&str>)> = services.into_iter().collect();
    models.sort_by_key(|(_, services)| std::cmp::Reverse(services.len()));
    let is_one = models.len() == 1;
    let more = models.len().saturating_sub(NAMED);
    let told = |(known_by, services): (KnownBy<'_>, BTreeSet<&str>)| match (known_by, services.first()) {
        (KnownBy::Service(service, version), _) => format!("a model of {service} {version}").trim_end().to_owned(),
        (KnownBy::Release(release), _) if is_one => release.to_owned(),
        (KnownBy::Release(release), Some(only)) if services.len() == 1 => format!("{release} ({only})"),
        (KnownBy::Release(release), _) => format!("{release} ({})", plural(services.len(), "service")),
    };
    let mut parts: Vec<String> = models.into_iter().take(NAMED).map(told).collect();
    parts.extend((more > 0).then(|| format!("{more} more")));
    parts.join(", ")
}

/// Whether a service has other models. Where a release is not known, as in reports of an older shapegate, the versions say it.
fn is_another(now: &BTreeSet<ContractSource>, was: &BTreeSet<ContractSource>) -> bool {
    let are_known = now.iter().chain(was).all(|one| one.release.is_some());
    let known_by = |all: &BTreeSet<ContractSource>| -> BTreeSet<(Option<String>, String)> {
        all.iter().map(|one| (one.release.clone().filter(|_| are_known), one.version.clone())).collect()
    };
    known_by(now) != known_by(was)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, judged};
    use super::*;
    use crate::outcome::Before;

    fn source(version: &str, release: Option<&str>) -> ContractSource {
        let (origin, version) = ("/home/somebody/models".to_owned(), version.to_owned());
        ContractSource { origin, version, release: release.map(str::to_owned) }
    }

    fn contracts(all: &[(&str, ContractSource)]) -> Contracts {
        all.iter().map(|(service, source)| ((*service).to_owned(), BTreeSet::from([source.clone()]))).collect()
    }

    fn verdict(now: &Contracts, before: Option<&Contracts>) -> Verdict {
        let mut outcome = check();
        outcome.tally.contracts = now.clone();
        let before = before.map(|contracts| Before { contracts: contracts.clone(), ..Before::default() });
        outcome.particulars = Particulars::Scorecard(before);
        judged(outcome, "")
    }

    #[test]
    fn models_are_named_by_their_releases_and_by_no_path() {
        let botocore = |service| (service, source("2017-03-31", Some("botocore 1.44.8")));
        let own = ("thing", source("2024-01-01", None));
        for (all, expected) in [
            (&[][..], None),
            (&[botocore("glue"), botocore("s3")], Some("judged by botocore 1.44.8")),
            (std::slice::from_ref(&own), Some("judged by a model of thing 2024-01-01")),
            (
                &[own.clone(), botocore("glue"), botocore("s3"), ("sqs", source("2012-11-05", Some("AWS CLI 2.15.0")))],
                Some("judged by botocore 1.44.8 (2 services), AWS CLI 2.15.0 (sqs), a model of thing 2024-01-01"),
            ),
        ] {
            assert_eq!(judged_by(&verdict(&contracts(all), None)).as_deref(), expected);
        }
        // A comparison says itself what it compares.
        let mut gate = super::super::tests::gate();
        gate.tally.contracts = contracts(&[botocore("glue")]);
        assert_eq!(judged_by(&judged(gate, "")), None);
    }

    #[test]
    fn another_model_than_before_is_named_and_the_same_is_not() {
        let of = |release| contracts(&[("glue", source("2017-03-31", Some(release)))]);
        let said = |now: &Contracts, before: &Contracts| judged_otherwise(&verdict(now, Some(before)));
        let (old, new) = (of("botocore 1.35.99"), of("botocore 1.44.8"));
        assert_eq!(said(&new, &old).as_deref(), Some("judged by botocore 1.44.8, before by botocore 1.35.99"));
        assert_eq!(said(&old, &new).as_deref(), Some("judged by botocore 1.35.99, before by botocore 1.44.8"));
        assert_eq!(said(&new, &new), None);
        // What a report does not say is not taken for another.
        assert_eq!(said(&new, &contracts(&[("glue", source("2017-03-31", None))])), None);
        let older = contracts(&[("glue", source("2016-01-01", None))]);
        let told = "judged by botocore 1.44.8, before by a model of glue 2016-01-01";
        assert_eq!(said(&new, &older).as_deref(), Some(told));
        // Of a service that was not judged before nothing is known.
        assert_eq!(said(&new, &Contracts::new()), None);
        assert_eq!(said(&new, &contracts(&[("s3", source("2006-03-01", None))])), None);
    }
}

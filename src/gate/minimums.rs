//! [`Minimums`]: how much of their contracts traffic has to touch.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::outcome::{Coverage, Covered, Measure};
use crate::text::{AMONG_FEW, nearest};

/// How much of their contracts traffic has to touch, by service and measure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Minimums(Vec<Minimum>);

/// One threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Minimum {
    /// The service that it is for; `None`: each that occurs and has none of its own for the measure.
    service: Option<String>,
    measure: Measure,
    least: Least,
}

/// How much is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Least {
    /// So many.
    Count(usize),
    /// So many tenths of a percent of what there is.
    Permille(usize),
}

/// A threshold that traffic does not reach.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shortfall {
    /// The service.
    pub service: String,
    /// What is short.
    pub measure: Measure,
    /// How much was seen.
    pub seen: usize,
    /// How much there is.
    pub of: usize,
    /// How much would be enough.
    pub least: Least,
    /// The service does not occur in the traffic.
    pub absent: bool,
}

impl Minimums {
    /// Adds thresholds such as `operations=6,members=80%`, which are for each service that occurs, or for one:
    /// `s3:operations=6`. A later one takes the place of an earlier one for the same.
    ///
    /// # Errors
    /// It is none.
    pub fn add(&mut self, text: &str) -> Result<()> {
        for one in text.split(',') {
            let wrong = || {
                let told = format!("{one:?} is not [SERVICE:]MEASURE=NUMBER or [SERVICE:]MEASURE=PERCENT%");
                Error::new(told).remedy("As in operations=6,members=80%,s3:operations=10%.")
            };
            let (name, least) = one.split_once('=').ok_or_else(wrong)?;
            let (service, measure) = match name.rsplit_once(':') {
                Some((service, measure)) if !service.trim().is_empty() => (Some(service.trim()), measure),
                Some(_) => return Err(wrong()),
                None => (None, name),
            };
            self.set(service, measure.trim(), least.trim())?;
        }
        Ok(())
    }

    /// Sets one threshold, by the words that name it.
    ///
    /// # Errors
    /// There is no such measure, or it is no number.
    pub fn set(&mut self, service: Option<&str>, measure: &str, least: &str) -> Result<()> {
        let minimum = Minimum { service: service.map(str::to_owned), measure: measure.parse()?, least: least.parse()? };
        self.extend(Self(vec![minimum]));
        Ok(())
    }

    /// Adds thresholds, which take the place of those for the same.
    pub fn extend(&mut self, others: Self) {
        for other in others.0 {
            self.0.retain(|one| one.service != other.service || one.measure != other.measure);
            self.0.push(other);
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names of the services that have thresholds of their own.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|one| one.service.as_deref())
    }

    /// The same with other names for services. Of two that are then for the same the later one counts.
    ///
    /// # Errors
    /// That of `name`.
    pub fn named(self, name: impl Fn(&str) -> Result<String>) -> Result<Self> {
        let mut named = Self::default();
        for one in self.0 {
            let service = one.service.as_deref().map(&name).transpose()?;
            named.extend(Self(vec![Minimum { service, ..one }]));
        }
        Ok(named)
    }

    /// The thresholds that traffic does not reach. A service that has its own and does not occur reaches none.
    pub(super) fn missed(&self, coverage: &Coverage) -> Vec<Shortfall> {
        let mut names: Vec<&str> = coverage.services.keys().map(String::as_str).chain(self.services()).collect();
        names.sort_unstable();
        names.dedup();
        let nothing = Covered::default();
        let mut missed = Vec::new();
        for service in names {
            let covered = coverage.services.get(service).unwrap_or(&nothing);
            let (seen, all) = (covered.seen(), covered.all(false));
            for measure in Measure::ALL {
                let of = |service: Option<&str>| {
                    self.0.iter().find(|one| one.measure == measure && one.service.as_deref() == service)
                };
                let occurs = coverage.services.contains_key(service);
                let Some(minimum) = of(Some(service)).or_else(|| of(None).filter(|_| occurs)) else { continue };
                let (seen, of, least) = (measure.of(&seen), measure.of(&all), minimum.least);
                if !occurs || !least.is_reached(seen, of) {
                    let service = service.to_owned();
                    missed.push(Shortfall { service, measure, seen, of, least, absent: !occurs });
                }
            }
        }
        missed
    }
}

impl Least {
    /// Whether so many of so many are enough. Of nothing, nothing is enough for a percentage.
    fn is_reached(self, seen: usize, of: usize) -> bool {
        match self {
            Self::Count(least) => seen >= least,
            Self::Permille(least) => seen * 1000 >= of * least,
        }
    }
}

impl fmt::Display for Least {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Permille(least) if least % 10 == 0 => write!(f, "{}%", least / 10),
            Self::Permille(least) => write!(f, "{}.{}%", least / 10, least % 10),
        }
    }
}

impl FromStr for Least {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let wrong = || Error::new(format!("{text:?} is neither a number nor a percentage such as 80%"));
        let Some(percent) = text.strip_suffix('%') else {
            return text.parse().map(Self::Count).map_err(|_| wrong());
        };
        let (whole, tenths) = percent.split_once('.').unwrap_or((percent, "0"));
        let is_digit = tenths.len() == 1 && tenths.bytes().all(|byte| byte.is_ascii_digit());
        let whole: usize = whole.parse().map_err(|_| wrong())?;
        let tenths: usize = tenths.parse().map_err(|_| wrong())?;
        if !is_digit {
            return Err(wrong());
        }
        let permille = whole.checked_mul(10).and_then(|whole| whole.checked_add(tenths));
        let whole = || Error::new(format!("{text:?} is more than 100 %, which is all that a model has"));
        permille.filter(|all| *all <= 1000).map(Self::Permille).ok_or_else(whole)
    }
}

impl FromStr for Measure {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str);
            let meant = nearest(text, known.into_iter(), AMONG_FEW).map(|meant| format!("Did you mean {meant}? "));
            Error::new(format!("coverage does not count {text:?}"))
                .remedy(meant.unwrap_or_default() + &format!("There are {}.", known.join(", ")))
        })
    }
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { service, measure, seen, of, least, absent } = self;
        if *absent {
            return write!(f, "{service} does not occur in this traffic ({}: at least {least})", measure.about());
        }
        write!(f, "{service}: {} {seen} of {of}, less than {least}", measure.about())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Calls, CoveredOperation, Totals};

    fn coverage(service: &str, called: usize, of: usize) -> Coverage {
        let operation = |number: usize| {
            let all = Totals { operations: 1, ..Totals::default() };
            let calls = (number < called).then(Calls::default);
            (number.to_string(), CoveredOperation { all, calls, ..CoveredOperation::default() })
        };
        let covered = Covered { operations: (0..of).map(operation).collect() };
        Coverage { services: [(service.to_owned(), covered)].into_iter().collect() }
    }

    fn missed(minimums: &str, coverage: &Coverage) -> Vec<String> {
        let mut all = Minimums::default();
        all.add(minimums).expect("sound thresholds");
        all.missed(coverage).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_service_reaches_a_threshold_or_is_short_of_it() {
        let coverage = coverage("s3", 3, 10);
        for (minimums, expected) in [
            ("operations=3", &[][..]),
            ("operations=30%", &[]),
            ("operations=4", &["s3: operations called 3 of 10, less than 4"]),
            ("operations=80%", &["s3: operations called 3 of 10, less than 80%"]),
            ("operations=30.1%", &["s3: operations called 3 of 10, less than 30.1%"]),
            ("operations=4,s3:operations=3", &[]),
            ("members=100%", &[]),
            ("sqs:operations=0", &["sqs does not occur in this traffic (operations called: at least 0)"]),
        ] {
            assert_eq!(missed(minimums, &coverage), expected, "{minimums}");
        }
    }

    #[test]
    fn what_is_no_threshold_is_refused() {
        for (text, told) in [
            ("operations", "is not [SERVICE:]MEASURE=NUMBER"),
            (":operations=1", "is not [SERVICE:]MEASURE=NUMBER"),
            ("operation=1", "Did you mean operations?"),
            ("members=101%", "\"101%\" is more than 100 %"),
            ("members=100.1%", "\"100.1%\" is more than 100 %"),
            ("members=101.25%", "neither a number nor a percentage"),
            ("members=-1", "neither a number nor a percentage"),
            ("members=1.25%", "neither a number nor a percentage"),
        ] {
            let error = Minimums::default().add(text).expect_err(text).to_string();
            assert!(error.contains(told), "{text}: {error}");
        }
    }
}

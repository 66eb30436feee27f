//! [`Pattern`]: a fingerprint in which `*` stands for any characters of its service, operation, direction or subject.

use crate::outcome::Halves;
use crate::text::is_like;

/// Parts of a fingerprint that may have wildcards: service, operation, direction and subject, behind the rule.
const WILD: std::ops::RangeInclusive<usize> = 1..=4;

/// What may stand for the direction.
const DIRECTIONS: [&str; 3] = ["", "request", "response"];

/// A fingerprint to match with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(Vec<String>);

impl Pattern {
    pub(super) fn parse(fingerprint: &str) -> Self {
        Self(fingerprint.split(':').map(str::to_owned).collect())
    }

    /// Id of the rule.
    pub(super) fn rule(&self) -> &str {
        &self.0[0]
    }

    /// Whether a fingerprint may have its form: none of the parts behind the rule is missing, and the direction is one.
    pub(super) fn is_whole(&self) -> bool {
        let direction = self.0.get(3).filter(|_| self.0.len() > *WILD.end());
        direction.is_some_and(|own| DIRECTIONS.iter().any(|direction| is_like(own, direction)))
    }

    /// The service, perhaps with wildcards.
    pub(super) fn service(&self) -> Option<&str> {
        self.0.get(1).map(String::as_str)
    }

    /// Whether it is about no service, but about files.
    pub(super) fn is_of_files(&self) -> bool {
        self.service().is_some_and(str::is_empty)
    }

    /// The same for another id of the rule.
    pub(super) fn of_rule(mut self, id: &str) -> Self {
        id.clone_into(&mut self.0[0]);
        self
    }

    /// The one fingerprint that it stands for, where it has no wildcards.
    pub(super) fn exact(&self) -> Option<String> {
        let is_wild = self.0.iter().enumerate().any(|(at, part)| WILD.contains(&at) && part.contains('*'));
        (!is_wild).then(|| self.0.join(":"))
    }

    /// Whether it stands for a fingerprint.
    pub(super) fn matches(&self, fingerprint: &str) -> bool {
        let mut parts = fingerprint.split(':');
        let is_alike = |(at, own): (usize, &String)| {
            parts.next().is_some_and(|part| if WILD.contains(&at) { is_like(own, part) } else { own == part })
        };
        self.0.iter().enumerate().all(is_alike) && parts.next().is_none()
    }

    /// Whether it may be about an operation of a service.
    pub(super) fn concerns(&self, service: &str, operation: &str) -> bool {
        let own = self.0.get(2).map_or("", String::as_str);
        // Without an operation it is about several of them, or about the service.
        self.concerns_service(service) && (own.is_empty() || is_like(own, operation))
    }

    /// Whether it may be about what was judged of an operation: about the half that it names, if any.
    pub(super) fn concerns_halves(&self, halves: Halves) -> bool {
        let own = self.0.get(3).map_or("", String::as_str);
        own.is_empty() || halves.iter().any(|half| is_like(own, half.as_str()))
    }

    /// Whether it may be about a service.
    pub(super) fn concerns_service(&self, service: &str) -> bool {
        self.service().is_some_and(|own| is_like(own, service))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_parts_but_never_for_values() {
        let is = |pattern: &str, fingerprint: &str| Pattern::parse(pattern).matches(fingerprint);
        let fingerprint = "unknown-enum-value:s3:GetObject:response:Object.state:A*";
        assert!(is(fingerprint, fingerprint));
        assert!(is("unknown-enum-value:*:Get*:*:*.state:A*", fingerprint));
        assert!(!is("unknown-enum-value:*:Put*:*:*.state:A*", fingerprint));
        assert!(!is("unknown-enum-value:s3:GetObject:response:Object.state:*", fingerprint), "a value");
        assert!(!is("*:s3:GetObject:response:Object.state:A*", fingerprint), "the rule");
        assert!(!is("unknown-enum-value:s3:GetObject:response:Object.state", fingerprint), "a part is missing");
        assert!(!is("unknown-enum-value:s3:GetObject:response:Object.state:A*:B", fingerprint), "a part too many");
    }

    #[test]
    fn no_fingerprint_is_shorter() {
        let is_whole = |pattern: &str| Pattern::parse(pattern).is_whole();
        assert!(is_whole("a:s3:B:request:C") && is_whole("a::::") && is_whole("a:*:*:*:*:v") && is_whole("a:::re*:"));
        assert!(!is_whole("a:s3") && !is_whole("a:*") && !is_whole("a:s3:B:request"));
        assert!(!is_whole("a:s3:B:both:C"));
    }

    #[test]
    fn it_concerns_operations_that_it_may_name() {
        let concerns = |pattern: &str| Pattern::parse(pattern).concerns("s3", "GetObject");
        assert!(concerns("a:s3:GetObject:") && concerns("a:*:Get*:") && concerns("a:s3::"));
        assert!(!concerns("a:s3:PutObject:") && !concerns("a:sqs:GetObject:"));
    }
}

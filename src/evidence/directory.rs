//! Services by what names them in traffic: endpoint prefix, signing name, target and API version.

use std::collections::HashMap;

use super::Evidence;
use crate::ingest::Identity;

/// The identities of a catalog's services.
#[derive(Default)]
pub struct Directory {
    /// Sorted by name.
    services: Vec<(String, Identity)>,
    by_prefix: HashMap<String, Vec<usize>>,
}

impl Directory {
    /// A directory of services by name.
    pub fn new(mut services: Vec<(String, Identity)>) -> Self {
        services.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut by_prefix: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, (name, identity)) in services.iter().enumerate() {
            let Some(prefix) = &identity.endpoint_prefix else { continue };
            let sharing = by_prefix.entry(prefix.clone()).or_default();
            // A service that is named like its prefix is the likeliest.
            if name == prefix { sharing.insert(0, at) } else { sharing.push(at) }
        }
        Self { services, by_prefix }
    }

    /// Services of an endpoint prefix. What stands before a dot in it may belong to the file's name instead, so the
    /// longest ending that is a prefix counts.
    pub fn by_prefix<'d>(&'d self, text: &str) -> Vec<&'d str> {
        let endings = std::iter::once(text).chain(text.match_indices('.').map(|(dot, _)| &text[dot + 1..]));
        for ending in endings {
            let mut found = self.sharing(ending);
            if let Some((name, _)) = self.services.iter().find(|(name, _)| name == ending) {
                found.retain(|other| other != name);
                found.insert(0, name);
            }
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    fn sharing<'d>(&'d self, prefix: &str) -> Vec<&'d str> {
        self.by_prefix.get(prefix).into_iter().flatten().map(|at| self.services[*at].0.as_str()).collect()
    }

    /// Services that a request may be meant for: those that most of what it says speaks for, the likeliest first.
    pub fn candidates(&self, evidence: &Evidence) -> Vec<&str> {
        let by_host: Vec<&str> = evidence
            .prefixes
            .iter()
            .map(|prefix| self.sharing(prefix))
            .find(|found| !found.is_empty())
            .unwrap_or_default();
        let named = evidence.target.as_ref().or(evidence.rpc.as_ref()).map(|(service, _)| service);
        let version = evidence.action.as_ref().map(|(_, version)| version);
        let mut scored: Vec<(u32, &str)> = Vec::new();
        for (name, identity) in &self.services {
            let is = |own: &Option<String>, said: Option<&String>| said.is_some() && own.as_ref() == said;
            // A target names one service; a host, those that share it; the scope, a family of them.
            let mut score = 0;
            score += if is(&identity.target_prefix, named) { 8 } else { 0 };
            score += if by_host.contains(&name.as_str()) { 4 } else { 0 };
            score += if is(&identity.signing_name, evidence.signing_name.as_ref()) { 2 } else { 0 };
            if score > 0 {
                score += u32::from(is(&identity.api_version, version));
                scored.push((score, name));
            }
        }
        let best = scored.iter().map(|(score, _)| *score).max().unwrap_or(0);
        let mut likeliest: Vec<&str> =
            scored.into_iter().filter(|(score, _)| *score == best).map(|(_, name)| name).collect();
        likeliest.sort_by_key(|name| by_host.iter().position(|own| own == name).unwrap_or(usize::MAX));
        likeliest
    }
}

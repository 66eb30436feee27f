//! Services by what names them in traffic: endpoint prefix, signing name, target and API version.

use std::collections::HashMap;

use super::Evidence;
use crate::ingest::Identity;

/// The identities of a catalog's services.
#[derive(Debug, Default)]
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
    pub fn candidates<'d>(&'d self, evidence: &Evidence) -> Candidates<'d> {
        let by_host: Vec<&str> = evidence
            .prefixes
            .iter()
            .map(|prefix| self.sharing(prefix))
            .find(|found| !found.is_empty())
            .unwrap_or_default();
        let mut scored: Vec<(u32, u32, &str)> = Vec::new();
        for (name, identity) in &self.services {
            let strong = strong(evidence, identity, by_host.contains(&name.as_str()));
            let weak = weak(evidence, name, identity);
            if strong > 0 || (weak > 0 && !evidence.is_strong()) {
                scored.push((strong, weak, name));
            }
        }
        let best = scored.iter().map(|(strong, weak, _)| (*strong, *weak)).max().unwrap_or_default();
        let likeliest = scored.into_iter().filter(|(strong, weak, _)| (*strong, *weak) == best);
        let mut services: Vec<&str> = likeliest.map(|(_, _, name)| name).collect();
        services.sort_by_key(|name| by_host.iter().position(|own| own == name).unwrap_or(usize::MAX));
        Candidates { services, certain: best.0 > 0 }
    }
}

/// Services that an exchange may be of.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Candidates<'d> {
    /// Their names, the likeliest first.
    pub services: Vec<&'d str>,
    /// It is of one of them, even if it calls none of their operations.
    pub certain: bool,
}

/// What says the service itself: a target names one, a host those that share it, the scope a family of them.
fn strong(evidence: &Evidence, identity: &Identity, by_host: bool) -> u32 {
    let is = |own: &Option<String>, said: Option<&String>| said.is_some() && own.as_ref() == said;
    let named = evidence.target.as_ref().or(evidence.rpc.as_ref()).map(|(service, _)| service);
    let mut score = 0;
    score += if is(&identity.target_prefix, named) { 4 } else { 0 };
    score += if by_host { 2 } else { 0 };
    score + u32::from(is(&identity.signing_name, evidence.signing_name.as_ref()))
}

/// What hints at the service: the client's name for it, the API's version, an ARN in the path.
fn weak(evidence: &Evidence, name: &str, identity: &Identity) -> u32 {
    let plain = |text: &str| text.bytes().filter(u8::is_ascii_alphanumeric).collect::<Vec<u8>>().to_ascii_lowercase();
    let own = [Some(name), identity.endpoint_prefix.as_deref(), identity.signing_name.as_deref()];
    let is_own = |said: &String| own.iter().flatten().any(|own| plain(own) == plain(said));
    let version = evidence.action.as_ref().map(|(_, version)| version);
    let is_version = version.is_some() && identity.api_version.as_ref() == version;
    let by_agent = evidence.agent.as_ref().is_some_and(|agent| plain(agent) == plain(name));
    let like_agent = evidence.agent.as_ref().is_some_and(is_own);
    let mut score = 0;
    score += if by_agent { 4 } else { u32::from(like_agent) * 2 };
    score += u32::from(is_version) * 2;
    score + u32::from(evidence.arns.iter().any(is_own))
}

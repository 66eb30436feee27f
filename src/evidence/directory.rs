//! Services by what names them in traffic: endpoint prefix, signing name, target and API version.

use std::collections::{BTreeMap, HashMap};

use super::Evidence;
use crate::ingest::Identity;

/// The identities of a catalog's services.
#[derive(Debug, Default)]
pub struct Directory {
    /// Sorted by name.
    services: Vec<(String, Identity)>,
    by_prefix: HashMap<String, Vec<usize>>,
    by_target: HashMap<String, Vec<usize>>,
    by_signing_name: HashMap<String, Vec<usize>>,
}

impl Directory {
    /// A directory of services by name.
    pub fn new(mut services: Vec<(String, Identity)>) -> Self {
        services.sort_by(|(a, _), (b, _)| a.cmp(b));
        let [mut by_prefix, mut by_target, mut by_signing_name]: [HashMap<String, Vec<usize>>; 3] = Default::default();
        for (at, (name, identity)) in services.iter().enumerate() {
            for (by, own) in [(&mut by_target, &identity.target_prefix), (&mut by_signing_name, &identity.signing_name)]
            {
                if let Some(own) = own {
                    by.entry(own.clone()).or_default().push(at);
                }
            }
            let Some(prefix) = &identity.endpoint_prefix else { continue };
            let sharing = by_prefix.entry(prefix.clone()).or_default();
            // A service that is named like its prefix is the likeliest.
            if name == prefix { sharing.insert(0, at) } else { sharing.push(at) }
        }
        Self { services, by_prefix, by_target, by_signing_name }
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
        self.by_prefix.get(prefix).into_iter().flatten().map(|at| self.name(*at)).collect()
    }

    /// Services that a request may be meant for: those that most of what it says speaks for, the likeliest first.
    pub fn candidates<'d>(&'d self, evidence: &Evidence) -> Candidates<'d> {
        let of_host = evidence.prefixes.iter().find_map(|prefix| self.by_prefix.get(prefix));
        let by_host = of_host.map_or(&[][..], Vec::as_slice);
        let named =
            evidence.target.as_ref().or(evidence.rpc.as_ref()).and_then(|(service, _)| self.by_target.get(service));
        let by_scope = evidence.signing_name.as_ref().and_then(|name| self.by_signing_name.get(name));
        // What says the service itself: a target names one, a host those that share it, the scope a family of them. The
        // others need not be looked at.
        let mut strong: BTreeMap<usize, u32> = BTreeMap::new();
        let said = [(named.map(Vec::as_slice), 4), (Some(by_host), 2), (by_scope.map(Vec::as_slice), 1)];
        for (services, score) in said {
            services.into_iter().flatten().for_each(|at| *strong.entry(*at).or_default() += score);
        }
        let most = strong.values().copied().max().unwrap_or_default();
        strong.retain(|_, score| *score == most);
        let weighed: Vec<(usize, u32)> = if strong.is_empty() && !evidence.is_strong() {
            let all = (0..self.services.len()).map(|at| (at, self.weak(at, evidence)));
            all.filter(|(_, weak)| *weak > 0).collect()
        } else {
            strong.into_keys().map(|at| (at, self.weak(at, evidence))).collect()
        };
        let best = weighed.iter().map(|(_, weak)| *weak).max().unwrap_or_default();
        let mut likeliest: Vec<usize> =
            weighed.into_iter().filter(|(_, weak)| *weak == best).map(|(at, _)| at).collect();
        likeliest.sort_by_key(|at| by_host.iter().position(|own| own == at).unwrap_or(usize::MAX));
        Candidates { services: likeliest.into_iter().map(|at| self.name(at)).collect(), certain: most > 0 }
    }

    fn name(&self, at: usize) -> &str {
        &self.services[at].0
    }

    /// What hints at the service: the client's name for it, the API's version, headers, an ARN in the path.
    fn weak(&self, at: usize, evidence: &Evidence) -> u32 {
        let (name, identity) = &self.services[at];
        let own = [Some(name.as_str()), identity.endpoint_prefix.as_deref(), identity.signing_name.as_deref()];
        let is_own = |said: &String| own.iter().flatten().any(|own| is_alike(own, said));
        let version = evidence.action.as_ref().and_then(|action| action.version.as_ref());
        let is_version = version.is_some() && identity.api_version.as_ref() == version;
        let by_agent = evidence.agent.as_ref().is_some_and(|agent| is_alike(agent, name));
        let like_agent = || evidence.agent.as_ref().is_some_and(is_own);
        let mut score = if by_agent { 4 } else { u32::from(like_agent()) * 2 };
        score += u32::from(is_version) * 2;
        score += u32::from(name == "s3" && evidence.like_s3.is_some());
        score + u32::from(evidence.arns.iter().any(is_own))
    }
}

/// Whether two names are the same but for case and what is neither letter nor digit.
fn is_alike(a: &str, b: &str) -> bool {
    plain(a).eq(plain(b))
}

fn plain(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase())
}

/// Services that an exchange may be of.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Candidates<'d> {
    /// Their names, the likeliest first.
    pub services: Vec<&'d str>,
    /// It is of one of them, even if it calls none of their operations.
    pub certain: bool,
}

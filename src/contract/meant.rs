//! Which operation was probably meant by a name, or by a method and path, that no operation has.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::model::Service;
use crate::text::{AMONG_MANY, Known, nearest};

/// Names and routes of a service's operations, made when the first that is unknown occurs.
#[derive(Debug, Default)]
pub(super) struct Meant {
    names: OnceLock<Known>,
    routes: OnceLock<BTreeMap<Box<[bool]>, Alike>>,
}

/// Routes that have labels in the same segments, sorted as they are whatever stands for the labels.
#[derive(Debug)]
struct Alike {
    routes: Vec<Route>,
    /// The routes without their labels.
    known: Known,
}

#[derive(Debug)]
struct Route {
    /// Method and template, without what stands for labels.
    literal: String,
    operation: String,
}

impl Meant {
    /// The operation whose name is most like this one.
    pub(super) fn by_name<'s>(&'s self, service: &Service, name: &str) -> Option<&'s str> {
        let names = || Known::new(service.operations.keys().map(String::as_str));
        self.names.get_or_init(names).nearest(name, AMONG_MANY)
    }

    /// The operation whose method and path are most like those of a request. Labels are what the request has there, so that
    /// literal parts alone make the difference.
    pub(super) fn by_route<'s>(&'s self, service: &Service, method: &str, path: &str) -> Option<&'s str> {
        let sent = format!("{method} {path}");
        let segments: Vec<&str> = path.split('/').collect();
        let mut likely: Vec<(String, &str)> = Vec::new();
        for (labels, alike) in self.routes.get_or_init(|| routes(service)) {
            if labels.len() != segments.len() {
                continue;
            }
            let filling: String =
                segments.iter().zip(labels).filter(|(_, label)| **label).map(|(sent, _)| *sent).collect();
            likely.extend(alike.known.likely(&sent, &filling, AMONG_MANY).map(|at| {
                let Route { literal, operation } = &alike.routes[at];
                (filled(literal, labels, &segments), operation.as_str())
            }));
        }
        let meant = nearest(&sent, likely.iter().map(|(route, _)| route.as_str()), AMONG_MANY)?;
        likely.iter().filter(|(route, _)| route == meant).map(|(_, operation)| *operation).min()
    }
}

/// The routes of a service by which of their segments are labels.
fn routes(service: &Service) -> BTreeMap<Box<[bool]>, Alike> {
    let mut by_labels: BTreeMap<Box<[bool]>, Vec<Route>> = BTreeMap::new();
    for (name, operation) in &service.operations {
        let Some(http) = operation.http.known() else { continue };
        let template = http.uri.split('?').next().unwrap_or_default().split('/');
        let is_label = |part: &str| part.starts_with('{');
        if template.clone().any(|part| !part.is_empty() && !is_label(part)) {
            let literal: Vec<&str> = template.clone().map(|part| if is_label(part) { "" } else { part }).collect();
            let literal = format!("{} {}", http.method, literal.join("/"));
            by_labels
                .entry(template.map(is_label).collect())
                .or_default()
                .push(Route { literal, operation: name.clone() });
        }
    }
    let alike = |mut routes: Vec<Route>| {
        routes.sort_by(|a, b| a.literal.cmp(&b.literal));
        Alike { known: Known::new(routes.iter().map(|route| route.literal.as_str())), routes }
    };
    by_labels.into_iter().map(|(labels, routes)| (labels, alike(routes))).collect()
}

/// A route with what a request has in place of its labels.
fn filled(literal: &str, labels: &[bool], sent: &[&str]) -> String {
    let (method, path) = literal.split_once(' ').unwrap_or_default();
    let parts = path.split('/').zip(labels).zip(sent).map(|((own, label), sent)| if *label { *sent } else { own });
    format!("{method} {}", parts.collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_meant_by_their_literal_parts() {
        let operation = |name: &str, method: &str, uri: &str| serde_json::json!({"name": name, "http": {"method": method, "requestUri": uri}});
        let operations = [
            ("ListThings", "GET", "/things?x"),
            ("GetThing", "GET", "/things/{id}"),
            ("GetPart", "GET", "/things/{id}/parts/{part}"),
            ("AddPart", "POST", "/things/{id}/parts/{part}"),
            ("GetAny", "GET", "/{any}/{more+}"),
            ("AGetPart", "GET", "/things/{other}/parts/{part}"),
        ];
        let operations: serde_json::Map<String, serde_json::Value> =
            operations.into_iter().map(|(name, method, uri)| (name.into(), operation(name, method, uri))).collect();
        let model = serde_json::json!({"metadata": {"endpointPrefix": "x", "protocol": "rest-json", "serviceId": "X"},
            "operations": operations, "shapes": {}});
        let service = crate::ingest::botocore::parse(model.to_string().as_bytes(), None).expect("a model").service;
        let meant = Meant::default();
        for (method, path, operation) in [
            ("GET", "/thing", Some("ListThings")),
            ("GET", "/thingz/a-very-long-name", Some("GetThing")),
            ("GET", "/things/x/part/y", Some("AGetPart")),
            ("POST", "/things/x/part/y", Some("AddPart")),
            ("GET", "/x/y/z", None),
            ("GET", "/ünknown/y", None),
        ] {
            assert_eq!(meant.by_route(&service, method, path), operation, "{method} {path}");
        }
        assert_eq!(meant.by_name(&service, "GetPrat"), Some("GetPart"));
        assert_eq!(meant.by_name(&service, "Quux"), None);
    }
}

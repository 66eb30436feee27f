//! Which operations a method and path may call. A model may have thousands of them.

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use super::Service;

/// The operations of a service by method and path, made when first needed.
#[derive(Default)]
pub(crate) struct Routes(OnceLock<Known>);

// It says no more than the operations do, and a copy may get others.
impl Clone for Routes {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Routes {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Routes")
    }
}

/// Segments by which templates are told apart.
const DEEPEST: usize = 32;

struct Known {
    by_method: HashMap<String, Node>,
    /// How many operations there were.
    operations: usize,
}

/// A place in the tree of templates, by segments.
#[derive(Default)]
struct Node {
    literals: HashMap<String, Node>,
    label: Option<Box<Node>>,
    /// Names of operations whose templates end here, but perhaps for a slash.
    ends: Vec<String>,
    /// Names of operations whose templates go on with a label that takes many segments, or are not looked at any further.
    greedy: Vec<String>,
}

impl Routes {
    /// Names of operations of which a request may be one, as far as method and path tell: those that a template fits are among
    /// them. `segments` are those of the path, decoded. `None` where operations were added since the first request.
    pub(crate) fn of<'s>(
        &'s self,
        service: &Service,
        method: &str,
        segments: &[impl AsRef<str>],
    ) -> Option<Vec<&'s str>> {
        let known = self.0.get_or_init(|| Known::new(service));
        if known.operations != service.operations.len() {
            return None;
        }
        let mut found = Vec::new();
        if let Some(root) = known.by_method.get(method) {
            root.find(segments, &mut found);
        }
        Some(found)
    }
}

impl Known {
    fn new(service: &Service) -> Self {
        let mut by_method: HashMap<String, Node> = HashMap::new();
        for (name, operation) in &service.operations {
            let Some(http) = operation.http.known() else { continue };
            by_method.entry(http.method.clone()).or_default().add(&http.uri, name);
        }
        Self { by_method, operations: service.operations.len() }
    }
}

impl Node {
    fn add(&mut self, template: &str, name: &str) {
        let path = template.split('?').next().unwrap_or_default();
        let path = path.strip_prefix('/').unwrap_or(path);
        let mut node = self;
        let segments = path.strip_suffix('/').unwrap_or(path).split('/').filter(|_| !path.is_empty());
        for (depth, segment) in segments.enumerate() {
            if depth == DEEPEST || segment.ends_with("+}") {
                return node.greedy.push(name.to_owned());
            }
            node = if segment.starts_with('{') && segment.ends_with('}') {
                node.label.get_or_insert_default()
            } else {
                node.literals.entry(segment.to_owned()).or_default()
            };
        }
        node.ends.push(name.to_owned());
    }

    fn find<'s>(&'s self, segments: &[impl AsRef<str>], found: &mut Vec<&'s str>) {
        found.extend(self.greedy.iter().map(String::as_str));
        let Some((first, rest)) = segments.split_first() else {
            return found.extend(self.ends.iter().map(String::as_str));
        };
        let first = first.as_ref();
        // A slash at the end may mean nothing, or be what precedes an empty label.
        if rest.is_empty() && first.is_empty() {
            found.extend(self.ends.iter().map(String::as_str));
        }
        for below in self.literals.get(first).into_iter().chain(self.label.as_deref()) {
            below.find(rest, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::{Fact, Http, Operation};

    fn service(templates: impl IntoIterator<Item = (String, String)>) -> Service {
        let text = br#"{"metadata": {"endpointPrefix": "x", "protocol": "rest-json", "serviceId": "X"}, "operations": {"A": {"name": "A", "http": {"method": "GET", "requestUri": "/"}}}, "shapes": {}}"#;
        let mut service = crate::ingest::botocore::parse(text, None).expect("a model").service;
        let plain = service.operations["A"].clone();
        let operation = |(name, uri): (String, String)| {
            let http = Fact::Known(Http { method: "GET".to_owned(), uri, status: None });
            (name.clone(), Operation { name, http, ..plain.clone() })
        };
        service.operations = templates.into_iter().map(operation).collect::<BTreeMap<_, _>>();
        service
    }

    fn found<'s>(service: &'s Service, path: &str) -> Vec<&'s str> {
        let segments: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
        let mut found = service.routes.of(service, "GET", &segments).expect("nothing was added");
        found.sort_unstable();
        found
    }

    #[test]
    fn templates_that_may_fit_are_found() {
        let templates = ["/", "/m", "/m/", "/m/{id}", "/m/{id}/p?q", "/{any}/{rest+}", "/m//n", "", "//"];
        let service = service(templates.iter().map(|template| (format!("of {template}"), (*template).to_owned())));
        for (path, expected) in [
            // More than fit are no harm.
            ("", &["of ", "of /", "of //", "of /{any}/{rest+}"][..]),
            ("/", &["of ", "of /", "of //", "of /{any}/{rest+}"]),
            ("/m", &["of /m", "of /m/", "of /{any}/{rest+}"]),
            ("/m/", &["of /m", "of /m/", "of /m/{id}", "of /{any}/{rest+}"]),
            ("/m/1", &["of /m/{id}", "of /{any}/{rest+}"]),
            ("/m/1/p/", &["of /m/{id}/p?q", "of /{any}/{rest+}"]),
            ("/m//n", &["of /m//n", "of /{any}/{rest+}"]),
            ("/x", &["of /{any}/{rest+}"]),
        ] {
            assert_eq!(found(&service, path), expected, "{path}");
        }
        assert_eq!(service.routes.of(&service, "PUT", &["m"]), Some(Vec::new()));
    }

    #[test]
    fn of_thousands_that_begin_alike_few_are_looked_at() {
        let mut service =
            service((0..20_000).map(|number| (format!("Get{number}"), format!("/m/{{id}}/part{number}/{{x}}"))));
        assert_eq!(found(&service, "/m/1/part777/2"), ["Get777"]);
        let deep = "/a".repeat(100_000);
        let operation = Operation { http: Fact::Unknown, ..service.operations["Get0"].clone() };
        service.operations.insert("Other".to_owned(), operation.clone());
        assert_eq!(service.routes.of(&service, "GET", &["m"]), None, "one was added");
        let http = Http { method: "GET".to_owned(), uri: deep.clone(), status: None };
        service.operations.insert("Deep".to_owned(), Operation { http: Fact::Known(http), ..operation });
        assert_eq!(found(&service.clone(), &deep), ["Deep"]);
    }
}

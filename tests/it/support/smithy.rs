//! A writer of Smithy models: what a botocore model says, in the words of the Smithy 2.0 specification.
//!
//! It knows nothing of the reader. Where Smithy has two ways to say a thing, both are used, by the name of the shape.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

type Object = Map<String, Value>;

/// Writes the model `botocore` as a Smithy JSON AST.
pub(crate) fn written(botocore: &Value) -> Value {
    Writer::new(botocore).model()
}

struct Writer<'b> {
    metadata: &'b Object,
    operations: &'b Object,
    shapes: &'b Object,
    namespace: String,
    protocol: &'static str,
    /// Places that refer to each shape: whether in a structure, and the name that botocore would make from it.
    users: BTreeMap<&'b str, Vec<(bool, String)>>,
    /// Shapes of their own that members need beside the written ones.
    more: Object,
}

impl<'b> Writer<'b> {
    fn new(model: &'b Value) -> Self {
        let part = |key: &str| model[key].as_object().expect("a botocore model");
        let metadata = part("metadata");
        let id = metadata["serviceId"].as_str().expect("a service id").to_lowercase().replace([' ', '-'], "");
        let names = protocols(metadata);
        // The protocol whose layout counts is the one that botocore speaks.
        let protocol = ["json", "rest-json", "rest-xml", "smithy-rpc-v2-cbor", "query", "ec2"];
        let protocol = protocol.into_iter().find(|one| names.contains(one)).expect("a known protocol");
        let (operations, shapes) = (part("operations"), part("shapes"));
        let namespace = format!("com.example.{id}");
        Self { metadata, operations, shapes, namespace, protocol, users: users(shapes), more: Map::new() }
    }

    fn model(mut self) -> Value {
        let mut shapes = Map::new();
        for (name, shape) in self.shapes {
            if self.is_written(name) {
                let written = self.shape(name, shape);
                shapes.insert(self.data_id(name), written);
            }
        }
        let common = self.common_errors();
        for (name, operation) in self.operations {
            let written = self.operation(operation, &common);
            shapes.insert(self.id(name), written);
        }
        self.service(&common, &mut shapes);
        shapes.append(&mut self.more);
        json!({"smithy": "2.0", "metadata": {}, "shapes": shapes})
    }

    fn id(&self, name: &str) -> String {
        format!("{}#{name}", self.namespace)
    }

    /// The id of a data shape. In Smithy no operation has the name of one.
    fn data_id(&self, name: &str) -> String {
        self.id(name) + if self.operations.contains_key(name) { "Shape" } else { "" }
    }

    fn is_rest(&self) -> bool {
        self.protocol.starts_with("rest-")
    }

    fn is_xml(&self) -> bool {
        matches!(self.protocol, "rest-xml" | "query" | "ec2")
    }

    fn service(&self, common: &BTreeSet<&str>, shapes: &mut Object) {
        let text = |key: &str| self.metadata.get(key).and_then(Value::as_str);
        let prefix = text("endpointPrefix").expect("an endpoint prefix");
        let sdk_id = text("serviceId").expect("a service id");
        let mut traits = json!({
            "aws.api#service": {"sdkId": sdk_id, "arnNamespace": prefix, "endpointPrefix": prefix, "docId": "x"},
            "smithy.api#title": text("serviceFullName").expect("a name"),
        });
        for protocol in protocols(self.metadata) {
            let name = match (protocol, text("jsonVersion")) {
                ("rest-json", _) => "aws.protocols#restJson1",
                ("json", Some("1.1")) => "aws.protocols#awsJson1_1",
                ("json", _) => "aws.protocols#awsJson1_0",
                ("rest-xml", _) => "aws.protocols#restXml",
                ("query", _) => "aws.protocols#awsQuery",
                ("ec2", _) => "aws.protocols#ec2Query",
                (_, _) => "smithy.protocols#rpcv2Cbor",
            };
            traits[name] = json!({});
        }
        let schemes: Vec<&str> = match self.metadata.get("auth").and_then(Value::as_array) {
            Some(schemes) => schemes.iter().filter_map(Value::as_str).collect(),
            None if text("signatureVersion") == Some("bearer") => vec!["smithy.api#httpBearerAuth"],
            None => vec!["aws.auth#sigv4"],
        };
        for scheme in &schemes {
            let signs = scheme.starts_with("aws.auth#sigv4");
            traits[*scheme] = if signs { json!({"name": text("signingName").unwrap_or(prefix)}) } else { json!({}) };
        }
        if schemes.len() > 1 {
            traits["smithy.api#auth"] = json!(schemes);
        }
        if let Some(uri) = self.xml_namespace() {
            traits["smithy.api#xmlNamespace"] = json!({"uri": uri});
        }
        let name = text("targetPrefix").map_or_else(|| sdk_id.replace([' ', '-'], ""), str::to_owned);
        let by_verb = |verb: &str| -> Vec<Value> {
            let named = self.operations.keys().filter(|name| name.starts_with(verb));
            named.map(|name| json!({"target": self.id(name)})).collect()
        };
        // Resources bind operations in every way that there is.
        let (outer, inner) = (self.id("OuterResource"), self.id("InnerResource"));
        let mut puts = by_verb("Put");
        let put = puts.pop();
        shapes.insert(
            outer.clone(),
            json!({"type": "resource", "operations": by_verb("Get"), "collectionOperations": by_verb("List"),
                "resources": [{"target": inner}]}),
        );
        let mut lifecycle = json!({"type": "resource", "operations": puts});
        if let Some(put) = put {
            lifecycle["put"] = put;
        }
        shapes.insert(inner, lifecycle);
        let others = self.operations.keys().filter(|name| !["Get", "List", "Put"].iter().any(|v| name.starts_with(v)));
        shapes.insert(
            self.id(&name),
            json!({"type": "service", "version": text("apiVersion"), "traits": traits,
                "operations": others.map(|name| json!({"target": self.id(name)})).collect::<Vec<_>>(),
                "resources": [{"target": outer}],
                "errors": common.iter().map(|name| json!({"target": self.data_id(name)})).collect::<Vec<_>>()}),
        );
    }

    /// Namespace of elements. In botocore's models requests of restXml say it one by one.
    fn xml_namespace(&self) -> Option<&'b str> {
        let of_service = self.metadata.get("xmlNamespace").and_then(Value::as_str);
        let of_inputs =
            self.operations.values().find_map(|operation| operation["input"]["xmlNamespace"]["uri"].as_str());
        of_service.or(of_inputs)
    }

    /// Errors that every operation declares.
    fn common_errors(&self) -> BTreeSet<&'b str> {
        let of = |operation: &'b Value| -> BTreeSet<&'b str> {
            operation["errors"].as_array().into_iter().flatten().filter_map(|error| error["shape"].as_str()).collect()
        };
        let all = self.operations.values().map(of);
        all.reduce(|one, other| &one & &other).unwrap_or_default()
    }

    fn operation(&self, operation: &Value, common: &BTreeSet<&str>) -> Value {
        let root = |key: &str| match operation[key]["shape"].as_str() {
            Some(shape) => json!({"target": self.data_id(shape)}),
            None => json!({"target": "smithy.api#Unit"}),
        };
        let errors = operation["errors"].as_array().into_iter().flatten().filter_map(|error| error["shape"].as_str());
        let errors = errors.filter(|error| !common.contains(error)).map(|error| json!({"target": self.data_id(error)}));
        let mut traits = Map::new();
        let mut set = |name: &str, value: Value| traits.insert(name.to_owned(), value);
        if self.is_rest() {
            let http = &operation["http"];
            let code = http.get("responseCode").cloned().unwrap_or_else(|| json!(200));
            let uri = self.by_members(http["requestUri"].as_str().expect("a URI"), &operation["input"]);
            set("smithy.api#http", json!({"method": http["method"], "uri": uri, "code": code}));
        }
        for (key, name) in [("idempotent", "idempotent"), ("readonly", "readonly"), ("deprecated", "deprecated")] {
            if operation[key] == true {
                set(&format!("smithy.api#{name}"), json!({}));
            }
        }
        if operation["authtype"] == "none" {
            set("smithy.api#auth", json!([]));
            set("smithy.api#optionalAuth", json!({}));
        }
        if operation["unsignedPayload"] == true {
            set("aws.auth#unsignedPayload", json!({}));
        }
        if operation["httpChecksumRequired"] == true {
            set("smithy.api#httpChecksumRequired", json!({}));
        }
        for (key, name) in [
            ("httpChecksum", "aws.protocols#httpChecksum"),
            ("requestcompression", "smithy.api#requestCompression"),
            ("endpoint", "smithy.api#endpoint"),
            ("documentation", "smithy.api#documentation"),
        ] {
            if let Some(value) = operation.get(key) {
                set(name, value.clone());
            }
        }
        json!({"type": "operation", "input": root("input"), "output": root("output"),
            "errors": errors.collect::<Vec<_>>(), "traits": traits})
    }

    /// A template with labels named by members, as Smithy demands.
    fn by_members(&self, uri: &str, input: &Value) -> String {
        let Some(members) = input["shape"].as_str().and_then(|shape| self.shapes[shape]["members"].as_object()) else {
            return uri.to_owned();
        };
        let mut uri = uri.to_owned();
        for (name, member) in members.iter().filter(|(_, member)| member["location"] == "uri") {
            let label = member["locationName"].as_str().unwrap_or(name);
            uri = uri.replace(&format!("{{{label}}}"), &format!("{{{name}}}"));
            uri = uri.replace(&format!("{{{label}+}}"), &format!("{{{name}+}}"));
        }
        uri
    }

    /// Whether a shape stands in the file, rather than in the prelude or in traits of the one member that uses it.
    fn is_written(&self, name: &str) -> bool {
        !is_prelude(name, &self.shapes[name]) && !name.starts_with("SyntheticTimestamp_") && !self.is_inlined(name)
    }

    /// Whether botocore made the shape from traits of a member.
    fn is_inlined(&self, name: &str) -> bool {
        let shape = &self.shapes[name];
        let simple = matches!(shape["type"].as_str(), Some("string" | "integer")) && shape.get("enum").is_none();
        let plain = !has(shape, "sensitive") && !has(shape, "deprecated") && !has(shape, "documentation");
        let boxed = shape["type"] == "string" || has(shape, "box");
        simple && plain && boxed && self.users.get(name).is_some_and(|users| *users == [(true, name.to_owned())])
    }

    fn shape(&mut self, name: &str, shape: &Value) -> Value {
        let kind = shape["type"].as_str().expect("a type");
        let mut traits = shape_traits(shape);
        let mut written = json!({"type": kind});
        match kind {
            "structure" if has(shape, "document") => written["type"] = json!("document"),
            "structure" => {
                if has(shape, "eventstream") {
                    traits.insert("smithy.api#streaming".to_owned(), json!({}));
                }
                if has(shape, "union") || has(shape, "eventstream") {
                    written["type"] = json!("union");
                }
                written["members"] = Value::Object(self.members(shape));
                error_traits(shape, &mut traits);
            }
            "list" => written["member"] = self.part(&shape["member"]),
            "map" => {
                written["key"] = self.part(&shape["key"]);
                written["value"] = self.part(&shape["value"]);
            }
            "string" if has(shape, "enum") => write_enum(name, shape, &mut written, &mut traits),
            "boolean" | "integer" | "long" | "float" | "double" if !has(shape, "box") => {
                traits.insert("smithy.api#default".to_owned(), zero(kind));
            }
            _ => {}
        }
        written["traits"] = Value::Object(traits);
        written
    }

    fn members(&mut self, shape: &Value) -> Object {
        let required = shape["required"].as_array().cloned().unwrap_or_default();
        let mut members = Map::new();
        for (name, member) in shape["members"].as_object().into_iter().flatten() {
            let (target, mut traits) = self.reference(member);
            let mut set = |name: &str, value: Value| traits.insert(name.to_owned(), value);
            if required.iter().any(|one| one == name) && !has(shape, "eventstream") {
                set("smithy.api#required", json!({}));
            }
            for (key, trait_name) in [
                ("deprecated", "smithy.api#deprecated"),
                ("idempotencyToken", "smithy.api#idempotencyToken"),
                ("hostLabel", "smithy.api#hostLabel"),
                ("eventpayload", "smithy.api#eventPayload"),
                ("eventheader", "smithy.api#eventHeader"),
                ("xmlAttribute", "smithy.api#xmlAttribute"),
            ] {
                if has(member, key) {
                    set(trait_name, json!({}));
                }
            }
            for (key, trait_name) in [
                ("documentation", "smithy.api#documentation"),
                ("xmlNamespace", "smithy.api#xmlNamespace"),
                ("contextParam", "smithy.rules#contextParam"),
            ] {
                if let Some(value) = member.get(key) {
                    set(trait_name, value.clone());
                }
            }
            if shape["payload"] == name.as_str() {
                set("smithy.api#httpPayload", json!({}));
            }
            self.names(name, member, &mut traits);
            members.insert(name.clone(), json!({"target": target, "traits": traits}));
        }
        members
    }

    /// Where a member travels and by which names.
    fn names(&self, name: &str, member: &Value, traits: &mut Object) {
        let wire_name = member["locationName"].as_str();
        let mut set = |name: &str, value: Value| traits.insert(name.to_owned(), value);
        let target = &self.shapes[member["shape"].as_str().expect("a target")];
        let flattened = has(member, "flattened") || has(target, "flattened");
        let own = wire_name.unwrap_or(name);
        match member["location"].as_str() {
            Some("uri") => drop(set("smithy.api#httpLabel", json!({}))),
            Some("querystring") if target["type"] == "map" => drop(set("smithy.api#httpQueryParams", json!({}))),
            Some("querystring") => drop(set("smithy.api#httpQuery", json!(own))),
            Some("header") => drop(set("smithy.api#httpHeader", json!(own))),
            Some("headers") => drop(set("smithy.api#httpPrefixHeaders", json!(own))),
            Some("statusCode") => drop(set("smithy.api#httpResponseCode", json!({}))),
            _ if self.protocol == "rest-json" => drop(wire_name.map(|name| set("smithy.api#jsonName", json!(name)))),
            _ if self.is_xml() => {
                // In forms of awsQuery the elements of a flattened list are named by the list in botocore's models.
                let element = target["member"]["locationName"].as_str();
                let element = element.filter(|_| flattened && self.protocol == "query").or(wire_name);
                // A shape may bring the name of the members that refer to it.
                let element = element.or_else(|| target["locationName"].as_str());
                element.map(|name| set("smithy.api#xmlName", json!(name)));
            }
            _ => {}
        }
        if flattened && self.is_xml() {
            set("smithy.api#xmlFlattened", json!({}));
        }
        if self.protocol == "ec2" {
            let query_name = member["queryName"].as_str().map_or_else(|| capitalised(own), str::to_owned);
            set("aws.protocols#ec2QueryName", json!(query_name));
        }
    }

    /// The element of a list, or a map's key or value.
    fn part(&mut self, part: &Value) -> Value {
        let (target, mut traits) = self.reference(part);
        traits.remove("smithy.api#default");
        if let Some(name) = part["locationName"].as_str().filter(|_| self.is_xml()) {
            traits.insert("smithy.api#xmlName".to_owned(), json!(name));
        }
        json!({"target": target, "traits": traits})
    }

    /// What a member refers to, with the traits that it sets over it.
    fn reference(&mut self, member: &Value) -> (String, Object) {
        let name = member["shape"].as_str().expect("a target");
        let shape = &self.shapes[name];
        let kind = shape["type"].as_str().expect("a type");
        let mut traits = Map::new();
        if let Some(format) = name.strip_prefix("SyntheticTimestamp_") {
            traits.insert("smithy.api#timestampFormat".to_owned(), json!(format.replace('_', "-")));
            return ("smithy.api#Timestamp".to_owned(), traits);
        }
        if matches!(kind, "boolean" | "integer" | "long" | "float" | "double") && !has(shape, "box") {
            let default = if has(member, "box") { Value::Null } else { zero(kind) };
            traits.insert("smithy.api#default".to_owned(), default);
        }
        if self.is_inlined(name) {
            traits.extend(shape_traits(shape));
            return (format!("smithy.api#{}", capitalised(kind)), traits);
        }
        let id = if is_prelude(name, shape) { format!("smithy.api#{name}") } else { self.data_id(name) };
        (self.varied(name, &id, shape, member), traits)
    }

    /// The shape that a member needs where a trait of botocore's members is one of Smithy's shapes.
    fn varied(&mut self, name: &str, id: &str, shape: &Value, member: &Value) -> String {
        let (prefix, trait_name, value) = if has(member, "jsonvalue") {
            ("SynthesizedJson", "smithy.api#mediaType", json!("application/json"))
        } else if has(member, "streaming") && !has(shape, "streaming") && shape["type"] == "blob" {
            ("Streaming", "smithy.api#streaming", json!({}))
        } else {
            return id.to_owned();
        };
        let mut written = self.shape(name, shape);
        written["traits"][trait_name] = value;
        let id = self.id(&format!("{prefix}{name}"));
        self.more.insert(id.clone(), written);
        id
    }
}

fn users(shapes: &Object) -> BTreeMap<&str, Vec<(bool, String)>> {
    let mut found: BTreeMap<&str, Vec<(bool, String)>> = BTreeMap::new();
    let mut add = |reference: &'_ Value, user: &dyn Fn(&str) -> (bool, String)| {
        let Some((target, shape)) = reference["shape"].as_str().and_then(|target| shapes.get_key_value(target)) else {
            return;
        };
        let kind = capitalised(shape["type"].as_str().expect("a type"));
        found.entry(target).or_default().push(user(&kind));
    };
    for (name, shape) in shapes {
        for (member, value) in shape["members"].as_object().into_iter().flatten() {
            let made = |kind: &str| (!has(value, "jsonvalue"), format!("{name}{}{kind}", capitalised(member)));
            add(value, &made);
        }
        for part in ["member", "key", "value"] {
            add(&shape[part], &|_| (false, String::new()));
        }
    }
    found
}

fn protocols(metadata: &Object) -> Vec<&str> {
    let several = metadata.get("protocols").and_then(Value::as_array).into_iter().flatten();
    let mut found: Vec<&str> = several.chain(metadata.get("protocol")).filter_map(Value::as_str).collect();
    found.dedup();
    found
}

fn has(value: &Value, key: &str) -> bool {
    value.get(key).is_some_and(|value| *value != Value::Bool(false))
}

/// Whether a shape is one that every Smithy model has.
fn is_prelude(name: &str, shape: &Value) -> bool {
    let kind = shape["type"].as_str().unwrap_or_default();
    let boxed = matches!(kind, "boolean" | "integer" | "long" | "float" | "double");
    let expected = if boxed { json!({"type": kind, "box": true}) } else { json!({"type": kind}) };
    let known = boxed || matches!(kind, "string" | "blob" | "timestamp");
    known && *shape == expected && name == capitalised(kind)
}

fn shape_traits(shape: &Value) -> Object {
    let mut traits = Map::new();
    let mut set = |name: &str, value: Value| traits.insert(name.to_owned(), value);
    for (key, name) in [
        ("sensitive", "smithy.api#sensitive"),
        ("deprecated", "smithy.api#deprecated"),
        ("sparse", "smithy.api#sparse"),
        ("streaming", "smithy.api#streaming"),
        ("requiresLength", "smithy.api#requiresLength"),
    ] {
        if has(shape, key) {
            set(name, json!({}));
        }
    }
    for (key, name) in [("documentation", "smithy.api#documentation"), ("xmlNamespace", "smithy.api#xmlNamespace")] {
        if let Some(value) = shape.get(key) {
            set(name, value.clone());
        }
    }
    if let (Some(name), "structure") = (shape["locationName"].as_str(), shape["type"].as_str().unwrap_or_default()) {
        set("smithy.api#xmlName", json!(name));
    }
    if let Some(format) = shape["timestampFormat"].as_str() {
        let format = match format {
            "iso8601" => "date-time",
            "rfc822" => "http-date",
            _ => "epoch-seconds",
        };
        set("smithy.api#timestampFormat", json!(format));
    }
    let bounds: Object =
        ["min", "max"].iter().filter_map(|k| Some(((*k).to_owned(), shape.get(*k)?.clone()))).collect();
    if !bounds.is_empty() {
        let number = matches!(shape["type"].as_str(), Some("integer" | "long" | "float" | "double"));
        set(if number { "smithy.api#range" } else { "smithy.api#length" }, Value::Object(bounds));
    }
    if let Some(pattern) = shape["pattern"].as_str() {
        set("smithy.api#pattern", json!(searched(pattern)));
    }
    traits
}

fn error_traits(shape: &Value, traits: &mut Object) {
    let error = &shape["error"];
    if !has(shape, "exception") && !error.is_object() {
        return;
    }
    let status = error["httpStatusCode"].as_u64();
    let of_service = has(shape, "fault") || !has(error, "senderFault") && status.is_some_and(|status| status >= 500);
    let mut set = |name: &str, value: Value| traits.insert(name.to_owned(), value);
    set("smithy.api#error", json!(if of_service { "server" } else { "client" }));
    match (error["code"].as_str(), status) {
        (Some(code), Some(status)) => {
            set("aws.protocols#awsQueryError", json!({"code": code, "httpResponseCode": status}));
            set("smithy.api#httpError", json!(status));
        }
        (None, Some(status)) => drop(set("smithy.api#httpError", json!(status))),
        _ => {}
    }
    if let Some(retryable) = shape.get("retryable") {
        set("smithy.api#retryable", retryable.clone());
    }
}

/// An enumeration, in the newer way or the older one.
fn write_enum(name: &str, shape: &Value, written: &mut Value, traits: &mut Object) {
    let values = shape["enum"].as_array().expect("values");
    if name.len().is_multiple_of(2) {
        let definitions: Vec<Value> = values.iter().map(|value| json!({"value": value})).collect();
        traits.insert("smithy.api#enum".to_owned(), json!(definitions));
        return;
    }
    written["type"] = json!("enum");
    let members = values.iter().enumerate().map(|(number, value)| {
        let member = json!({"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": value}});
        (format!("VALUE_{number}"), member)
    });
    written["members"] = Value::Object(members.collect());
}

/// A pattern that is searched for and finds what the whole text must match.
fn searched(pattern: &str) -> String {
    let inner = pattern.strip_prefix(".*").and_then(|inner| inner.strip_suffix(".*"));
    if let Some(inner) = inner.filter(|inner| is_plain(inner)) {
        return inner.to_owned();
    }
    let anchored = branches(pattern).into_iter().map(|branch| {
        let start = branch.strip_prefix('^').unwrap_or(&branch).to_owned();
        let end =
            start.strip_suffix('$').filter(|rest| rest.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 0);
        format!("^{}$", end.unwrap_or(&start))
    });
    anchored.collect::<Vec<_>>().join("|")
}

/// Whether a pattern means the same wherever it stands.
fn is_plain(pattern: &str) -> bool {
    !pattern.is_empty()
        && branches(pattern).len() == 1
        && !pattern.starts_with(['^', '*', '+', '?', '.'])
        && !pattern.ends_with(['$', '\\', '*', '+'])
}

fn branches(pattern: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let (mut depth, mut class, mut escaped) = (0, false, false);
    for c in pattern.chars() {
        let cuts = c == '|' && depth == 0 && !class && !escaped;
        if !escaped {
            match c {
                '[' => class = true,
                ']' => class = false,
                '(' if !class => depth += 1,
                ')' if !class => depth -= 1,
                _ => {}
            }
        }
        escaped = c == '\\' && !escaped;
        if cuts {
            found.push(String::new());
        } else if let Some(last) = found.last_mut() {
            last.push(c);
        }
    }
    found
}

fn zero(kind: &str) -> Value {
    if kind == "boolean" { json!(false) } else { json!(0) }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + characters.as_str())
}

/// How often a file has each trait, to tell what a test has seen.
pub(crate) fn traits_in(model: &Value) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    count(model, &mut found);
    found
}

fn count(value: &Value, found: &mut BTreeMap<String, usize>) {
    for (key, below) in value.as_object().into_iter().flatten() {
        if key == "traits" {
            for name in below.as_object().into_iter().flatten().map(|(name, _)| name) {
                *found.entry(name.clone()).or_default() += 1;
            }
        }
        count(below, found);
    }
    value.as_array().into_iter().flatten().for_each(|below| count(below, found));
}

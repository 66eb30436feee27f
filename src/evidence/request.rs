//! What a request says about the service and the operation it is meant for.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::Ground;
use super::host::{self, Host};
use crate::recording::{HttpExchange, HttpRequest, UrlParts, Written, form_decoded, redact};

/// What a request says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The host belongs to AWS.
    pub aws_host: bool,
    /// The host as it stands.
    pub host: String,
    /// Endpoint prefixes that the host may be made of, the likeliest first.
    pub prefixes: Vec<String>,
    /// What stands in the host before the endpoint prefix, such as a bucket's name.
    pub before_prefix: String,
    /// Service within the credential scope of `SigV4`.
    pub signing_name: Option<String>,
    /// Service and operation of `X-Amz-Target`.
    pub target: Option<(String, String)>,
    /// `Action` and `Version` of a query protocol.
    pub action: Option<Action>,
    /// Service and operation of an rpcv2 path, `/service/S/operation/O`.
    pub rpc: Option<(String, String)>,
    /// Service that the client says it is for: `api/lambda#1.2` in its user agent.
    pub agent: Option<String>,
    /// Services of the ARNs in the path.
    pub arns: Vec<String>,
    /// The call that this is an attempt at (`amz-sdk-invocation-id`).
    pub invocation: Option<String>,
    /// The header of the request or of its answer that S3 and servers like it have, where nothing else names a service.
    pub like_s3: Option<&'static str>,
    /// Endpoint within the host, where it is AWS's.
    endpoint: Option<String>,
    /// Host that the request names in its header, where it is another than the URL's.
    named_host: Option<String>,
    /// It asks what other requests may do, or comes from a form: browsers send such, SDKs do not.
    by_browser: bool,
}

/// What a request of a query protocol says of its operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Name of the operation.
    pub name: String,
    /// Version of the API; some services do without, and a recorder may have cut it off. Strangers who use `Action` have none.
    pub version: Option<String>,
}

/// Headers that SDKs send to S3 together, whose signature needs the first of them. Recorders filter the third, which says the
/// service.
const SIGNED_FOR_S3: [&str; 2] = ["x-amz-content-sha256", "x-amz-date"];

/// Paths of APIs that live beside a service's own.
const OTHER_APIS: &[&str] = &["/openai/v1/", "/.well-known/"];

impl Evidence {
    /// Reads a request.
    pub fn of(request: &HttpRequest<'_>) -> Self {
        let parts = request.parts();
        let mut evidence = Self { host: parts.host.to_ascii_lowercase(), ..Self::default() };
        let named =
            request.headers.get("host").map(|host| host.split(':').next().unwrap_or_default().to_ascii_lowercase());
        evidence.named_host = named.filter(|named| !named.is_empty() && *named != evidence.host);
        let hosts = [Some(&evidence.host), evidence.named_host.as_ref()];
        if let Some(Host { prefixes, endpoint, before }) =
            hosts.into_iter().flatten().find_map(|host| Host::of_aws(host))
        {
            evidence.aws_host = true;
            (evidence.prefixes, evidence.before_prefix, evidence.endpoint) = (prefixes, before, Some(endpoint));
        }
        evidence.signing_name = signing_name(request, &parts);
        evidence.target = target(request);
        evidence.action =
            action(request, &parts).filter(|action| action.version.is_some() || evidence.is_signed_form());
        evidence.rpc = rpc(parts.path);
        evidence.agent = ["x-amz-user-agent", "user-agent"].iter().find_map(|name| agent(&request.headers.get(name)?));
        evidence.arns = arns(parts.path);
        let invocation = request.headers.get("amz-sdk-invocation-id");
        // A recorder's placeholder is the same for all calls.
        evidence.invocation = invocation.filter(|id| !redact::is_placeholder(id)).map(Cow::into_owned);
        let form = request.headers.media_type().is_some_and(|media| media == "multipart/form-data");
        let other = OTHER_APIS.iter().any(|path| parts.path.contains(path));
        evidence.by_browser = request.method == "OPTIONS" || (request.method == "POST" && form) || other;
        evidence.like_s3 = SIGNED_FOR_S3
            .iter()
            .all(|name| request.headers.get(name).is_some())
            .then_some(SIGNED_FOR_S3[0])
            .filter(|_| evidence.may_be_s3(parts.path));
        evidence
    }

    /// Reads an exchange: its request, and what the answer says of the server.
    pub fn of_exchange(http: &HttpExchange<'_>) -> Self {
        let mut evidence = Self::of(&http.request);
        let answered = |name| http.response.as_ref().and_then(|response| response.headers.get(name));
        // Other services call the id of a request so.
        evidence.like_s3 = evidence.like_s3.filter(|_| answered("x-amzn-requestid").is_none());
        if evidence.may_be_s3(http.request.parts().path) {
            let is_minio = answered("server").is_some_and(|name| name.to_ascii_lowercase().starts_with("minio"));
            evidence.like_s3 = is_minio.then_some("server");
        }
        evidence
    }

    /// Nothing names a service, and the path is none of `MinIO`'s own.
    fn may_be_s3(&self, path: &str) -> bool {
        let is_own = path.starts_with("/minio/");
        !is_own && !self.by_browser && self.action.is_none() && self.names_nobody()
    }

    /// The service as a report names it where no contract was found.
    pub fn label(&self) -> String {
        let target = self.target.as_ref().or(self.rpc.as_ref()).map(|(service, _)| service);
        let named = self.endpoint.as_ref().or(self.signing_name.as_ref()).or(target);
        let hinted = named.or(self.agent.as_ref()).or(self.arns.first()).cloned();
        let hinted = hinted.or_else(|| self.like_s3.map(|_| "s3".to_owned()));
        let version = || Some(format!("API version {}", self.action.as_ref()?.version.as_ref()?));
        hinted.or_else(version).unwrap_or_else(|| self.host.clone())
    }

    /// The request says the service itself: by host, signature, target or path of rpcv2.
    pub fn is_strong(&self) -> bool {
        self.aws_host || self.signing_name.is_some() || self.target.is_some() || self.rpc.is_some()
    }

    /// Nothing but its method, path and body says whose it is.
    fn names_nobody(&self) -> bool {
        !self.is_strong() && self.agent.is_none() && self.arns.is_empty() && self.like_s3.is_none()
    }

    /// Nothing in the request says that it is meant for AWS.
    pub fn is_foreign(&self) -> bool {
        self.names_nobody() && self.action.is_none()
    }

    /// Everything in the request that says something of the service.
    pub fn grounds(&self) -> Vec<Ground> {
        let dotted = |(service, operation): &(String, String)| format!("{service}.{operation}");
        let target = self.target.as_ref().map(dotted).map(Ground::Target);
        let rpc = self.rpc.as_ref().map(dotted).map(Ground::Rpc);
        let host = self.endpoint.clone().map(Ground::Host);
        let scope = self.signing_name.clone().map(Ground::Scope);
        let action = self.action.as_ref().map(|Action { name, version }| {
            Ground::Action(version.as_ref().map_or_else(|| name.clone(), |version| format!("{name} of {version}")))
        });
        let agent = self.agent.clone().map(Ground::Agent);
        let arns = self.arns.iter().cloned().map(Ground::Arn);
        let header = self.like_s3.map(Ground::Header);
        [target, rpc, host, scope, action, agent, header].into_iter().flatten().chain(arns).collect()
    }

    /// It is for a host of AWS that is no user's own, or signed for a service: its `Action` is an operation's.
    fn is_signed_form(&self) -> bool {
        self.signing_name.is_some() || self.aws_host && self.before_prefix.is_empty()
    }

    /// The request itself names the operation, whatever its path.
    pub fn names_operation(&self) -> bool {
        self.target.is_some() || self.rpc.is_some() || self.action.is_some()
    }

    /// It may be meant for a server that has its host name below a service's, or its path beside the service's: a user's
    /// own API, a search domain, a bucket's web site. Where it calls no operation of the service, it is not the service's.
    pub fn may_be_of_a_resource(&self) -> bool {
        let is_account = self.before_prefix.len() == 12 && self.before_prefix.bytes().all(|byte| byte.is_ascii_digit());
        let is_beside = is_account || self.before_prefix == "fips";
        let below = self.aws_host && !self.before_prefix.is_empty() && !is_beside;
        !self.names_operation() && (below || self.by_browser)
    }

    /// Servers of users alone have hosts like this one, below a service's, or what answers there has no model.
    pub fn is_of_a_user(&self) -> bool {
        let below = self.endpoint.as_deref().is_some_and(|endpoint| host::SERVERS_OF_USERS.contains(&endpoint));
        self.may_be_of_a_resource() && below
            || !self.names_operation() && host::is_without_model(&self.host, self.endpoint.as_deref())
    }

    /// It is for a server of somebody else's in the public network, or for one of a user's, as far as it says itself.
    pub fn is_of_another_host(&self) -> bool {
        self.is_foreign() && host::is_public(&self.host) || self.is_of_a_user()
    }

    /// Nothing but `Action` and `Version` says that it is meant for AWS, which others use as well: where no service of AWS has
    /// that version, it is theirs.
    pub fn may_be_of_a_stranger(&self) -> bool {
        self.names_nobody() && host::is_public(&self.host)
    }

    /// The API's path may have another before it: one of the endpoint's own, or the stage of a user's API.
    pub fn has_own_path(&self) -> bool {
        !self.aws_host || !self.before_prefix.is_empty()
    }

    /// Buckets that the host may name, the likeliest first; `None` stands for one in the path.
    pub fn buckets(&self) -> Vec<Option<&str>> {
        if self.aws_host {
            return vec![Some(self.before_prefix.as_str()).filter(|before| !before.is_empty())];
        }
        let mut buckets = host::buckets(&self.host);
        // Behind a proxy the header alone may have it.
        if let Some(named) = self.named_host.as_deref() {
            let more = host::buckets(named).into_iter().filter(|bucket| !buckets.contains(bucket));
            buckets.extend(more.collect::<Vec<_>>());
        }
        buckets
    }
}

fn signing_name(request: &HttpRequest<'_>, parts: &UrlParts<'_>) -> Option<String> {
    let scope = |text: &str| {
        let mut from_end = text.trim().rsplit('/');
        (from_end.next() == Some("aws4_request")).then(|| from_end.next().map(str::to_owned)).flatten()
    };
    if let Some(header) = request.headers.get("authorization")
        && let Some((_, rest)) = header.split_once("Credential=")
        && let Some(service) = scope(rest.split(',').next().unwrap_or_default())
    {
        return Some(service);
    }
    let credential = query_pairs(parts.query).find(|(name, _)| name.eq_ignore_ascii_case("x-amz-credential"))?;
    scope(&credential.1)
}

fn action(request: &HttpRequest<'_>, parts: &UrlParts<'_>) -> Option<Action> {
    let form = request.headers.media_type().is_none_or(|media| media == "application/x-www-form-urlencoded");
    let body = request.body.as_ref().filter(|_| form).map(Written::text).unwrap_or_default();
    let mut action = None;
    let mut version = None;
    for (name, value) in query_pairs(&body).chain(query_pairs(parts.query)) {
        match &*name {
            "Action" => action = action.or(Some(value.into_owned())),
            "Version" => version = version.or(Some(value.into_owned())),
            _ => {}
        }
    }
    Some(Action { name: action?, version })
}

/// Service and operation of a path of rpcv2Cbor.
pub(crate) fn rpc(path: &str) -> Option<(String, String)> {
    let mut from_end = path.rsplit('/');
    let (operation, word, service) = (from_end.next()?, from_end.next()?, from_end.next()?);
    (word == "operation" && from_end.next() == Some("service")).then(|| (service.to_owned(), operation.to_owned()))
}

/// The service that an SDK's user agent names: `api/lambda#1.2`, `api/s3/1.2`, or of the AWS CLI `command#sts.get-x`.
fn agent(text: &str) -> Option<String> {
    text.split_whitespace().find_map(|word| {
        let api = word.strip_prefix("api/").and_then(|rest| rest.split(['#', '/']).next());
        let command = word.strip_prefix("md/command#").or_else(|| word.strip_prefix("command/"));
        let named = api.or_else(|| command?.split('.').next())?;
        (!named.is_empty()).then(|| named.to_ascii_lowercase())
    })
}

/// Services of the ARNs in a path, each once.
fn arns(path: &str) -> Vec<String> {
    let path = percent_decode_str(path).decode_utf8_lossy();
    let mut services = Vec::new();
    for (at, _) in path.match_indices("arn:aws") {
        let service = path[at..].split(':').nth(2).unwrap_or_default();
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !service.is_empty() && service.bytes().all(is_name) && !services.iter().any(|own| own == service) {
            services.push(service.to_owned());
        }
    }
    services
}

/// The service and the operation that a request of awsJson names.
pub(crate) fn target(request: &HttpRequest<'_>) -> Option<(String, String)> {
    let target = request.headers.get("x-amz-target")?;
    let (service, operation) = target.rsplit_once('.')?;
    Some((service.to_owned(), operation.to_owned()))
}

/// Names and values of a query string or form, decoded.
pub(crate) fn query_pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (form_decoded(name), form_decoded(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{Headers, Notation};

    #[test]
    fn paths_of_rpcv2_name_service_and_operation() {
        assert_eq!(rpc("/prefix/service/S/operation/O"), Some(("S".into(), "O".into())));
        assert_eq!(rpc("/service/S/operation"), None);
    }

    #[test]
    fn user_agents_name_services() {
        let of = |text: &str| agent(text).unwrap_or_default();
        assert_eq!(of("aws-sdk-js/3.400.0 ua/2.0 api/lambda#3.400.0 os/linux"), "lambda");
        assert_eq!(of("aws-sdk-rust/1.3.14 api/s3/1.2.3 os/linux"), "s3");
        assert_eq!(of("aws-cli/2.30.0 md/command#sts.get-caller-identity"), "sts");
        assert_eq!(of("Boto3/1.44.5 md/Botocore#1.44.5"), "");
    }

    #[test]
    fn arns_in_paths_name_services() {
        assert_eq!(arns("/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A1%3Afunction%3Af"), ["lambda"]);
        assert_eq!(arns("/tags/arn:aws-us-gov:sns:us-gov-west-1:1:t"), ["sns"]);
        assert_eq!(arns("/a/b"), [""; 0]);
    }

    fn asked(url: &str, agent: &str) -> Evidence {
        let written = |text: &str| Written::new(text.as_bytes().to_vec().into(), 0..0, Notation::Verbatim);
        let mut headers = Headers::default();
        headers.push("user-agent".into(), written(agent));
        Evidence::of(&HttpRequest::new("GET", written(url), headers, None))
    }

    #[test]
    fn some_hosts_answer_to_no_model() {
        for url in [
            "http://169.254.169.254/latest/meta-data/",
            "http://[fd00:ec2::254]/latest/meta-data/",
            "https://checkip.amazonaws.com/",
            "https://ip-ranges.amazonaws.com/ip-ranges.json",
            "https://bedrock-mantle.us-east-1.api.aws/v1/models",
            "https://my-lb-123.us-east-1.elb.amazonaws.com/health",
            "https://my-lb-123.elb.us-east-1.amazonaws.com/health",
            "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/index.json",
        ] {
            assert!(asked(url, "aws-sdk-rust/1 api/imds/1").is_of_a_user(), "{url}");
        }
        for url in [
            "https://bedrock.us-east-1.amazonaws.com/x",
            "http://169.254.1.1/",
            "https://checkip.example.com/",
            "https://api.pricing.us-east-1.amazonaws.com/",
            "https://elasticloadbalancing.us-east-1.amazonaws.com/",
            "https://my-lb-123.us-east-1.elb.amazonaws.com/?Action=ListQueues&Version=2012-11-05",
        ] {
            assert!(!asked(url, "aws-sdk-rust/1 api/imds/1").is_of_a_user(), "{url}");
        }
    }

    #[test]
    fn action_and_version_may_be_those_of_a_stranger() {
        let of = |url: &str| asked(url, "x").may_be_of_a_stranger();
        assert!(of("https://alidns.aliyuncs.com/?Action=DescribeDomains&Version=2015-01-09"));
        for url in [
            "http://localhost:4566",
            "http://moto:5000",
            "http://127.0.0.1",
            "http://sqs.internal",
            "https://sqs.us-east-1.amazonaws.com",
        ] {
            assert!(!of(&format!("{url}/?Action=ListQueues&Version=2012-11-05")), "{url}");
        }
        assert!(!asked("https://example.com/?Action=A&Version=2012-11-05", "api/sqs#1").may_be_of_a_stranger());
    }
}

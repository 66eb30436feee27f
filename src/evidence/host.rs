//! What a host name says: whether it is AWS's, which endpoint it is, and what of the user's stands before that.

/// Endings of AWS's host names.
pub(crate) const DOMAINS: &[&str] = &[
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".api.aws",
    ".api.amazonwebservices.com.cn",
    ".amazonaws.eu",
    ".api.amazonwebservices.eu",
    ".c2s.ic.gov",
    ".api.aws.ic.gov",
    ".sc2s.sgov.gov",
    ".api.aws.scloud",
    ".csp.hci.ic.gov",
    ".cloud.adc-e.uk",
    ".amazonaws-us-gov.com",
    ".on.aws",
];

/// Labels of host names that are not an endpoint prefix, with the one that they stand for.
const ALIASES: &[(&str, &str)] = &[
    ("queue", "sqs"),
    ("ddb", "dynamodb"),
    ("control-kinesis", "kinesis"),
    ("data-kinesis", "kinesis"),
    ("s3-accelerate", "s3"),
    ("s3-accesspoint", "s3"),
    ("s3-external-1", "s3"),
    ("s3-global", "s3"),
    ("s3-object-lambda", "s3"),
    ("s3express-control", "s3"),
];

/// Endpoints below which servers of users live, which answer to no API of AWS.
pub(super) const SERVERS_OF_USERS: &[&str] = &[
    "airflow",
    "aoss",
    "appsync-api",
    "appsync-realtime-api",
    "aps-workspaces",
    "cache",
    "cloudsearch",
    "compute",
    "compute-1",
    "docdb",
    "ecr",
    "eks",
    "es",
    "execute-api",
    "grafana-workspace",
    "kafka",
    "lambda-url",
    "mq",
    "rds",
    "redshift",
    "s3-website",
];

/// Endpoints that answer to no API that a model describes. The API of load balancers is at `elasticloadbalancing`.
const WITHOUT_MODEL: &[&str] = &["bedrock-mantle", "checkip", "elb", "email-smtp", "ip-ranges"];

/// How the host begins that hands out lists of prices as files. The API is at `api.pricing`.
const PRICES: &str = "pricing.";

/// Where a machine asks for its own metadata and credentials.
const OF_MACHINES: &[&str] = &["169.254.169.254", "169.254.170.2", "169.254.170.23", "[fd00:ec2::254]"];

/// Whether a host, whose endpoint is that where it is AWS's, answers to no API that a model describes.
pub(super) fn is_without_model(host: &str, endpoint: Option<&str>) -> bool {
    let of_files = || endpoint.is_some() && host.starts_with(PRICES);
    OF_MACHINES.contains(&host) || endpoint.is_some_and(|endpoint| WITHOUT_MODEL.contains(&endpoint)) || of_files()
}

/// Whether a host is one of the public network by its name: no address, nothing within a machine or a cluster.
pub(super) fn is_public(host: &str) -> bool {
    let last = host.rsplit_once('.').map_or("", |(_, last)| last);
    !is_address(host) && !matches!(last, "" | "local" | "localhost" | "internal" | "test" | "invalid" | "example")
}

/// Whether a host is an address in place of a name.
fn is_address(host: &str) -> bool {
    host.contains(':') || host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// What recorders and people write in place of a region that they hide.
const MASKS: &[&str] = &["redacted", "region", "masked", "hidden", "vcr", "xxx", "xxxx", "dummy"];

/// A host name of AWS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Host {
    /// Endpoint prefixes that it may be made of, the likeliest first.
    pub(super) prefixes: Vec<String>,
    /// The endpoint, as reports name it.
    pub(super) endpoint: String,
    /// What stands before the endpoint: a bucket, an account, the id of a user's own resource.
    pub(super) before: String,
}

impl Host {
    /// Reads a host name; `None` where it is not AWS's.
    pub(super) fn of_aws(host: &str) -> Option<Self> {
        let name = DOMAINS.iter().find_map(|domain| host.strip_suffix(domain))?;
        // What stands before S3's label is a bucket, whatever it looks like: `my-bucket-2` has the form of a region.
        let is_s3 = |label: &str| label == "s3" || label.starts_with("s3-") || label.starts_with("s3express-");
        let bucket = name.split('.').collect::<Vec<_>>().iter().rposition(|label| is_s3(label)).unwrap_or(0);
        let stands_for_region =
            |(at, label): &(usize, &str)| *at >= bucket && (is_region(label) || (*at > 0 && is_mask(label)));
        let labels = name.split('.').enumerate().filter(|label| !stands_for_region(label)).map(|(_, label)| label);
        let mut labels: Vec<&str> = labels.filter(|label| *label != "dualstack").collect();
        leave_vpc(&mut labels);
        // `s3-us-west-2` and `cleanrooms-fips` are one label with something at its end.
        if let Some(last) = labels.last_mut() {
            *last = last.strip_suffix("-fips").or_else(|| last.strip_prefix("fips-")).unwrap_or(last);
            *last = without_region(last);
            *last = ALIASES.iter().find(|(alias, _)| alias == last).map_or(last, |(_, meant)| meant);
            if last.starts_with("s3express-") {
                *last = "s3";
            }
        }
        if let [.., "outpost", last @ "s3-outposts"] = &mut labels[..] {
            *last = "s3";
        }
        let mut prefixes: Vec<String> = (0..labels.len()).map(|from| labels[from..].join(".")).collect();
        let endpoint = prefixes.last().cloned().unwrap_or_else(|| host.to_owned());
        match labels[..] {
            // Endpoints of things have a name of the account before them.
            [own, "iot"] if own.ends_with("-ats") => prefixes.insert(0, "data-ats.iot".to_owned()),
            // The last label may be a region that nobody knows.
            [service, _] => prefixes.push(service.to_owned()),
            _ => {}
        }
        let before = labels[..labels.len().saturating_sub(1)].join(".");
        Some(Self { prefixes, endpoint, before })
    }
}

/// Takes out of an endpoint in a private network what says which one it is: `vpce-1a2b.sqs.vpce` is `sqs`. That of S3 has
/// `bucket`, `accesspoint` or `control` before it.
fn leave_vpc(labels: &mut Vec<&str>) {
    if labels.pop_if(|last| *last == "vpce").is_none() {
        return;
    }
    labels.retain(|label| !label.starts_with("vpce-"));
    if let [.., "control", last @ "s3"] = &mut labels[..] {
        *last = "s3-control";
    }
    if let [.., kind @ ("bucket" | "accesspoint" | "control"), "s3" | "s3-control"] = labels[..] {
        labels.retain(|label| *label != kind);
    }
}

/// Whether a label stands for a region that is hidden.
fn is_mask(label: &str) -> bool {
    MASKS.contains(&label) || label.contains(['*', '<', '{', '_', '%'])
}

/// Buckets that a host of one's own may name, the likeliest first; `None` stands for one in the path. A label `s3` says
/// where the endpoint begins; without one the first label may be the bucket.
pub(super) fn buckets(host: &str) -> Vec<Option<&str>> {
    let first = host.split('.').next().unwrap_or_default();
    let endpoint = host.match_indices('.').map(|(at, _)| at).find(|at| {
        let rest = &host[*at..];
        rest.starts_with(".s3.") || rest.starts_with(".s3-") || rest.starts_with(".s3express-")
    });
    match endpoint {
        _ if is_address(host) || first.len() == host.len() => vec![None],
        _ if first == "s3" || first.starts_with("s3-") => vec![None],
        Some(at) => vec![Some(&host[..at]), None],
        None => vec![None, Some(first)],
    }
}

/// `us-east-1`, `eusc-de-east-1`, `us-gov-west-1`; `global` stands in a region's place.
pub(crate) fn is_region(label: &str) -> bool {
    let parts: Vec<&str> = label.split('-').collect();
    let number = parts.last().is_some_and(|last| !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()));
    let partition = parts[0] == "eusc" || (parts[0].len() == 2 && parts[0].bytes().all(|b| b.is_ascii_alphabetic()));
    label == "global" || (parts.len() >= 3 && parts.len() <= 4 && number && partition)
}

pub(crate) fn without_region(label: &str) -> &str {
    label.match_indices('-').find(|(at, _)| is_region(&label[at + 1..])).map_or(label, |(at, _)| &label[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aws(host: &str) -> Host {
        Host::of_aws(host).unwrap_or_else(|| panic!("{host} is AWS's"))
    }

    #[test]
    fn hosts_hold_endpoint_prefixes() {
        let one = |host: &str, prefix: &str| {
            let Host { prefixes, endpoint, before } = aws(host);
            assert_eq!((&prefixes[0][..], &endpoint[..], &before[..]), (prefix, prefix, ""), "{host}");
        };
        one("cleanrooms.us-east-1.amazonaws.com", "cleanrooms");
        one("iam.amazonaws.com", "iam");
        one("cleanrooms-fips.us-gov-west-1.amazonaws.com", "cleanrooms");
        one("us-east-1.queue.amazonaws.com", "sqs");
        one("s3-us-west-2.amazonaws.com", "s3");
        one("s3.dualstack.cn-north-1.amazonaws.com.cn", "s3");
        one("codecatalyst.global.api.aws", "codecatalyst");
        one("vpce-1a2b-3c4d.sqs.us-east-1.vpce.amazonaws.com", "sqs");
        one("sns.redacted.amazonaws.com", "sns");
        one("bedrock-runtime.vcr.amazonaws.com", "bedrock-runtime");
        one("s3express-control.us-west-2.amazonaws.com", "s3");
        assert_eq!(aws("api.ecr.eu-west-1.amazonaws.com").prefixes[..2], ["api.ecr", "ecr"]);
        assert_eq!(aws("sns.mars.amazonaws.com").prefixes, ["sns.mars", "mars", "sns"], "a region that nobody knows");
        assert_eq!(aws("abc-ats.iot.us-east-1.amazonaws.com").prefixes[0], "data-ats.iot");
        assert!(Host::of_aws("localhost").is_none() && Host::of_aws("example.com").is_none());
    }

    #[test]
    fn hosts_of_s3_have_the_bucket_before_them() {
        let bucket = |host: &str, bucket: &str| {
            let Host { endpoint, before, .. } = aws(host);
            assert_eq!((&endpoint[..], &before[..]), ("s3", bucket), "{host}");
        };
        bucket("my.bucket.s3.eu-west-1.amazonaws.com", "my.bucket");
        bucket("my-test-bucket-2.s3.us-west-1.amazonaws.com", "my-test-bucket-2");
        bucket("logs.us-east-1.s3-eu-west-1.amazonaws.com", "logs.us-east-1");
        bucket("s3.xxx.s3.amazonaws.com", "s3.xxx");
        bucket("b.s3-accelerate.dualstack.amazonaws.com", "b");
        bucket("b--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com", "b--use1-az4--x-s3");
        bucket("ap-123456789012.s3-accesspoint.us-east-1.amazonaws.com", "ap-123456789012");
        bucket("ap-123456789012.op-1.outpost.s3-outposts.us-east-1.amazonaws.com", "ap-123456789012.op-1.outpost");
        bucket("b.bucket.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com", "b");
        bucket("bucket.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com", "");
        let control = aws("123456789012.control.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com");
        assert_eq!((&control.endpoint[..], &control.before[..]), ("s3-control", "123456789012"));
        assert_eq!(aws("b.s3-website-us-east-1.amazonaws.com").endpoint, "s3-website", "no API");
    }

    #[test]
    fn hosts_of_one_s_own_may_have_a_bucket() {
        assert_eq!(buckets("b.c.s3.localhost.localstack.cloud"), [Some("b.c"), None]);
        assert_eq!(buckets("s3.eu-central-1.wasabisys.com"), [None]);
        assert_eq!(buckets("b.nyc3.digitaloceanspaces.com"), [None, Some("b")]);
        assert_eq!(buckets("localhost"), [None]);
        assert_eq!(buckets("127.0.0.1"), [None]);
    }
}

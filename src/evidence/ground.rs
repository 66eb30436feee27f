//! [`Ground`]: one reason why an exchange is taken for one of a service.

use std::fmt;

/// One reason, as `list --why` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// `--service` says it.
    User,
    /// The recording names the service.
    Named,
    /// The name of the file begins with an endpoint prefix.
    FileName(String),
    /// A folder around the file is called so.
    Folder(String),
    /// The service alone has an operation of the name.
    Operation(String),
    /// `X-Amz-Target`.
    Target(String),
    /// A path of rpcv2.
    Rpc(String),
    /// The endpoint within the host.
    Host(String),
    /// The scope of the signature.
    Scope(String),
    /// `Action` and `Version`.
    Action(String),
    /// The client's user agent.
    Agent(String),
    /// A header that S3 and servers like it have.
    Header(&'static str),
    /// An ARN in the path.
    Arn(String),
    /// Other exchanges with the same host are of the service.
    SameHost,
    /// Of several services, other exchanges of the recording are of this one.
    Recording,
    /// Of several services, this one's contract is kept best.
    Fit(Vec<String>),
}

impl fmt::Display for Ground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User => f.write_str("--service"),
            Self::Named => f.write_str("named by the recording"),
            Self::FileName(prefix) => write!(f, "file name {prefix}"),
            Self::Folder(name) => write!(f, "folder {name}"),
            Self::Operation(name) => write!(f, "operation {name}"),
            Self::Target(target) => write!(f, "target {target}"),
            Self::Rpc(path) => write!(f, "path {path}"),
            Self::Host(endpoint) => write!(f, "host {endpoint}"),
            Self::Scope(scope) => write!(f, "scope {scope}"),
            Self::Action(action) => write!(f, "action {action}"),
            Self::Agent(agent) => write!(f, "user agent {agent}"),
            Self::Header(name) => write!(f, "header {name}"),
            Self::Arn(service) => write!(f, "ARN {service}"),
            Self::SameHost => f.write_str("other exchanges with the host"),
            Self::Recording => f.write_str("other exchanges of the recording"),
            Self::Fit(services) => write!(f, "best fit of {}", services.join(", ")),
        }
    }
}

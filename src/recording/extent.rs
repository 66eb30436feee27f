//! What a recording keeps of the traffic: how much around a payload, and how much of the payload itself.

/// What a recording holds of the traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Request and response belong together; a missing half was not recorded.
    Exchange,
    /// One payload, without what came before or after it.
    Payload,
}

/// How much of what travelled a recording keeps.
///
/// What a recording cannot show is no breach. Which breaches those are is said in one place, `excuse.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fidelity {
    /// All of it, as it was.
    #[default]
    Exact,
    /// As boto3 returns it: what botocore rewrites on the way is rewritten.
    Objects,
    /// Over HTTP, without the response's headers, which the recorder left out.
    Headless,
    /// Over HTTP, without the request's headers: none is there, or those alone that a test expects.
    HeadlessRequest,
    /// Over HTTP, without the headers of both.
    HeadlessBoth,
    /// Over HTTP, with headers, parameters and values of a request removed or replaced, as its recorder was told.
    Scrubbed,
    /// The same, without the response's headers.
    ScrubbedHeadless,
    /// Over HTTP, as the stub of a mock server: of the request what it matches, of the response the headers that were kept.
    Stub,
    /// As the AWS CLI prints it: pages joined to one, times as the configuration says.
    Printed,
    /// As documentation shows it: written by hand for people, so that times may be in any form.
    Illustrated,
    /// With placeholders for values that change from run to run: `<name:1>`, `timestamp`, `datetime`.
    Placeholders,
    /// As a log keeps it: names begin in lower case, secrets are masked, members and whole payloads are left out, lists
    /// are wrapped, times are in any form.
    Logged,
}

impl Fidelity {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Exact,
        Self::Objects,
        Self::Headless,
        Self::HeadlessRequest,
        Self::HeadlessBoth,
        Self::Scrubbed,
        Self::ScrubbedHeadless,
        Self::Stub,
        Self::Printed,
        Self::Illustrated,
        Self::Placeholders,
        Self::Logged,
    ];
}

//! [`Excuse`]: what recorders and tools do to sound traffic, and so no breach in what they wrote down.
//!
//! This is the one table of it. Which breaches an excuse covers, `contract` says; `tests/it/excuses.rs` holds each to a case in both
//! directions, by an exhaustive match.

use super::Fidelity;

/// Makes the enumeration, so that each variant has its row: what is done, and how much its recordings keep.
macro_rules! excuses {
    ($($(#[$about:meta])+ $name:ident: [$($fidelity:ident),+],)+) => {
        /// One thing that recorders and tools do to sound traffic.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Excuse {
            $($(#[$about])+ $name,)+
        }

        impl Excuse {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// How much is kept by the recordings that it is made for.
            pub const fn by(self) -> &'static [Fidelity] {
                match self {
                    $(Self::$name => &[$(Fidelity::$fidelity),+],)+
                }
            }
        }
    };
}

excuses! {
    /// botocore makes an object of the policy documents of IAM.
    PolicyDecoded: [Objects, Printed, Placeholders],
    /// botocore makes an object of the templates of `CloudFormation`.
    TemplateDecoded: [Objects, Printed, Placeholders],
    /// botocore makes null of the place of a bucket in us-east-1.
    LocationNulled: [Objects, Printed, Placeholders],
    /// botocore adds the place of a bucket, which is null, to an error.
    LocationBesideError: [Objects, Printed, Placeholders],
    /// botocore adds the text of a time beside it.
    ExpiresTwice: [Objects, Printed, Placeholders],
    /// Older releases of placebo write bytes as the text that they are.
    BlobAsText: [Objects],
    /// Headers of the response were not kept, and with them its members that travel there.
    HeaderLeftOut: [Headless, HeadlessBoth, ScrubbedHeadless, Stub],
    /// Headers of the request were not kept, and with them its members that travel there.
    SentHeaderLeftOut: [HeadlessRequest, HeadlessBoth, Scrubbed, ScrubbedHeadless],
    /// A recorder removes parameters of a query string.
    ParameterRemoved: [Scrubbed, ScrubbedHeadless],
    /// A recorder replaces values, and parts of them, by the word CLEARED.
    ValueCleared: [Scrubbed, ScrubbedHeadless],
    /// The header that says an error's code was not kept.
    CodeLeftOut: [Headless, HeadlessBoth, ScrubbedHeadless, Stub],
    /// The header that says an error's code for clients of awsQuery was not kept.
    QueryErrorLeftOut: [Headless, HeadlessBoth, ScrubbedHeadless, Stub],
    /// A stub does not match every header and parameter of a request.
    PartNotMatched: [Stub],
    /// A stub does not match the body of a request.
    BodyNotMatched: [Stub],
    /// The AWS CLI joins pages, so that lists are longer than one page may be.
    PagesJoined: [Printed],
    /// The AWS CLI prints times as they came where its configuration says so, as version 1 does.
    TimeAsItCame: [Printed],
    /// Documentation shows times in any form.
    TimeAsShown: [Illustrated],
    /// Documentation shows blobs in any form.
    BlobAsShown: [Illustrated],
    /// A text, number or time is replaced by a placeholder.
    ValueReplaced: [Placeholders],
    /// A key of a map is replaced by a placeholder.
    KeyReplaced: [Placeholders],
    /// A value is replaced by the name of its member with hyphens.
    NamedAfterMember: [Placeholders],
    /// A value is replaced by the same words throughout, which a test chose.
    NamedByTest: [Placeholders],
    /// Elements that differ are replaced by the same placeholder.
    ItemsReplaced: [Placeholders],
    /// A text that held JSON is kept as what it means.
    TextParsed: [Placeholders],
    /// A text of Step Functions that held a number or boolean in JSON is kept as that.
    DataParsed: [Placeholders],
    /// A test kept something else in place of a list.
    ListMade: [Placeholders],
    /// A test kept something else in place of a structure, union or map.
    ContainerMade: [Placeholders],
    /// Bytes are kept as text, as Python prints them, or as the JSON in them.
    BlobMade: [Placeholders],
    /// Ids of steps that ran side by side are kept as a list.
    IdsSideBySide: [Placeholders],
    /// A log leaves members out.
    MemberLeftOut: [Logged],
    /// A log has null for what it leaves out.
    NullForLeftOut: [Logged],
    /// A log has times in any form.
    TimeLogged: [Logged],
    /// A log has blobs in any form.
    BlobLogged: [Logged],
    /// A log adds members that no client and no service sends.
    MemberOfLog: [Logged],
    /// A log has an empty text for what was left out.
    EmptyForLeftOut: [Logged],
    /// A log cuts texts and lists.
    CutShort: [Logged],
    /// A log leaves out the variant of a union.
    VariantLeftOut: [Logged],
    /// Services of restXml and ec2Query log names that are not the API's.
    OtherNames: [Logged],
    /// A log writes names in another case.
    OtherCase: [Logged],
    /// A log writes numbers and booleans as texts.
    ScalarAsText: [Logged],
    /// A log of a service in XML has texts as the numbers and booleans that they look like.
    TextAsScalar: [Logged],
    /// A log of a service in XML has an empty element as an empty text.
    EmptyAsText: [Logged],
    /// A log of a service in XML has an empty element as an empty object.
    EmptyAsObject: [Logged],
    /// A log of S3 has the parameters of a request as lists of one text.
    ParameterAsList: [Logged],
    /// A log writes the only element of a list in the list's place.
    OnlyElement: [Logged],
    /// A log wraps lists in an object.
    ListWrapped: [Logged],
    /// A log puts masks in place of secrets.
    Masked: [Logged],
    /// A log leaves out a payload that is too large, and says so in its place.
    PayloadOmitted: [Logged],
    /// A log leaves out the one structure that an output consists of, and keeps its members.
    StructureUnwrapped: [Logged],
    /// A log names errors in its own way.
    CodeOfLog: [Logged],
    /// A log keeps too little of an output to tell whose it is.
    OutputOfLog: [Logged],
    /// A log keeps too little of a call to tell which of several services it was made to.
    ServiceOfLog: [Logged],
    /// Not all is kept that would say what should be there as well.
    Incomplete: [Placeholders, Logged],
}

impl Excuse {
    /// Whether recordings that keep so much are excused.
    pub fn holds(self, fidelity: Fidelity) -> bool {
        self.by().contains(&fidelity)
    }

    /// Those of recordings that keep so much.
    pub fn of(fidelity: Fidelity) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |excuse| excuse.holds(fidelity))
    }
}

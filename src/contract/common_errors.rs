//! Errors that operations answer with although they do not declare them.

use super::Contract;
use super::breach::{Acquaintance, BreachKind};
use crate::model::{Fact, Operation, Protocol};

/// Codes that every AWS service may answer with. Sources: the page "Common Error Types" (formerly "Common Errors") that
/// each service's API reference repeats; "Troubleshoot Signature Version 4 requests" of the IAM user guide; and for
/// `SerializationException` and `ValidationException`, which the framework of all JSON services sends, "Error handling with
/// `DynamoDB`". Services of JSON protocols spell some of them with `Exception` at the end.
const OF_ALL: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InternalFailure",
    "InternalServerError",
    "InvalidAction",
    "InvalidClientTokenId",
    "InvalidParameterCombination",
    "InvalidParameterValue",
    "InvalidQueryParameter",
    "InvalidSignatureException",
    "MalformedHttpRequestException",
    "MalformedQueryString",
    "MissingAction",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "MissingParameter",
    "NotAuthorized",
    "OptInRequired",
    "RequestAbortedException",
    "RequestEntityTooLargeException",
    "RequestExpired",
    "RequestTimeout",
    "RequestTimeoutException",
    "RequestTimeTooSkewed",
    "SerializationException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "SignatureDoesNotMatch",
    "Throttling",
    "ThrottlingException",
    "UnknownOperationException",
    "UnrecognizedClientException",
    "ValidationError",
    "ValidationException",
];

/// Codes that say that a request as a whole is not what its protocol writes, or may say so: frameworks of services tell a
/// body that breaks off by the code that they have for any value that is not valid. Sources: those of [`OF_ALL`], and the
/// API references of S3, Route 53, Lambda and API Gateway.
const OF_MALFORMED: &[&str] = &[
    "BadRequest",
    "BadRequestException",
    "IncompleteBody",
    "InvalidInput",
    "InvalidParameterException",
    "InvalidParameterValue",
    "InvalidParameterValueException",
    "InvalidRequest",
    "InvalidRequestContentException",
    "InvalidRequestException",
    "MalformedHttpRequestException",
    "MalformedInput",
    "MalformedPOSTRequest",
    "MalformedQueryString",
    "MalformedXML",
    "MissingRequestBodyError",
    "RequestTimeout",
    "RequestTimeoutException",
    "SerializationException",
    "ValidationError",
    "ValidationException",
];

/// Whether a service may refuse a request by that code because it cannot decode it.
pub(super) fn is_of_malformed(code: &str) -> bool {
    OF_MALFORMED.contains(&code)
}

/// Codes that one service may answer any operation with, which its model does not have. Source: the list of error codes in
/// the page "Error responses" of the Amazon S3 API reference. Where a configuration is not there, or an object was not
/// modified, S3 answers with codes that the list did not have for long: `NoSuchTagSet`, `NotModified` and their like.
const OF_SERVICE: &[(&str, &[&str])] = &[("s3", S3), ("s3control", S3)];

const S3: &[&str] = &[
    "AccountProblem",
    "AllAccessDisabled",
    "AmbiguousGrantByEmailAddress",
    "AuthorizationHeaderMalformed",
    "AuthorizationQueryParametersError",
    "BadDigest",
    "BucketAlreadyExists",
    "BucketAlreadyOwnedByYou",
    "BucketNotEmpty",
    "CredentialsNotSupported",
    "CrossLocationLoggingProhibited",
    "EntityTooLarge",
    "EntityTooSmall",
    "IllegalLocationConstraintException",
    "IllegalVersioningConfigurationException",
    "IncompleteBody",
    "IncorrectNumberOfFilesInPostRequest",
    "InlineDataTooLarge",
    "InternalError",
    "InvalidAccessKeyId",
    "InvalidAccessPoint",
    "InvalidAddressingHeader",
    "InvalidArgument",
    "InvalidBucketName",
    "InvalidBucketState",
    "InvalidDigest",
    "InvalidEncryptionAlgorithmError",
    "InvalidLocationConstraint",
    "InvalidObjectState",
    "InvalidPart",
    "InvalidPartOrder",
    "InvalidPayer",
    "InvalidPolicyDocument",
    "InvalidRange",
    "InvalidRequest",
    "InvalidSOAPRequest",
    "InvalidSecurity",
    "InvalidStorageClass",
    "InvalidTag",
    "InvalidTargetBucketForLogging",
    "InvalidToken",
    "InvalidURI",
    "KeyTooLongError",
    "MalformedACLError",
    "MalformedPOSTRequest",
    "MalformedPolicy",
    "MalformedXML",
    "MaxMessageLengthExceeded",
    "MaxPostPreDataLengthExceededError",
    "MetadataTooLarge",
    "MethodNotAllowed",
    "MissingAttachment",
    "MissingContentLength",
    "MissingRequestBodyError",
    "MissingSecurityElement",
    "MissingSecurityHeader",
    "NoLoggingStatusForKey",
    "NoSuchAccessPoint",
    "NoSuchAccessPointPolicy",
    "NoSuchBucket",
    "NoSuchBucketPolicy",
    "NoSuchCORSConfiguration",
    "NoSuchConfiguration",
    "NoSuchKey",
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "NoSuchTagSet",
    "NoSuchUpload",
    "NoSuchVersion",
    "NoSuchWebsiteConfiguration",
    "NotImplemented",
    "NotModified",
    "NotSignedUp",
    "ObjectLockConfigurationNotFoundError",
    "OperationAborted",
    "OwnershipControlsNotFoundError",
    "PermanentRedirect",
    "PreconditionFailed",
    "Redirect",
    "ReplicationConfigurationNotFoundError",
    "RequestIsNotMultiPartContent",
    "RequestTorrentOfBucketError",
    "RestoreAlreadyInProgress",
    "ServerSideEncryptionConfigurationNotFoundError",
    "SlowDown",
    "TemporaryRedirect",
    "TokenRefreshRequired",
    "TooManyAccessPoints",
    "TooManyBuckets",
    "UnexpectedContent",
    "UnresolvableGrantByEmailAddress",
    "UserKeyMustBeSpecified",
];

impl Contract {
    /// Says that the operation does not declare an error of this code, and what else knows it. A model that declares no
    /// error at all is silent about them.
    pub(super) fn undeclared(
        &self,
        operation: &Operation,
        code: &str,
        protocol: Option<Protocol>,
    ) -> Option<BreachKind> {
        let Fact::Known(declared) = &operation.errors else { return None };
        let shape = self.error_shape(operation, code, protocol);
        if !self.declares_errors(operation) || shape.is_some_and(|shape| declared.contains(shape)) {
            return None;
        }
        let known = match shape {
            Some(_) => Some(Acquaintance::Model),
            None => is_common(&self.service().name, code).then_some(Acquaintance::Common),
        };
        let declared = declared.iter().map(ToString::to_string).collect();
        Some(BreachKind::UndeclaredError { code: code.to_owned(), declared, known })
    }
}

fn is_common(service: &str, code: &str) -> bool {
    let own = OF_SERVICE.iter().filter(|(name, _)| *name == service).flat_map(|(_, codes)| codes.iter());
    OF_ALL.iter().chain(own).any(|common| *common == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_codes_are_common_to_all_services_and_some_to_one() {
        assert!(is_common("dynamodb", "ValidationException") && is_common("s3", "AccessDenied"));
        assert!(is_common("s3", "SlowDown") && !is_common("dynamodb", "SlowDown"));
        assert!(!is_common("s3", "TeapotException"));
    }
}

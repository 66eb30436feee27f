//! Members whose values are credentials although no model marks them sensitive.
//!
//! Decided by hand, member by member, among all that are called like one; `tests/it/credentials.rs` finds those that a new
//! release brings, and lists the false friends with the reasons.

use std::sync::LazyLock;

use foldhash::HashSet;

use super::{Member, Service, ShapeId};

/// Members by service: the structure (`*`: any of the service) and the member. Both lists are in order.
const CREDENTIALS: &[(&str, &[(&str, &str)])] = &[
    ("apigateway", &[("CreateDomainNameRequest", "certificatePrivateKey")]),
    (
        "appflow",
        &[
            ("ConnectorOAuthRequest", "authCode"),
            ("DynatraceConnectorProfileCredentials", "apiToken"),
            ("InforNexusConnectorProfileCredentials", "secretAccessKey"),
            ("*", "refreshToken"),
        ],
    ),
    ("athena", &[("*", "AuthToken")]),
    ("chime", &[("User", "PersonalPIN")]),
    ("cloudhsmv2", &[("Cluster", "PreCoPassword")]),
    ("codebuild", &[("SSMSession", "tokenValue"), ("Webhook", "secret")]),
    ("codepipeline", &[("WebhookAuthConfiguration", "SecretToken")]),
    ("cognito-identity", &[("Credentials", "SessionToken")]),
    ("cognito-idp", &[("DeviceSecretVerifierConfigType", "PasswordVerifier")]),
    ("connect", &[("*", "ConnectionToken"), ("*", "ParticipantToken")]),
    ("connectparticipant", &[("*", "ConnectionToken"), ("*", "ParticipantToken")]),
    ("dataexchange", &[("*", "ApiKey")]),
    ("datazone", &[("AuthorizationCodeProperties", "authorizationCode")]),
    ("devops-agent", &[("*", "authorizationHeader")]),
    ("directconnect", &[("*", "authKey")]),
    ("docdb", &[("*", "MasterUserPassword")]),
    ("ecr", &[("AuthorizationData", "authorizationToken")]),
    ("ecr-public", &[("AuthorizationData", "authorizationToken")]),
    ("eks", &[("License", "token")]),
    ("elasticache", &[("*", "AuthToken")]),
    ("elbv2", &[("AuthenticateOidcActionConfig", "ClientSecret")]),
    (
        "emr",
        &[
            ("KerberosAttributes", "ADDomainJoinPassword"),
            ("KerberosAttributes", "CrossRealmTrustPrincipalPassword"),
            ("KerberosAttributes", "KdcAdminPassword"),
        ],
    ),
    ("evs", &[("GetDepotUrlResponse", "token")]),
    ("firehose", &[("*", "HECToken")]),
    ("gamelift", &[("GetComputeAuthTokenOutput", "AuthToken"), ("PlayerConnectionDetail", "PlayerGatewayToken")]),
    ("glue", &[("*", "AuthToken")]),
    ("grafana", &[("*", "grafanaToken")]),
    ("iam", &[("*", "AuthenticationCode1"), ("*", "AuthenticationCode2")]),
    ("invoicing", &[("*", "ProcurementPortalSharedSecret")]),
    (
        "iot",
        &[
            ("ConfirmTopicRuleDestinationRequest", "confirmationToken"),
            ("MqttContext", "password"),
            ("SalesforceAction", "token"),
            ("TestInvokeAuthorizerRequest", "token"),
            ("TestInvokeAuthorizerRequest", "tokenSignature"),
        ],
    ),
    ("kendra", &[("UserContext", "Token")]),
    ("kinesis-video-signaling", &[("IceServer", "Password")]),
    ("kms", &[("*", "GrantToken")]),
    ("lakeformation", &[("*", "SecretAccessKey"), ("*", "SessionToken")]),
    (
        "license-manager",
        &[
            ("CheckoutBorrowLicenseResponse", "SignedToken"),
            ("CheckoutLicenseResponse", "SignedToken"),
            ("CreateTokenResponse", "Token"),
            ("GetAccessTokenRequest", "Token"),
            ("GetAccessTokenResponse", "AccessToken"),
        ],
    ),
    ("managedblockchain", &[("*", "BillingToken")]),
    ("medialive", &[("HlsAkamaiSettings", "Token")]),
    ("meteringmarketplace", &[("ResolveCustomerRequest", "RegistrationToken")]),
    ("mq", &[("*", "Password"), ("LdapServerMetadataInput", "ServiceAccountPassword")]),
    ("neptune", &[("*", "MasterUserPassword")]),
    ("odb", &[("AcceptMarketplaceRegistrationInput", "marketplaceRegistrationToken")]),
    (
        "pinpoint",
        &[
            ("*", "ApiKey"),
            ("*", "ClientSecret"),
            ("*", "PrivateKey"),
            ("*", "SecretKey"),
            ("*", "TokenKey"),
            ("BaiduChannelResponse", "Credential"),
            ("GCMChannelResponse", "Credential"),
            ("VerifyOTPMessageRequestParameters", "Otp"),
        ],
    ),
    ("quicksight", &[("CredentialPair", "Password"), ("WebProxyCredentials", "WebProxyPassword")]),
    ("redshift", &[("CreateHsmConfigurationMessage", "HsmPartitionPassword")]),
    ("sagemaker", &[("StartSessionResponse", "TokenValue")]),
    ("securityhub", &[("*", "MasterUserPassword"), ("RegisterConnectorV2Request", "AuthCode")]),
    ("securitylake", &[("HttpsNotificationConfiguration", "authorizationApiKeyValue")]),
    ("signin", &[("CreateOAuth2TokenResponseBody", "idToken")]),
    ("sns", &[("ConfirmSubscriptionInput", "Token"), ("VerifySMSSandboxPhoneNumberInput", "OneTimePassword")]),
    ("socialmessaging", &[("WhatsAppSignupCallback", "accessToken")]),
    ("ssm", &[("*", "TokenValue")]),
    ("sts", &[("*", "TokenCode"), ("Credentials", "SessionToken")]),
    ("taxsettings", &[("TaxDocumentMetadata", "taxDocumentAccessToken")]),
    ("wafv2", &[("*", "APIKey")]),
    ("wickr", &[("*", "accessToken"), ("*", "idToken"), ("*", "refreshToken")]),
    ("workmail", &[("AssumeImpersonationRoleResponse", "Token")]),
];

/// The names of all such members. Hardly any other member is called like one.
static NAMES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| CREDENTIALS.iter().flat_map(|(_, members)| *members).map(|(_, name)| *name).collect());

impl Service {
    /// Whether the value of a structure's member is a credential that the model does not mark sensitive.
    pub fn is_credential(&self, structure: &ShapeId, member: &Member) -> bool {
        if !NAMES.contains(member.name.as_str()) {
            return false;
        }
        let Ok(at) = CREDENTIALS.binary_search_by_key(&self.name.as_str(), |(service, _)| service) else {
            return false;
        };
        let is_it =
            |(holder, name): &(&str, &str)| *name == member.name && (*holder == "*" || *holder == structure.as_str());
        CREDENTIALS[at].1.iter().any(is_it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_in_order() {
        assert!(CREDENTIALS.is_sorted_by(|a, b| a.0 < b.0));
    }
}

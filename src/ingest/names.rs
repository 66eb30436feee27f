//! The canonical names of services.
//!
//! The canonical name of a service is the name of botocore's folder: the hyphenated service id, but for a table of
//! exceptions. Fingerprints, reports and pairs of an upgrade use it, whatever language a model is in and whatever its file
//! is called.

use crate::text::{AMONG_MANY, nearest};

/// Service ids whose folder in botocore is not the hyphenated id, sorted by id.
///
/// SOURCE: names alone, from `metadata.serviceId` and the folders of the wheels of botocore 1.10.84, 1.13.0, 1.20.0,
/// 1.24.0, 1.29.17, 1.35.43, 1.40.0, 1.44.5 and 1.44.8 (Apache-2.0). None of them gives an id two names, but for
/// `Pinpoint SMS Voice`: its folders `pinpoint-sms-voice` and `sms-voice` hold the same model, and the rule names the first.
const FOLDERS: &[(&str, &str)] = &[
    ("API Gateway", "apigateway"),
    ("Alexa For Business", "alexaforbusiness"),
    ("App Mesh", "appmesh"),
    ("Application Auto Scaling", "application-autoscaling"),
    ("Application Discovery Service", "discovery"),
    ("Auto Scaling", "autoscaling"),
    ("Auto Scaling Plans", "autoscaling-plans"),
    ("CloudHSM V2", "cloudhsmv2"),
    ("CloudSearch Domain", "cloudsearchdomain"),
    ("CloudWatch Events", "events"),
    ("CloudWatch Logs", "logs"),
    ("Cognito Identity Provider", "cognito-idp"),
    ("Config Service", "config"),
    ("Cost Explorer", "ce"),
    ("Cost and Usage Report Service", "cur"),
    ("Data Pipeline", "datapipeline"),
    ("Database Migration Service", "dms"),
    ("Device Farm", "devicefarm"),
    ("Direct Connect", "directconnect"),
    ("Directory Service", "ds"),
    ("Directory Service Data", "ds-data"),
    ("DynamoDB Streams", "dynamodbstreams"),
    ("Elastic Beanstalk", "elasticbeanstalk"),
    ("Elastic Load Balancing", "elb"),
    ("Elastic Load Balancing v2", "elbv2"),
    ("Elastic Transcoder", "elastictranscoder"),
    ("Elasticsearch Service", "es"),
    ("EventBridge", "events"),
    ("Global Accelerator", "globalaccelerator"),
    ("IoT 1Click Devices Service", "iot1click-devices"),
    ("IoT 1Click Projects", "iot1click-projects"),
    ("IoT Data Plane", "iot-data"),
    ("IoT Events", "iotevents"),
    ("IoT Events Data", "iotevents-data"),
    ("IoT Jobs Data Plane", "iot-jobs-data"),
    ("IoT Wireless", "iotwireless"),
    ("Kinesis Analytics", "kinesisanalytics"),
    ("Kinesis Analytics V2", "kinesisanalyticsv2"),
    ("Kinesis Video", "kinesisvideo"),
    ("Lex Model Building Service", "lex-models"),
    ("Lex Models V2", "lexv2-models"),
    ("Lex Runtime Service", "lex-runtime"),
    ("Lex Runtime V2", "lexv2-runtime"),
    ("Machine Learning", "machinelearning"),
    ("Marketplace Commerce Analytics", "marketplacecommerceanalytics"),
    ("Marketplace Entitlement Service", "marketplace-entitlement"),
    ("Marketplace Metering", "meteringmarketplace"),
    ("Migration Hub", "mgh"),
    ("Resource Groups Tagging API", "resourcegroupstaggingapi"),
    ("Route 53", "route53"),
    ("Route 53 Domains", "route53domains"),
    ("S3 Control", "s3control"),
    ("SFN", "stepfunctions"),
    ("Secrets Manager", "secretsmanager"),
    ("ServerlessApplicationRepository", "serverlessrepo"),
    ("Service Catalog", "servicecatalog"),
    ("Service Catalog AppRegistry", "servicecatalog-appregistry"),
    ("SimpleDB", "sdb"),
    ("Storage Gateway", "storagegateway"),
];

/// The canonical name of the service with that id, such as `apigateway` for `API Gateway`. The hyphenated id gives the
/// same name.
pub fn canonical(service_id: &str) -> String {
    exception(service_id).map_or_else(|| hyphenated(service_id), str::to_owned)
}

/// The folder of a service whose folder is not its hyphenated id.
pub(super) fn exception(service_id: &str) -> Option<&'static str> {
    // No copies: names that are not known are looked up for every exchange that has one.
    let letter = |byte: u8| if byte == b' ' { b'-' } else { byte.to_ascii_lowercase() };
    let is_same = |id: &str| id.len() == service_id.len() && id.bytes().map(letter).eq(service_id.bytes().map(letter));
    FOLDERS.iter().find(|(id, _)| is_same(id)).map(|(_, folder)| *folder)
}

/// A service id as botocore names most of its folders.
pub(super) fn hyphenated(service_id: &str) -> String {
    service_id.replace(' ', "-").to_lowercase()
}

/// The service that was probably meant by a name that none of them has. A name that goes on where another ends may well be
/// right, as `timestream-query` is beside `timestream`; one letter more is a slip.
pub(crate) fn meant_by<'s>(name: &str, services: impl Iterator<Item = &'s str>) -> Option<&'s str> {
    let name = hyphenated(name);
    let goes_on = |service: &&str| {
        let service = hyphenated(service);
        let more = name.strip_prefix(&service).or_else(|| service.strip_prefix(&name)?.strip_prefix('-'));
        more.is_some_and(|more| more.len() > 1)
    };
    nearest(&name, services.filter(|service| !goes_on(service)), AMONG_MANY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_goes_on_is_a_name_of_its_own() {
        let meant = |name| meant_by(name, ["cleanrooms", "timestream", "Thing Store", "dynamodb"].into_iter());
        for name in ["timestream-query", "cleanroomsml", "thing", "dynamodbstreams", "s3"] {
            assert_eq!(meant(name), None, "{name}");
        }
        for (name, service) in [
            ("cleanroms", "cleanrooms"),
            ("cleanroomss", "cleanrooms"),
            ("thing-stor", "Thing Store"),
            ("dynamdb", "dynamodb"),
        ] {
            assert_eq!(meant(name), Some(service), "{name}");
        }
    }

    #[test]
    fn a_service_is_named_like_its_folder_in_botocore() {
        for (id, name) in [
            ("API Gateway", "apigateway"),
            ("api-gateway", "apigateway"),
            ("SFN", "stepfunctions"),
            ("CloudWatch Events", "events"),
            ("EventBridge", "events"),
            ("CleanRooms", "cleanrooms"),
            ("BCM Recommended Actions", "bcm-recommended-actions"),
            ("Pinpoint SMS Voice", "pinpoint-sms-voice"),
        ] {
            assert_eq!(canonical(id), name, "{id}");
        }
    }

    #[test]
    fn the_table_is_sorted_and_holds_exceptions_alone() {
        assert!(FOLDERS.windows(2).all(|pair| pair[0].0 < pair[1].0), "sorted, and no id twice");
        for (id, folder) in FOLDERS {
            assert_ne!(hyphenated(id), *folder, "{id}: the rule gives this name anyway");
            assert_eq!(canonical(folder), *folder, "a name is its own name");
        }
    }
}

//! Outputs of the SDK → values. What is not there is left out, as in a response.

use aws_sdk_cleanrooms::types::{
    Membership, MembershipProtectedQueryOutputConfiguration, MembershipProtectedQueryResultConfiguration,
    ProtectedQuery, ProtectedQueryOutput, ProtectedQueryOutputConfiguration, ProtectedQueryResult,
    ProtectedQueryResultConfiguration, ProtectedQueryS3OutputConfiguration, ProtectedQuerySqlParameters,
};
use serde_json::{Map, Value, json};

pub(crate) fn membership(own: &Membership) -> Value {
    object([
        ("id", Some(own.id().into())),
        ("arn", Some(own.arn().into())),
        ("collaborationArn", Some(own.collaboration_arn().into())),
        ("collaborationId", Some(own.collaboration_id().into())),
        ("collaborationCreatorAccountId", Some(own.collaboration_creator_account_id().into())),
        ("collaborationCreatorDisplayName", Some(own.collaboration_creator_display_name().into())),
        ("collaborationName", Some(own.collaboration_name().into())),
        ("createTime", Some(own.create_time().as_secs_f64().into())),
        ("updateTime", Some(own.update_time().as_secs_f64().into())),
        ("status", Some(own.status().as_str().into())),
        ("memberAbilities", Some(own.member_abilities().iter().map(|one| one.as_str()).collect())),
        ("queryLogStatus", Some(own.query_log_status().as_str().into())),
        ("defaultResultConfiguration", own.default_result_configuration().map(default_result)),
    ])
}

fn default_result(own: &MembershipProtectedQueryResultConfiguration) -> Value {
    let output = own.output_configuration().map(|output| match output {
        MembershipProtectedQueryOutputConfiguration::S3(s3) => json!({"s3": s3_configuration(s3)}),
        other => json!(format!("{other:?}")),
    });
    object([("outputConfiguration", output), ("roleArn", own.role_arn().map(Into::into))])
}

fn s3_configuration(own: &ProtectedQueryS3OutputConfiguration) -> Value {
    object([
        ("resultFormat", Some(own.result_format().as_str().into())),
        ("bucket", Some(own.bucket().into())),
        ("keyPrefix", own.key_prefix().map(Into::into)),
    ])
}

pub(crate) fn protected_query(own: &ProtectedQuery) -> Value {
    let statistics = own
        .statistics()
        .map(|statistics| object([("totalDurationInMillis", statistics.total_duration_in_millis().map(Into::into))]));
    let error = own.error().map(|error| json!({"message": error.message(), "code": error.code()}));
    object([
        ("id", Some(own.id().into())),
        ("membershipId", Some(own.membership_id().into())),
        ("membershipArn", Some(own.membership_arn().into())),
        ("createTime", Some(own.create_time().as_secs_f64().into())),
        ("sqlParameters", own.sql_parameters().map(sql_parameters)),
        ("status", Some(own.status().as_str().into())),
        ("resultConfiguration", own.result_configuration().map(result_configuration)),
        ("statistics", statistics),
        ("result", own.result().map(result)),
        ("error", error),
    ])
}

fn sql_parameters(own: &ProtectedQuerySqlParameters) -> Value {
    let parameters = own.parameters().map(|all| all.iter().map(|(key, value)| (key.clone(), json!(value))).collect());
    object([
        ("queryString", own.query_string().map(Into::into)),
        ("analysisTemplateArn", own.analysis_template_arn().map(Into::into)),
        ("parameters", parameters.map(Value::Object)),
    ])
}

fn result_configuration(own: &ProtectedQueryResultConfiguration) -> Value {
    let output = own.output_configuration().map(|output| match output {
        ProtectedQueryOutputConfiguration::S3(s3) => json!({"s3": s3_configuration(s3)}),
        other => json!(format!("{other:?}")),
    });
    object([("outputConfiguration", output)])
}

fn result(own: &ProtectedQueryResult) -> Value {
    let output = own.output().map(|output| match output {
        ProtectedQueryOutput::S3(s3) => json!({"s3": {"location": s3.location()}}),
        ProtectedQueryOutput::MemberList(members) => {
            let members: Vec<Value> = members.iter().map(|one| json!({"accountId": one.account_id()})).collect();
            json!({"memberList": members})
        }
        other => json!(format!("{other:?}")),
    });
    object([("output", output)])
}

fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let there = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(there.collect::<Map<_, _>>())
}

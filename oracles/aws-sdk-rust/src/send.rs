//! Values → inputs of the SDK.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Debug;

use aws_sdk_cleanrooms::Client;
use aws_sdk_cleanrooms::error::SdkError;
use aws_sdk_cleanrooms::types::{
    MembershipProtectedQueryOutputConfiguration, MembershipProtectedQueryResultConfiguration,
    ProtectedQueryOutputConfiguration, ProtectedQueryResultConfiguration, ProtectedQueryS3OutputConfiguration,
    ProtectedQuerySqlParameters,
};
use serde_json::{Value, json};

use crate::output::{membership, protected_query};

/// Calls the operation and tells what came back.
pub(crate) async fn send(client: &Client, operation: &str, input: &Value) -> Result<Value, String> {
    let text = |name: &str| input[name].as_str().map(str::to_owned);
    let enumerated = |name: &str| input[name].as_str();
    match operation {
        "CreateMembership" => {
            let call = client
                .create_membership()
                .set_collaboration_identifier(text("collaborationIdentifier"))
                .set_query_log_status(enumerated("queryLogStatus").map(Into::into))
                .set_tags(texts(&input["tags"]))
                .set_default_result_configuration(default_result(&input["defaultResultConfiguration"])?);
            let output = call.send().await.map_err(told)?;
            Ok(json!({"membership": output.membership().map(membership)}))
        }
        "GetMembership" => {
            let call = client.get_membership().set_membership_identifier(text("membershipIdentifier"));
            let output = call.send().await.map_err(told)?;
            Ok(json!({"membership": output.membership().map(membership)}))
        }
        "UpdateMembership" => {
            let call = client
                .update_membership()
                .set_membership_identifier(text("membershipIdentifier"))
                .set_query_log_status(enumerated("queryLogStatus").map(Into::into))
                .set_default_result_configuration(default_result(&input["defaultResultConfiguration"])?);
            let output = call.send().await.map_err(told)?;
            Ok(json!({"membership": output.membership().map(membership)}))
        }
        "GetProtectedQuery" => {
            let call = client
                .get_protected_query()
                .set_membership_identifier(text("membershipIdentifier"))
                .set_protected_query_identifier(text("protectedQueryIdentifier"));
            let output = call.send().await.map_err(told)?;
            Ok(json!({"protectedQuery": output.protected_query().map(protected_query)}))
        }
        "StartProtectedQuery" => {
            let call = client
                .start_protected_query()
                .set_type(enumerated("type").map(Into::into))
                .set_membership_identifier(text("membershipIdentifier"))
                .set_sql_parameters(sql_parameters(&input["sqlParameters"]))
                .set_result_configuration(result(&input["resultConfiguration"])?);
            let output = call.send().await.map_err(told)?;
            Ok(json!({"protectedQuery": output.protected_query().map(protected_query)}))
        }
        "UpdateProtectedQuery" => {
            let call = client
                .update_protected_query()
                .set_membership_identifier(text("membershipIdentifier"))
                .set_protected_query_identifier(text("protectedQueryIdentifier"))
                .set_target_status(enumerated("targetStatus").map(Into::into));
            let output = call.send().await.map_err(told)?;
            Ok(json!({"protectedQuery": output.protected_query().map(protected_query)}))
        }
        other => Err(format!("{other} is none of the documented operations")),
    }
}

/// An error with what it comes from.
fn told<E: Error + Debug + 'static, R: Debug + 'static>(error: SdkError<E, R>) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(&format!(": {inner}"));
        source = inner.source();
    }
    text
}

fn texts(value: &Value) -> Option<HashMap<String, String>> {
    let entries = value.as_object()?.iter();
    Some(entries.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect())
}

fn default_result(value: &Value) -> Result<Option<MembershipProtectedQueryResultConfiguration>, String> {
    if value.is_null() {
        return Ok(None);
    }
    let output = s3(&value["outputConfiguration"]["s3"])?.map(MembershipProtectedQueryOutputConfiguration::S3);
    Ok(Some(
        MembershipProtectedQueryResultConfiguration::builder()
            .set_output_configuration(output)
            .set_role_arn(value["roleArn"].as_str().map(str::to_owned))
            .build(),
    ))
}

fn result(value: &Value) -> Result<Option<ProtectedQueryResultConfiguration>, String> {
    if value.is_null() {
        return Ok(None);
    }
    let output = s3(&value["outputConfiguration"]["s3"])?.map(ProtectedQueryOutputConfiguration::S3);
    Ok(Some(ProtectedQueryResultConfiguration::builder().set_output_configuration(output).build()))
}

fn s3(value: &Value) -> Result<Option<ProtectedQueryS3OutputConfiguration>, String> {
    if value.is_null() {
        return Ok(None);
    }
    ProtectedQueryS3OutputConfiguration::builder()
        .set_result_format(value["resultFormat"].as_str().map(Into::into))
        .set_bucket(value["bucket"].as_str().map(str::to_owned))
        .set_key_prefix(value["keyPrefix"].as_str().map(str::to_owned))
        .build()
        .map(Some)
        .map_err(|error| error.to_string())
}

fn sql_parameters(value: &Value) -> Option<ProtectedQuerySqlParameters> {
    value.as_object()?;
    Some(
        ProtectedQuerySqlParameters::builder()
            .set_query_string(value["queryString"].as_str().map(str::to_owned))
            .set_analysis_template_arn(value["analysisTemplateArn"].as_str().map(str::to_owned))
            .set_parameters(texts(&value["parameters"]))
            .build(),
    )
}

//! How services that went from awsQuery to another protocol are written in awsQuery, which they still answer.
//!
//! botocore's models of today leave it out. It stands in the models of the service that AWS publishes as Smithy
//! (`xmlName` of members, keys and values; `awsQueryError`), and in botocore's own models from before the change.

use crate::model::{Fact, Protocol, Service, Shape, ShapeKind, Structure};

/// What one service is called in awsQuery.
struct Names {
    service_id: &'static str,
    /// Lists and maps with the name that each element or entry has; all stand without an element around them.
    entries: &'static [(&'static str, &'static str)],
    /// Maps whose keys and values have names of their own, with these.
    maps: &'static [(&'static str, &'static str, &'static str)],
    /// Errors with codes and statuses.
    errors: &'static [(&'static str, &'static str, u16)],
}

const KNOWN: &[Names] = &[Names {
    service_id: "SQS",
    entries: &[
        ("AWSAccountIdList", "AWSAccountId"),
        ("ActionNameList", "ActionName"),
        ("AttributeNameList", "AttributeName"),
        ("BatchResultErrorEntryList", "BatchResultErrorEntry"),
        ("BinaryList", "BinaryListValue"),
        ("ChangeMessageVisibilityBatchRequestEntryList", "ChangeMessageVisibilityBatchRequestEntry"),
        ("ChangeMessageVisibilityBatchResultEntryList", "ChangeMessageVisibilityBatchResultEntry"),
        ("DeleteMessageBatchRequestEntryList", "DeleteMessageBatchRequestEntry"),
        ("DeleteMessageBatchResultEntryList", "DeleteMessageBatchResultEntry"),
        ("ListMessageMoveTasksResultEntryList", "ListMessageMoveTasksResultEntry"),
        ("MessageAttributeNameList", "MessageAttributeName"),
        ("MessageBodyAttributeMap", "MessageAttribute"),
        ("MessageBodySystemAttributeMap", "MessageSystemAttribute"),
        ("MessageList", "Message"),
        ("MessageSystemAttributeList", "AttributeName"),
        ("MessageSystemAttributeMap", "Attribute"),
        ("QueueAttributeMap", "Attribute"),
        ("QueueUrlList", "QueueUrl"),
        ("SendMessageBatchRequestEntryList", "SendMessageBatchRequestEntry"),
        ("SendMessageBatchResultEntryList", "SendMessageBatchResultEntry"),
        ("StringList", "StringListValue"),
        ("TagKeyList", "TagKey"),
        ("TagMap", "Tag"),
    ],
    maps: &[
        ("MessageBodyAttributeMap", "Name", "Value"),
        ("MessageBodySystemAttributeMap", "Name", "Value"),
        ("MessageSystemAttributeMap", "Name", "Value"),
        ("QueueAttributeMap", "Name", "Value"),
        ("TagMap", "Key", "Value"),
    ],
    errors: &[
        ("BatchEntryIdsNotDistinct", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", 400),
        ("BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong", 400),
        ("EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest", 400),
        ("InvalidAddress", "InvalidAddress", 404),
        ("InvalidBatchEntryId", "AWS.SimpleQueueService.InvalidBatchEntryId", 400),
        ("InvalidSecurity", "InvalidSecurity", 403),
        ("KmsAccessDenied", "KMS.AccessDeniedException", 400),
        ("KmsDisabled", "KMS.DisabledException", 400),
        ("KmsInvalidKeyUsage", "KMS.InvalidKeyUsageException", 400),
        ("KmsInvalidState", "KMS.InvalidStateException", 400),
        ("KmsNotFound", "KMS.NotFoundException", 400),
        ("KmsOptInRequired", "KMS.OptInRequired", 403),
        ("KmsThrottled", "KMS.ThrottlingException", 400),
        ("MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight", 400),
        ("OverLimit", "OverLimit", 403),
        ("PurgeQueueInProgress", "AWS.SimpleQueueService.PurgeQueueInProgress", 403),
        ("QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently", 400),
        ("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", 400),
        ("QueueNameExists", "QueueAlreadyExists", 400),
        ("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", 404),
        ("RequestThrottled", "RequestThrottled", 403),
        ("ResourceNotFoundException", "ResourceNotFoundException", 404),
        ("TooManyEntriesInBatchRequest", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", 400),
        ("UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation", 400),
    ],
}];

/// The service as clients of awsQuery see it; unknown where nothing says how it is written.
pub(super) fn in_query(service: &Service, service_id: Option<&str>) -> Fact<Box<Service>> {
    let Some(names) = KNOWN.iter().find(|names| Some(names.service_id) == service_id) else { return Fact::Unknown };
    let mut service = service.clone();
    service.protocols = Fact::Known(vec![Protocol::AwsQuery]);
    for operation in service.operations.values_mut() {
        operation.result_wrapper = operation.output.as_ref().map(|_| format!("{}Result", operation.name));
    }
    service.shapes.values_mut().for_each(|shape| names.give(shape));
    Fact::Known(Box::new(service))
}

impl Names {
    fn give(&self, shape: &mut Shape) {
        let id = shape.id.as_str().to_owned();
        match &mut shape.kind {
            ShapeKind::Structure(structure) => self.give_members(&id, structure),
            ShapeKind::List(list) => list.wire_name = self.entry(&id).map(str::to_owned),
            ShapeKind::Map(map) => {
                if let Some((_, key, value)) = self.maps.iter().find(|(map, ..)| *map == id) {
                    map.wire_names = (Some((*key).to_owned()), Some((*value).to_owned()));
                }
            }
            _ => {}
        }
    }

    fn give_members(&self, id: &str, structure: &mut Structure) {
        for member in &mut structure.members {
            if let Some(name) = self.entry(member.target.as_str()) {
                member.wire_name = Some(name.to_owned());
                member.xml.flattened = true;
            }
        }
        if let Some(error) = &mut structure.error
            && let Some((_, code, status)) = self.errors.iter().find(|(error, ..)| *error == id)
        {
            error.code = Some((*code).to_owned());
            error.status = Some(*status);
        }
    }

    fn entry(&self, shape: &str) -> Option<&'static str> {
        self.entries.iter().find(|(own, _)| *own == shape).map(|(_, name)| *name)
    }
}

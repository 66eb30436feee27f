//! Values → parameters of a form, for the requests of the query protocols.

use serde_json::{Map, Value};

use super::{Encoded, Half, percent_encoded, text, unwritable};
use crate::model::{Encoding, Service, Shape, ShapeId, ShapeKind, Structure};
use crate::protocol::form::Naming;

/// The form of a request: its action, its version, its parameters.
pub(super) fn form(half: &Half<'_>, naming: Naming) -> Encoded<String> {
    let Some(version) = half.service.api_version.known() else { return unwritable("the version is not known") };
    let mut form = Parameters { service: half.service, naming, pairs: Vec::new() };
    form.add("Action", &half.operation.name);
    form.add("Version", version);
    form.members(half.structure, half.members, "")?;
    Ok(form.pairs.join("&"))
}

struct Parameters<'m> {
    service: &'m Service,
    naming: Naming,
    pairs: Vec<String>,
}

impl<'m> Parameters<'m> {
    fn add(&mut self, name: &str, value: &str) {
        self.pairs.push(format!("{}={}", percent_encoded(name), percent_encoded(value)));
    }

    fn members(&mut self, structure: &Structure, members: &Map<String, Value>, prefix: &str) -> Encoded<()> {
        for (key, value) in members {
            let member = structure.member_of_key(key, Encoding::Wire);
            let Some(member) = member else { return unwritable(format!("`{key}` is not a member")) };
            let shape = self.shape(&member.target)?;
            let [name, _] = self.naming.of_member(member, shape);
            let flattened = member.is_flattened(shape);
            self.value(shape, flattened, value, &format!("{prefix}{name}"))?;
        }
        Ok(())
    }

    fn value(&mut self, shape: &Shape, flattened: bool, value: &Value, name: &str) -> Encoded<()> {
        match (&shape.kind, value) {
            (ShapeKind::Structure(_) | ShapeKind::Map(_), Value::Object(members)) if members.is_empty() => {
                self.add(name, "");
            }
            (ShapeKind::List(_), Value::Array(items)) if items.is_empty() => self.add(name, ""),
            (ShapeKind::Structure(structure), Value::Object(members)) => {
                self.members(structure, members, &format!("{name}."))?;
            }
            (ShapeKind::List(list), Value::Array(items)) => {
                let wrapped = self.naming == Naming::Query && !flattened;
                let word = if wrapped { list.element() } else { "" };
                let prefix = if wrapped { format!("{name}.{word}") } else { name.to_owned() };
                let shape = self.shape(&list.target)?;
                for (index, item) in items.iter().enumerate() {
                    self.value(shape, shape.xml.flattened, item, &format!("{prefix}.{}", index + 1))?;
                }
            }
            (ShapeKind::Map(map), Value::Object(entries)) => {
                let prefix = if flattened { name.to_owned() } else { format!("{name}.entry") };
                let (key_name, value_name) = map.elements();
                let shape = self.shape(&map.value)?;
                for (index, (key, value)) in entries.iter().enumerate() {
                    let entry = format!("{prefix}.{}", index + 1);
                    self.add(&format!("{entry}.{key_name}"), key);
                    self.value(shape, shape.xml.flattened, value, &format!("{entry}.{value_name}"))?;
                }
            }
            (ShapeKind::Structure(_) | ShapeKind::List(_) | ShapeKind::Map(_), _) => {
                return unwritable("its type is another");
            }
            (_, scalar) => self.add(name, &text(scalar)?),
        }
        Ok(())
    }

    fn shape(&self, id: &ShapeId) -> Encoded<&'m Shape> {
        self.service.shape(id).map_or_else(|| unwritable("its shape is not known"), Ok)
    }
}

//! Drawing one payload.

use serde_json::{Map, Value};

use super::program::{Node, NodeId, Program, Structure};
use super::scalar;
use super::source::Source;
use super::text::Carrier;
use super::wish::{Extra, NOTHING, Wish};

/// From this depth on only what must be there is there, or recursive shapes would never end.
const DEEP: u32 = 6;
/// Most elements of a list or map, where its bounds do not ask for more.
const MANY: u64 = 4;
/// Up to so many elements, the most that a list or map may have is tried too.
const FEW_ENOUGH: u64 = 16;
/// How often a new key is drawn before a map counts as full.
const KEY_TRIES: u64 = 64;
/// So many keys of a map differ in length alone.
const READABLE_KEYS: usize = 8;

/// Where a value stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stand {
    pub(super) carrier: Carrier,
    depth: u32,
}

impl Stand {
    /// The place of a member or element.
    pub(super) fn below(self, carrier: Option<Carrier>) -> Self {
        Self { carrier: carrier.unwrap_or(self.carrier), depth: self.depth + 1 }
    }

    fn is_deep(self) -> bool {
        self.depth >= DEEP
    }
}

impl Program {
    /// A payload that fulfils the wish; `None` where it cannot be fulfilled.
    pub(super) fn draw(&self, wish: &Wish, source: &mut Source) -> Option<Value> {
        self.value(self.root, wish, Stand::default(), source)
    }

    /// The simplest value of a node; `None` where it has none.
    pub(super) fn simplest(&self, id: NodeId, carrier: Carrier) -> Option<Value> {
        self.plainest(id, &NOTHING, carrier)
    }

    /// The simplest value of a node that fulfils the wish; `None` where there is none.
    pub(super) fn plainest(&self, id: NodeId, wish: &Wish, carrier: Carrier) -> Option<Value> {
        self.value(id, wish, Stand { carrier, depth: DEEP }, &mut Source::simplest())
    }

    pub(super) fn value(&self, id: NodeId, wish: &Wish, stand: Stand, source: &mut Source) -> Option<Value> {
        self.height(id)?;
        if let Some(value) = &wish.value {
            return Some(value.clone());
        }
        match self.node(id) {
            Node::Any(loose) => Some(scalar::anything(*loose, source)),
            Node::Boolean => Some(source.once_in(2).into()),
            Node::Integer { min, max } => Some(scalar::integer(*min, *max, source)),
            Node::Number { min, max, texts } => Some(scalar::number(min.as_ref(), max.as_ref(), texts, source)),
            Node::Text(text) => text.draw(stand.carrier, source).map(Value::String),
            Node::Enum(values) => Some(source.of(values).clone().into()),
            Node::Blob { min, max } => scalar::blob(*min, *max, source),
            Node::Timestamp(format) => Some(scalar::timestamp(*format, source)),
            Node::Sparse(_) if *wish == NOTHING && source.once_in(4) => Some(Value::Null),
            Node::Sparse(inner) => match self.height(*inner) {
                Some(_) => self.value(*inner, wish, stand, source),
                None => Some(Value::Null),
            },
            Node::List { items, min, max, unique } => {
                // One element never equals another.
                let max = if *unique { (*max).min(1) } else { *max };
                self.list(*items, (*min, max), wish, stand, source)
            }
            Node::Map { keys, values, min, max } => self.map((*keys, *values), (*min, *max), wish, stand, source),
            Node::Structure(structure) if structure.union => self.union(structure, wish, stand, source),
            Node::Structure(structure) => self.structure(structure, id == self.root, wish, stand, source),
            Node::Never { .. } => None,
        }
    }

    fn structure(
        &self,
        structure: &Structure,
        is_root: bool,
        wish: &Wish,
        stand: Stand,
        source: &mut Source,
    ) -> Option<Value> {
        let mut object = Map::new();
        for member in self.members(structure) {
            let wished = wish.members.get(&member.key);
            let may_be = !stand.is_deep() && !member.required && wished.is_none();
            let drawn = may_be && source.wants_more();
            if (member.required || wished.is_some() || drawn) && !wish.absent.contains(&member.key) {
                let below = stand.below(Some(member.carrier).filter(|_| is_root));
                let value = self.value(member.node, wished.unwrap_or(&NOTHING), below, source);
                match value {
                    Some(value) => object.insert(member.key.clone(), value),
                    None if drawn => None,
                    None => return None,
                };
            }
        }
        add_extra(&mut object, wish);
        Some(Value::Object(object))
    }

    fn union(&self, structure: &Structure, wish: &Wish, stand: Stand, source: &mut Source) -> Option<Value> {
        let mut object = Map::new();
        if wish.members.is_empty() {
            let mut variants: Vec<_> = self.members(structure).collect();
            let flattest = variants.iter().filter_map(|member| self.height(member.node)).min()?;
            if source.is_simplest() || stand.is_deep() || !source.has_room() {
                variants.retain(|member| self.height(member.node) == Some(flattest));
            }
            let chosen = source.of(&variants);
            object.insert(chosen.key.clone(), self.value(chosen.node, &NOTHING, stand.below(None), source)?);
        }
        for (key, wished) in &wish.members {
            let chosen = structure.members.iter().find(|member| member.key == *key)?;
            object.insert(key.clone(), self.value(chosen.node, wished, stand.below(None), source)?);
        }
        add_extra(&mut object, wish);
        Some(Value::Object(object))
    }

    fn list(
        &self,
        items: NodeId,
        (min, max): (u64, u64),
        wish: &Wish,
        stand: Stand,
        source: &mut Source,
    ) -> Option<Value> {
        let least = min.max(u64::from(wish.element.is_some()));
        let size = match wish.size {
            Some(size) => size,
            None if self.height(items).is_none() => least,
            None => size((least, max), stand, source),
        };
        let chosen = usize::try_from(source.below(size)).ok();
        let mut list = Vec::new();
        for index in 0..usize::try_from(size).ok()? {
            let wished = wish.element.as_deref().filter(|_| Some(index) == chosen);
            if wished.is_some() {
                source.elements.push(index.to_string());
            }
            list.push(self.value(items, wished.unwrap_or(&NOTHING), stand.below(None), source)?);
        }
        Some(Value::Array(list))
    }

    fn map(
        &self,
        (keys, values): (NodeId, NodeId),
        (min, max): (u64, u64),
        wish: &Wish,
        stand: Stand,
        source: &mut Source,
    ) -> Option<Value> {
        let least = min.saturating_sub(wish.extra.len() as u64).max(u64::from(wish.element.is_some()));
        let most = max.saturating_sub(wish.extra.len() as u64);
        let size = match wish.size {
            Some(size) => size,
            None if self.height(keys).is_none() || self.height(values).is_none() => least,
            None => size((least, most.max(least)), stand, source),
        };
        let mut map = Map::new();
        for (key, extra) in &wish.extra {
            let value = match extra {
                Extra::Value(value) => value.clone(),
                Extra::Fitting => self.value(values, &NOTHING, stand.below(None), source)?,
            };
            map.insert(key.clone(), value);
        }
        for index in 0..size {
            let Some(key) = self.new_key(keys, &map, stand, source) else {
                // The keys there are may be fewer than were asked for.
                if wish.size.is_none() && index >= least {
                    break;
                }
                return None;
            };
            let wished = wish.element.as_deref().filter(|_| index == 0);
            if wished.is_some() {
                source.elements.push(key.clone());
            }
            let value = self.value(values, wished.unwrap_or(&NOTHING), stand.below(None), source)?;
            map.insert(key, value);
        }
        Some(Value::Object(map))
    }

    /// A key that the map does not have.
    fn new_key(&self, keys: NodeId, map: &Map<String, Value>, stand: Stand, source: &mut Source) -> Option<String> {
        if let Node::Enum(values) = self.node(keys) {
            let free: Vec<&String> = values.iter().filter(|value| !map.contains_key(*value)).collect();
            return (!free.is_empty()).then(|| (*source.of(&free)).clone());
        }
        let is_free = |key: &String| !map.contains_key(key);
        let key = |source: &mut Source| self.value(keys, &NOTHING, stand, source)?.as_str().map(str::to_owned);
        if let Some(key) = key(source).filter(is_free) {
            return Some(key);
        }
        // A few more characters of the same read better than other ones.
        if let Node::Text(text) = self.node(keys)
            && map.len() < READABLE_KEYS
        {
            let length = text.min.max(1) + map.len() as u64;
            let longer = text.of_length((length, length.min(text.max)), true, &mut Source::simplest());
            if let Some(key) = longer.filter(is_free) {
                return Some(key);
            }
        }
        let aside = |attempt: u64| Source::aside(attempt.wrapping_mul(31) + map.len() as u64 * 1009);
        (0..KEY_TRIES).find_map(|attempt| key(&mut aside(attempt)).filter(is_free))
    }
}

fn add_extra(object: &mut Map<String, Value>, wish: &Wish) {
    for (key, extra) in &wish.extra {
        if let Extra::Value(value) = extra {
            object.insert(key.clone(), value.clone());
        }
    }
}

/// How many elements: few, none where that is allowed, and now and then as many as may be.
fn size((min, max): (u64, u64), stand: Stand, source: &mut Source) -> u64 {
    if source.is_simplest() || stand.is_deep() || !source.has_room() {
        return min;
    }
    let drawn = match source.below(6) {
        0 => min,
        1 if max <= FEW_ENOUGH => max,
        _ => min + 1 + source.below(MANY),
    };
    let drawn = drawn.min(max).min(min.max(MANY).max(if max <= FEW_ENOUGH { max } else { 0 }));
    source.take(usize::try_from(drawn).unwrap_or(usize::MAX));
    drawn
}

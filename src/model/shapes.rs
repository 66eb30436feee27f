//! The shapes of a service by name: all at hand, or each read when it is first asked for.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::Hash;
use std::ops::{Index, Range};
use std::sync::{Arc, OnceLock};

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use memchr::memmem::Finder;

use super::{Shape, ShapeId};
use crate::error::{Error, Result};

/// The shapes of a service by name.
///
/// A source may hand over where in its text each shape is written, and what reads it there: most services have hundreds of
/// shapes of which traffic reaches a few. What cannot be read is as if it were not there, but for [`Shapes::read`], which says
/// why.
#[derive(Clone, Default)]
pub struct Shapes {
    /// Sorted by name. Judging looks shapes up all the time, so that it is a hash map too.
    by_name: IndexMap<ShapeId, Slot, RandomState>,
    /// Reads what is not at hand.
    source: Option<Arc<dyn ShapeSource>>,
    /// Errors by the codes that they have beside their names, made when the first code is asked for.
    by_code: OnceLock<HashMap<Box<str>, ShapeId>>,
}

/// Reads shapes where a text has them.
pub trait ShapeSource: Send + Sync {
    /// The shape of a name, which is written at that place of the source's text. `is_there` knows the names of all shapes.
    ///
    /// # Errors
    /// It is not what the source's language calls a shape, or leads to one that is not there.
    fn read(&self, id: &ShapeId, place: Range<usize>, is_there: &dyn Fn(&ShapeId) -> bool) -> Result<Shape>;

    /// An error about shapes that were read, with the file that they are of.
    fn located(&self, error: Error) -> Error;

    /// Whether the shape at that place may be an error, as far as that is seen without reading it.
    fn may_be_error(&self, place: Range<usize>) -> bool;

    /// Whether the shape at that place may have a member of that name, as far as that is seen without reading it.
    fn may_name(&self, place: Range<usize>, name: &Finder<'_>) -> bool;
}

#[derive(Clone)]
struct Slot {
    place: Range<usize>,
    /// Boxed, for most are never read.
    shape: OnceLock<Result<Box<Shape>>>,
}

impl From<Shape> for Slot {
    fn from(shape: Shape) -> Self {
        Self { place: 0..0, shape: OnceLock::from(Ok(Box::new(shape))) }
    }
}

impl Shapes {
    /// Shapes that are read when they are first asked for, each by its name and its place in the source's text.
    pub fn unread(places: impl IntoIterator<Item = (ShapeId, Range<usize>)>, source: Arc<dyn ShapeSource>) -> Self {
        let slots = places.into_iter().map(|(id, place)| (id, Slot { place, shape: OnceLock::new() }));
        let mut by_name: IndexMap<_, _, _> = slots.collect();
        by_name.sort_unstable_keys();
        Self { by_name, source: Some(source), by_code: OnceLock::new() }
    }

    /// Whether some of them may not be read yet.
    pub fn is_lazy(&self) -> bool {
        self.source.is_some()
    }

    /// The shape of that name.
    pub fn get<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> Option<&Shape>
    where
        ShapeId: Borrow<Q>,
    {
        self.get_key_value(name).map(|(_, shape)| shape)
    }

    /// The shape of that name with the name itself.
    pub fn get_key_value<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> Option<(&ShapeId, &Shape)>
    where
        ShapeId: Borrow<Q>,
    {
        let (id, slot) = self.by_name.get_key_value(name)?;
        self.shape(id, slot).ok().map(|shape| (id, shape))
    }

    /// The shape of that name; `None` where there is none.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn read(&self, name: &ShapeId) -> Result<Option<&Shape>> {
        let Some((id, slot)) = self.by_name.get_key_value(name) else { return Ok(None) };
        self.shape(id, slot).map(Some).map_err(Clone::clone)
    }

    /// An error about some of them, with the file that they are of where that is known.
    pub fn located(&self, error: Error) -> Error {
        match &self.source {
            Some(source) => source.located(error),
            None => error,
        }
    }

    fn shape<'s>(&'s self, id: &ShapeId, slot: &'s Slot) -> std::result::Result<&'s Shape, &'s Error> {
        let shape = slot.shape.get_or_init(|| match &self.source {
            Some(source) => {
                source.read(id, slot.place.clone(), &|target| self.by_name.contains_key(target)).map(Box::new)
            }
            None => unreachable!("without a source all shapes are at hand"),
        });
        shape.as_deref()
    }

    /// Whether there is a shape of that name, which need not be read.
    pub fn contains_key<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> bool
    where
        ShapeId: Borrow<Q>,
    {
        self.by_name.contains_key(name)
    }

    /// Their names, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &ShapeId> {
        self.by_name.keys()
    }

    /// All of them by name. What is not at hand is read.
    pub fn iter(&self) -> impl Iterator<Item = (&ShapeId, &Shape)> {
        self.by_name.iter().filter_map(move |(id, slot)| Some((id, self.shape(id, slot).ok()?)))
    }

    /// All of them in the order of their names. What is not at hand is read.
    pub fn values(&self) -> impl Iterator<Item = &Shape> {
        self.iter().map(|(_, shape)| shape)
    }

    /// Those that are errors, in the order of their names. What cannot be one is not read.
    pub fn errors(&self) -> impl Iterator<Item = &Shape> {
        self.that(|source, place| source.may_be_error(place)).filter(|shape| shape.error().is_some())
    }

    /// Names of those that may be errors, in their order: of what is not read, as far as that is seen without reading it.
    pub(crate) fn error_names(&self) -> impl Iterator<Item = &ShapeId> {
        self.slots_that(|source, place| source.may_be_error(place)).map(|(id, _)| id)
    }

    /// The first error by name that has that code beside its name. All errors are looked through once.
    pub fn error_of_code(&self, code: &str) -> Option<&Shape> {
        let by_code = self.by_code.get_or_init(|| {
            let mut by_code = HashMap::new();
            for shape in self.errors() {
                if let Some(code) = shape.error().and_then(|error| error.code.as_deref()) {
                    by_code.entry(code.into()).or_insert_with(|| shape.id.clone());
                }
            }
            by_code
        });
        self.get(by_code.get(code)?)
    }

    /// All that may have a member of that name, in the order of their names. What cannot have one is not read.
    pub fn naming<'s>(&'s self, name: &str) -> impl Iterator<Item = &'s Shape> {
        let name = Finder::new(name);
        self.that(move |source, place| source.may_name(place, &name))
    }

    /// Those that were read, and what may be meant of the rest, which is read now.
    fn that(&self, may_be: impl Fn(&dyn ShapeSource, Range<usize>) -> bool) -> impl Iterator<Item = &Shape> {
        self.slots_that(may_be).filter_map(move |(id, slot)| self.shape(id, slot).ok())
    }

    fn slots_that(
        &self,
        may_be: impl Fn(&dyn ShapeSource, Range<usize>) -> bool,
    ) -> impl Iterator<Item = (&ShapeId, &Slot)> {
        let may_be = move |slot: &Slot| match (&self.source, slot.shape.get()) {
            (Some(source), None) => may_be(&**source, slot.place.clone()),
            _ => true,
        };
        self.by_name.iter().filter(move |(_, slot)| may_be(slot))
    }

    /// The shape of that name, to be changed.
    pub fn get_mut<Q: Hash + Eq + ?Sized>(&mut self, name: &Q) -> Option<&mut Shape>
    where
        ShapeId: Borrow<Q>,
    {
        self.get(name)?;
        self.by_code = OnceLock::new();
        self.by_name.get_mut(name)?.shape.get_mut()?.as_deref_mut().ok()
    }

    /// All of them, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Shape> {
        // Each is read first.
        self.iter().for_each(drop);
        self.by_code = OnceLock::new();
        self.by_name.values_mut().filter_map(|slot| slot.shape.get_mut()?.as_deref_mut().ok())
    }

    /// All of them, sorted by name.
    pub fn into_values(self) -> impl Iterator<Item = Shape> {
        self.iter().for_each(drop);
        self.by_name.into_values().filter_map(|slot| slot.shape.into_inner()?.ok()).map(|shape| *shape)
    }

    /// Adds a shape, or replaces the one of its name, which is handed back.
    pub fn insert(&mut self, id: ShapeId, shape: Shape) -> Option<Shape> {
        self.by_code = OnceLock::new();
        self.by_name.insert_sorted(id, shape.into()).1?.shape.into_inner()?.ok().map(|shape| *shape)
    }

    /// Takes a shape out.
    pub fn remove<Q: Hash + Eq + ?Sized>(&mut self, name: &Q) -> Option<Shape>
    where
        ShapeId: Borrow<Q>,
    {
        self.get(name)?;
        self.by_code = OnceLock::new();
        self.by_name.shift_remove(name)?.shape.into_inner()?.ok().map(|shape| *shape)
    }
}

impl<'s> IntoIterator for &'s Shapes {
    type Item = (&'s ShapeId, &'s Shape);
    type IntoIter = Box<dyn Iterator<Item = Self::Item> + 's>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

impl From<BTreeMap<ShapeId, Shape>> for Shapes {
    fn from(shapes: BTreeMap<ShapeId, Shape>) -> Self {
        let by_name = shapes.into_iter().map(|(id, shape)| (id, shape.into())).collect();
        Self { by_name, source: None, by_code: OnceLock::new() }
    }
}

impl<Q: Hash + Eq + ?Sized> Index<&Q> for Shapes
where
    ShapeId: Borrow<Q>,
{
    type Output = Shape;

    fn index(&self, name: &Q) -> &Shape {
        self.get(name).expect("a shape of that name")
    }
}

impl PartialEq for Shapes {
    fn eq(&self, other: &Self) -> bool {
        self.by_name.len() == other.by_name.len() && self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Shapes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::model::{ErrorTrait, ShapeKind, Structure};

    /// Errors whose code is their text. Counts how many places were looked at.
    struct Counted(AtomicUsize);

    impl ShapeSource for Counted {
        fn read(&self, id: &ShapeId, place: Range<usize>, _: &dyn Fn(&ShapeId) -> bool) -> Result<Shape> {
            Ok(error(id.as_str(), &place.start.to_string()))
        }

        fn located(&self, error: Error) -> Error {
            error
        }

        fn may_be_error(&self, _: Range<usize>) -> bool {
            self.0.fetch_add(1, Ordering::Relaxed);
            true
        }

        fn may_name(&self, _: Range<usize>, _: &Finder<'_>) -> bool {
            false
        }
    }

    fn error(name: &str, code: &str) -> Shape {
        let of_error = ErrorTrait { code: Some(code.to_owned()), ..ErrorTrait::default() };
        let kind = ShapeKind::Structure(Structure { error: Some(of_error), ..Structure::default() });
        Shape::plain(ShapeId::new(name), kind)
    }

    #[test]
    fn errors_are_looked_through_once_for_all_codes() {
        let source = Arc::new(Counted(AtomicUsize::new(0)));
        let places = [("A", 1), ("B", 2), ("C", 2)].map(|(name, at)| (ShapeId::new(name), at..at));
        let mut shapes = Shapes::unread(places, Arc::<Counted>::clone(&source));
        let meant = |shapes: &Shapes, code: &str| shapes.error_of_code(code).map(|shape| shape.id.to_string());
        for _ in 0..3 {
            assert_eq!([meant(&shapes, "2"), meant(&shapes, "3")], [Some("B".to_owned()), None], "the first by name");
        }
        assert_eq!(source.0.load(Ordering::Relaxed), 3);
        shapes.insert(ShapeId::new("D"), error("D", "3"));
        assert_eq!(meant(&shapes, "3").as_deref(), Some("D"), "added since then");
    }
}

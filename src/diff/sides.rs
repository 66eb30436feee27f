//! The two models side by side, and what a comparison of two of their shapes hands on.

use super::Change;
use crate::model::{Direction, Protocol, Service, ShapeId, TimestampFormat};

/// The two models, and what both shapes are asked with.
pub(super) struct Sides<'m> {
    pub(super) old: &'m Service,
    pub(super) new: &'m Service,
    /// Both speak the same protocol, so that differences of layout count.
    pub(super) same_protocol: bool,
}

impl Sides<'_> {
    /// Whether a place that pointed to one shape points to another one now, rather than to the same by a new name.
    pub(super) fn is_another(&self, old: &ShapeId, new: &ShapeId) -> bool {
        old != new && (self.new.shape(old).is_some() || self.old.shape(new).is_some())
    }

    /// The format of timestamps in bodies of either side, where neither shape nor member sets one.
    pub(super) fn body_timestamps(&self) -> [Option<TimestampFormat>; 2] {
        [self.old, self.new].map(|service| service.protocol().map(Protocol::body_timestamps))
    }
}

/// An older shape and the newer one that stands in its place, as seen in one direction.
pub(super) type Pair = (ShapeId, ShapeId, Direction);

/// What differs about one pair, and the pairs below it.
#[derive(Debug, Default)]
pub(super) struct Local {
    /// What differs about the shape itself, with its kind.
    pub(super) own: Vec<(Told, Change)>,
    /// What differs about its members.
    pub(super) changes: Vec<(String, Change)>,
    pub(super) below: Vec<Edge>,
}

/// A pair below another.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) pair: Pair,
    /// What is told where the edge begins.
    pub(super) told: Told,
}

/// Kinds of differences that the place which leads to a shape has told, so that the shape does not tell them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told(u8);

impl Told {
    pub(super) const NOTHING: Self = Self(0);
    pub(super) const EVERYTHING: Self = Self(u8::MAX);
    pub(super) const TIMESTAMP: Self = Self(1);
    pub(super) const BOX: Self = Self(2);
    pub(super) const STREAM: Self = Self(4);
    pub(super) const LAYOUT: Self = Self(8);
    /// What stands on shapes alone.
    pub(super) const SHAPE: Self = Self(16);

    pub(super) fn with(self, other: Self, where_it: bool) -> Self {
        if where_it { Self(self.0 | other.0) } else { self }
    }

    /// What both have told.
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn has(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }
}

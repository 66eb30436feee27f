//! Where choices come from: always the simplest, or from a seed.

/// Settles choices one by one.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// State of the generator of numbers; `None` where every choice is the simplest.
    state: Option<u64>,
    /// Of so many optional members one is there.
    rarity: usize,
    /// So many more values may be there that need not be.
    left: usize,
    /// Indices and keys of the elements that were wished for, in the order of their making.
    pub(super) elements: Vec<String>,
}

/// Most values of one payload that need not be there.
const MOST_OPTIONAL: usize = 200;

impl Source {
    /// Every choice is the simplest one.
    pub(super) fn simplest() -> Self {
        Self { state: None, rarity: 0, left: 0, elements: Vec::new() }
    }

    /// The choices of a seed.
    pub(super) fn seeded(seed: u64) -> Self {
        let mut source = Self { state: Some(seed), rarity: 2, left: MOST_OPTIONAL, elements: Vec::new() };
        source.rarity = *source.of(&[1, 2, 2, 4, 16]);
        source
    }

    pub(super) fn is_simplest(&self) -> bool {
        self.state.is_none()
    }

    /// The next number of the generator; 0 where every choice is the simplest. The algorithm is `SplitMix64`.
    pub(super) fn number(&mut self) -> u64 {
        let Some(state) = &mut self.state else { return 0 };
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `many`; 0 is the simplest.
    pub(super) fn below(&mut self, many: u64) -> u64 {
        self.number() % many.max(1)
    }

    /// An index into something of that length, which is not empty.
    pub(super) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or_default()
    }

    /// One of several; the first is the simplest.
    pub(super) fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.index(all.len())]
    }

    /// Yes once in `many` times; no is the simplest.
    pub(super) fn once_in(&mut self, many: u64) -> bool {
        !self.is_simplest() && self.below(many) == 0
    }

    /// Whether a value that need not be there is.
    pub(super) fn wants_more(&mut self) -> bool {
        let wants = self.left > 0 && self.once_in(self.rarity as u64);
        self.left -= usize::from(wants);
        wants
    }

    /// Whether the payload may still grow.
    pub(super) fn has_room(&self) -> bool {
        self.left > 0
    }

    /// Makes the payload larger by so many values.
    pub(super) fn take(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count);
    }

    /// Choices for something that must differ from the simplest, the same for the same salt.
    pub(super) fn aside(salt: u64) -> Self {
        Self { left: 0, ..Self::seeded(salt) }
    }
}

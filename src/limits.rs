//! How large, deep and numerous what is read may be, so that no input takes more time or memory than is there.

/// Levels within each other, of a model's shapes and of a payload's values. Validators and writers walk both on the stack.
pub const DEPTH: usize = 128;

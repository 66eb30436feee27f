//! SHA-256 (FIPS 180-4), by which a signed request says what its body was. It proves a body, and keeps nothing secret.

/// Bytes that are taken in at once.
const BLOCK: usize = 64;

/// The first 32 bits of the fractions of the cube roots of the first 64 primes.
const ROUNDS: [u32; 64] = {
    let (mut fractions, mut at, mut number) = ([0; 64], 0, 2);
    while at < 64 {
        if is_prime(number) {
            fractions[at] = fraction(number, true);
            at += 1;
        }
        number += 1;
    }
    fractions
};

/// The same of the square roots of the first eight.
const BEGIN: [u32; 8] = {
    let (mut fractions, mut at, mut number) = ([0; 8], 0, 2);
    while at < 8 {
        if is_prime(number) {
            fractions[at] = fraction(number, false);
            at += 1;
        }
        number += 1;
    }
    fractions
};

const fn is_prime(number: u128) -> bool {
    let mut divisor = 2;
    while divisor * divisor <= number {
        if number.is_multiple_of(divisor) {
            return false;
        }
        divisor += 1;
    }
    true
}

/// The first 32 bits of the fraction of a root, in whole numbers.
#[allow(clippy::cast_possible_truncation, reason = "the whole part is cut off")]
const fn fraction(number: u128, is_cube: bool) -> u32 {
    let (mut root, mut bit) = (0_u128, 1_u128 << 36);
    while bit > 0 {
        let next = root | bit;
        let fits = if is_cube { next * next * next <= number << 96 } else { next * next <= number << 64 };
        if fits {
            root = next;
        }
        bit >>= 1;
    }
    root as u32
}

/// The hash of some bytes.
pub(super) fn of(bytes: &[u8]) -> [u8; 32] {
    let mut state = BEGIN;
    let blocks = bytes.chunks_exact(BLOCK);
    let mut last = blocks.remainder().to_vec();
    blocks.for_each(|block| take(&mut state, block));
    last.push(0x80);
    while last.len() % BLOCK != BLOCK - 8 {
        last.push(0);
    }
    last.extend((bytes.len() as u64 * 8).to_be_bytes());
    last.chunks_exact(BLOCK).for_each(|block| take(&mut state, block));
    let mut hash = [0; 32];
    hash.chunks_exact_mut(4).zip(state).for_each(|(four, word)| four.copy_from_slice(&word.to_be_bytes()));
    hash
}

/// Takes in a block.
#[allow(clippy::many_single_char_names, reason = "they are those of the standard")]
fn take(state: &mut [u32; 8], block: &[u8]) {
    let mut words = [0_u32; 64];
    for (word, four) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = four.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
    }
    for at in 16..64 {
        let (early, late) = (words[at - 15], words[at - 2]);
        let small = early.rotate_right(7) ^ early.rotate_right(18) ^ early >> 3;
        let large = late.rotate_right(17) ^ late.rotate_right(19) ^ late >> 10;
        words[at] = words[at - 16].wrapping_add(small).wrapping_add(words[at - 7]).wrapping_add(large);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (round, word) in ROUNDS.into_iter().zip(words) {
        let mixed = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let chosen = e & f ^ !e & g;
        let first = h.wrapping_add(mixed).wrapping_add(chosen).wrapping_add(round).wrapping_add(word);
        let mixed = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let most = a & b ^ a & c ^ b & c;
        (h, g, f, e) = (g, f, e, d.wrapping_add(first));
        (d, c, b, a) = (c, b, a, first.wrapping_add(mixed).wrapping_add(most));
    }
    for (own, word) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *own = own.wrapping_add(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standard_hold() {
        let hash = |bytes: &[u8]| of(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        assert_eq!(hash(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(hash(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        // The length does not fit behind 56 bytes.
        assert_eq!(
            hash(b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        );
        assert_eq!(hash(&vec![b'a'; 1_000_000]), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
}

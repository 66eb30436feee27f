//! Single items of CBOR, whatever they mean to a model.

use minicbor::data::Type;
use minicbor::decode::{Decoder, Error};

/// Why bytes are no value, and the byte that shows it.
pub(super) type Broken = (String, usize);

/// How many elements or entries are left to come; `None` where a mark ends them.
pub(super) struct Left(pub(super) Option<u64>);

impl Left {
    pub(super) fn one_more(&mut self, from: &mut Decoder<'_>) -> Result<bool, Broken> {
        match &mut self.0 {
            Some(0) => Ok(false),
            Some(left) => {
                *left -= 1;
                Ok(true)
            }
            None if datatype(from)? == Type::Break => {
                from.set_position(from.position() + 1);
                Ok(false)
            }
            None => Ok(true),
        }
    }
}

pub(super) fn datatype(from: &Decoder<'_>) -> Result<Type, Broken> {
    from.datatype().map_err(|error| broken(&error, from.position()))
}

pub(super) fn text(from: &mut Decoder<'_>) -> Result<String, Broken> {
    let start = from.position();
    let pieces = from.str_iter().and_then(Iterator::collect::<Result<Vec<_>, _>>);
    Ok(pieces.map_err(|error| broken(&error, start))?.concat())
}

/// A float of 16 bits, which the decoder leaves to a crate of its own.
pub(super) fn half(from: &mut Decoder<'_>) -> Option<f64> {
    let start = from.position();
    let [0xF9, high, low] = *from.input().get(start..start + 3)? else { return None };
    from.set_position(start + 3);
    let bits = u16::from_be_bytes([high, low]);
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1F), f64::from(bits & 0x3FF));
    let size = match exponent {
        0 => fraction * 2f64.powi(-24),
        0x1F if fraction == 0.0 => f64::INFINITY,
        0x1F => f64::NAN,
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    };
    Some(if bits >> 15 == 1 { -size } else { size })
}

pub(super) fn broken(error: &Error, start: usize) -> Broken {
    if error.is_end_of_input() {
        return ("the CBOR ends too early".into(), start);
    }
    (format!("it is not CBOR ({error})"), error.position().unwrap_or(start))
}

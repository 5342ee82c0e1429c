//! Rows as they stand on a page: pure, and safe on bytes that make no sense.
//! <https://sqlite.org/fileformat2.html#b_tree_pages>

use rusqlite::types::Value;

/// Longer rows are not believed: this program takes no post above some megabytes.
const LONGEST: usize = 64 << 20;

/// A row, or an entry of an index.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    /// The row's number; `None` where rows have none.
    pub(crate) rowid: Option<i64>,
    /// Its columns.
    pub(crate) values: Vec<Value>,
}

/// The part of a row that stands on its first page.
pub(crate) struct Begun {
    pub(crate) rowid: Option<i64>,
    pub(crate) payload: Vec<u8>,
    /// Of the whole row, in bytes.
    pub(crate) length: usize,
    /// The page on which it goes on.
    pub(crate) next: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    TableLeaf,
    IndexLeaf,
    IndexInner,
}

fn kind(page: &[u8], header: usize) -> Option<Kind> {
    match page.get(header)? {
        0x0d => Some(Kind::TableLeaf),
        0x0a => Some(Kind::IndexLeaf),
        0x02 => Some(Kind::IndexInner),
        _ => None,
    }
}

/// Where the rows of a page begin; `None` where it holds none. `header` is the offset of the
/// page's header.
pub(crate) fn places(page: &[u8], header: usize) -> Option<Vec<usize>> {
    let length = if kind(page, header)? == Kind::IndexInner { 12 } else { 8 };
    let count = usize::from(short(page, header + 3)?);
    let first = header + length;
    Some((0..count).map_while(|at| short(page, first + 2 * at)).map(usize::from).collect())
}

/// Reads the row at `place` as far as it stands on this page.
pub(crate) fn begin(page: &[u8], header: usize, place: usize) -> Option<Begun> {
    let kind = kind(page, header)?;
    let mut at = place;
    if kind == Kind::IndexInner {
        at += 4;
    }
    let length = usize::try_from(varint(page, &mut at)?).ok().filter(|one| *one <= LONGEST)?;
    let rowid = match kind {
        Kind::TableLeaf => Some(varint(page, &mut at)?),
        Kind::IndexLeaf | Kind::IndexInner => None,
    };
    let local = local(page.len(), length, kind);
    let payload = page.get(at..at + local)?.to_vec();
    let next = match length == local {
        true => 0,
        false => u32::from_be_bytes(page.get(at + local..at + local + 4)?.try_into().ok()?),
    };
    Some(Begun { rowid, payload, length, next })
}

/// How many bytes of a row stand on its first page.
fn local(page: usize, length: usize, kind: Kind) -> usize {
    let share = |of: usize| (page - 12) * of / 255 - 23;
    let most = if kind == Kind::TableLeaf { page - 35 } else { share(64) };
    if length <= most {
        return length;
    }
    let least = share(32);
    let wanted = least + (length - least) % (page - 4);
    if wanted <= most { wanted } else { least }
}

/// Reads the columns of a row; `None` where they make no sense: lengths that do not add up, text
/// that is no UTF-8 or holds a zero byte.
pub(crate) fn values(payload: &[u8]) -> Option<Vec<Value>> {
    let mut at = 0;
    let end = usize::try_from(varint(payload, &mut at)?).ok()?;
    let mut body = end;
    let mut values = Vec::new();
    while at < end {
        let kind = varint(payload, &mut at)?;
        values.push(value(payload, kind, &mut body)?);
    }
    (at == end && body == payload.len()).then_some(values)
}

fn value(payload: &[u8], kind: i64, body: &mut usize) -> Option<Value> {
    let mut take = |bytes: usize| {
        let taken = payload.get(*body..body.checked_add(bytes)?)?;
        *body += bytes;
        Some(taken)
    };
    Some(match kind {
        0 => Value::Null,
        1..=4 => Value::Integer(integer(take(usize::try_from(kind).ok()?)?)),
        5 => Value::Integer(integer(take(6)?)),
        6 => Value::Integer(integer(take(8)?)),
        7 => Value::Real(f64::from_be_bytes(take(8)?.try_into().ok()?)),
        8 | 9 => Value::Integer(kind - 8),
        12.. => {
            let bytes = take(usize::try_from((kind - 12) / 2).ok()?)?.to_vec();
            match kind % 2 {
                0 => Value::Blob(bytes),
                _ => {
                    Value::Text(String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))?)
                }
            }
        }
        _ => return None,
    })
}

fn integer(bytes: &[u8]) -> i64 {
    let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    bytes.iter().fold(if negative { -1 } else { 0 }, |sum, byte| sum << 8 | i64::from(*byte))
}

fn short(page: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(page.get(at..at + 2)?.try_into().ok()?))
}

/// Seven bits a byte, the high ones first; a ninth byte has eight.
fn varint(bytes: &[u8], at: &mut usize) -> Option<i64> {
    let mut sum: u64 = 0;
    for place in 0..9 {
        let byte = *bytes.get(*at)?;
        *at += 1;
        if place == 8 {
            return Some((sum << 8 | u64::from(byte)).cast_signed());
        }
        sum = sum << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(sum.cast_signed())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_row_is_read_column_by_column() {
        // NULL, 7, "hi", the blob 01, the constant 1.
        let row = [6, 0, 1, 17, 14, 9, 7, b'h', b'i', 1];
        let wanted = [
            Value::Null,
            Value::Integer(7),
            Value::Text("hi".into()),
            Value::Blob(vec![1]),
            Value::Integer(1),
        ];
        assert_eq!(values(&row).unwrap(), wanted);
        assert_eq!(values(&row[..9]), None, "a byte is missing");
    }

    #[test]
    fn numbers_keep_their_sign() {
        assert_eq!(integer(&[0xff]), -1);
        assert_eq!(integer(&[0x01, 0x00]), 256);
        assert_eq!(integer(&i64::MIN.to_be_bytes()), i64::MIN);
        assert_eq!(varint(&[0x81, 0x00], &mut 0), Some(128));
        assert_eq!(varint(&[0xff; 9], &mut 0), Some(-1));
    }

    proptest! {
        #[test]
        fn bytes_that_make_no_sense_are_no_panic(
            mut page in prop::collection::vec(any::<u8>(), 512),
            kind in prop::sample::select(vec![0x0d_u8, 0x0a, 0x02, 0x05]),
        ) {
            page[0] = kind;
            for place in places(&page, 0).unwrap_or_default() {
                if let Some(begun) = begin(&page, 0, place) {
                    values(&begun.payload);
                }
            }
        }
    }
}

//! Names of things that last: each is a hash given once and never a row number.
//!
//! An id is the first 16 bytes of SHA-256 over its parts, printed as 26 lower-case
//! base-32 characters. Equal parts give equal ids on every machine and in every year.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// Returns the first 16 bytes of SHA-256 over `parts`, each preceded by its length in bytes,
/// so that no two lists of parts run together.
fn hash(parts: &[&str]) -> [u8; 16] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let whole = hasher.finalize();
    let mut first = [0; 16];
    first.copy_from_slice(&whole[..16]);
    first
}

/// Text that is not 26 base-32 characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an id of 26 base-32 characters")]
pub struct IdError(pub String);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Returns the id that these parts always have.
            pub fn new(parts: &[&str]) -> Self {
                Self(hash(parts))
            }

            /// Takes back the bytes that `as_bytes` gave.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// Returns the 16 bytes, as the archive keeps them.
            pub fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&BASE32_NOPAD.encode(&self.0).to_ascii_lowercase())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let wrong = || IdError(text.to_owned());
                let upper = text.to_ascii_uppercase();
                let bytes = BASE32_NOPAD.decode(upper.as_bytes()).map_err(|_| wrong())?;
                Ok(Self(bytes.try_into().map_err(|_| wrong())?))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id! {
    /// One subscription: a hash of its address as `feeds.yaml` has it.
    FeedId
}

id! {
    /// One post: a hash of the feed's address in `feeds.yaml` and the post's own name there
    /// (guid; guid and link where one document repeats a guid; else link, else title and day).
    PostId
}

id! {
    /// One topic over all the days that it is spoken of: a hash of its first post's id.
    TopicId
}

/// Returns `count` lower-case base-32 characters hashed from `identity`: the body of the short
/// ids that a digest shows (`t3fd`). At most 26.
pub fn short_code(identity: &str, count: usize) -> String {
    let mut code = BASE32_NOPAD.encode(&hash(&[identity])).to_ascii_lowercase();
    code.truncate(count);
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_from_its_text() {
        let id = PostId::new(&["https://a.example/feed", "guid-1"]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().len(), 26);
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(PostId::new(&["ab", "c"]), PostId::new(&["a", "bc"]));
    }

    #[test]
    fn text_that_is_no_id_is_an_error() {
        assert!("t3fd".parse::<PostId>().is_err());
        assert!("!".repeat(26).parse::<PostId>().is_err());
    }
}

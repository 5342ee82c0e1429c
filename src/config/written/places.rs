//! Something to be read: a person's profile or a venue. The keys that all kinds share are
//! typed; what is left are the kind's own options, kept as they were written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_yaml::Value;

use super::Several;
use crate::config::span::Span;

/// One entry of `profiles:` or `sources:`.
#[derive(Debug, Default)]
pub(in crate::config) struct Place {
    /// The entry is this bare text, an address or a handle, and nothing else.
    pub(in crate::config) bare: Option<String>,
    pub(in crate::config) name: Option<String>,
    pub(in crate::config) kind: Option<String>,
    /// Its name at its service.
    pub(in crate::config) handle: Option<String>,
    /// Its page, or a feed.
    pub(in crate::config) url: Option<String>,
    pub(in crate::config) url_env: Option<String>,
    pub(in crate::config) url_file: Option<String>,
    pub(in crate::config) url_credential: Option<String>,
    /// A plain feed, to be read as it is.
    pub(in crate::config) feed: Option<String>,
    /// The service's base address where it is not the usual one.
    pub(in crate::config) api: Option<String>,
    pub(in crate::config) mode: Option<String>,
    pub(in crate::config) cron: Option<String>,
    pub(in crate::config) refresh: Option<Span>,
    pub(in crate::config) private: Option<bool>,
    /// Of a source: where it belongs. A profile has the circle of its person.
    pub(in crate::config) circle: Option<Several<String>>,
    pub(in crate::config) select: Option<Select>,
    pub(in crate::config) options: Vec<(String, Value)>,
}

/// CSS selectors of a page without a feed.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Select {
    pub(in crate::config) item: String,
    pub(in crate::config) title: Option<String>,
    pub(in crate::config) link: Option<String>,
    pub(in crate::config) date: Option<String>,
}

/// The keys that every kind takes.
pub(in crate::config) const SHARED_KEYS: [&str; 15] = [
    "name",
    "kind",
    "handle",
    "url",
    "url_env",
    "url_file",
    "url_credential",
    "feed",
    "api",
    "mode",
    "cron",
    "refresh",
    "private",
    "circle",
    "select",
];

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Place, D::Error> {
        struct PlaceVisitor;
        impl<'de> Visitor<'de> for PlaceVisitor {
            type Value = Place;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an address, a handle or a mapping")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Place, E> {
                Ok(Place { bare: Some(text.to_owned()), ..Place::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Place, A::Error> {
                let mut place = Place::default();
                let mut seen: Vec<String> = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    if seen.contains(&key) {
                        return Err(A::Error::custom(format!("duplicate field `{key}`")));
                    }
                    place.set(&key, &mut map)?;
                    seen.push(key);
                }
                Ok(place)
            }
        }
        deserializer.deserialize_any(PlaceVisitor)
    }
}

impl Place {
    fn set<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "name" => self.name = map.next_value()?,
            "kind" => self.kind = map.next_value()?,
            "handle" => self.handle = map.next_value()?,
            "url" => self.url = map.next_value()?,
            "url_env" => self.url_env = map.next_value()?,
            "url_file" => self.url_file = map.next_value()?,
            "url_credential" => self.url_credential = map.next_value()?,
            "feed" => self.feed = map.next_value()?,
            "api" => self.api = map.next_value()?,
            "mode" => self.mode = map.next_value()?,
            "cron" => self.cron = map.next_value()?,
            "refresh" => self.refresh = map.next_value()?,
            "private" => self.private = map.next_value()?,
            "circle" => self.circle = map.next_value()?,
            "select" => self.select = map.next_value()?,
            option => self.options.push((option.to_owned(), map.next_value()?)),
        }
        Ok(())
    }

    /// A kind's own option.
    pub(in crate::config) fn option(&self, name: &str) -> Option<&Value> {
        self.options.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

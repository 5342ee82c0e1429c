//! Conditional requests (RFC 9110 §13): validators go back byte for byte, and only to the URL
//! that gave them.

use reqwest::header::{
    ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};

use crate::model::Validators;

/// Returns a header's value with each byte as the character of the same number, so that `bytes`
/// gives back what was sent, UTF-8 or not.
pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.as_bytes();
    (!value.is_empty()).then(|| value.iter().map(|byte| char::from(*byte)).collect())
}

/// Undoes `text`. `None` for what no header can have been.
fn bytes(text: &str) -> Option<HeaderValue> {
    let bytes: Option<Vec<u8>> = text.chars().map(|one| u8::try_from(one).ok()).collect();
    HeaderValue::from_bytes(&bytes?).ok()
}

/// Takes the validators of an answer. `url` is where it came from, if not the URL asked first.
pub(super) fn validators(headers: &HeaderMap, url: Option<&str>) -> Validators {
    let (etag, last_modified) = (text(headers, &ETAG), text(headers, &LAST_MODIFIED));
    let some = etag.is_some() || last_modified.is_some();
    Validators { etag, last_modified, url: url.filter(|_| some).map(str::to_owned) }
}

/// Returns the headers that ask for a document only if it is not the one already read.
pub(super) fn conditions(validators: &Validators) -> HeaderMap {
    let pairs = [(IF_NONE_MATCH, &validators.etag), (IF_MODIFIED_SINCE, &validators.last_modified)];
    let value = |text: &Option<String>| bytes(text.as_deref()?);
    pairs.into_iter().filter_map(|(name, text)| Some((name, value(text)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(etag: &[u8]) -> Option<Vec<u8>> {
        let sent = HeaderMap::from_iter([(ETAG, HeaderValue::from_bytes(etag).unwrap())]);
        let conditions = conditions(&validators(&sent, None));
        conditions.get(IF_NONE_MATCH).map(|value| value.as_bytes().to_vec())
    }

    #[test]
    fn an_etag_goes_back_byte_for_byte() {
        for etag in [&b"\"a\""[..], b"W/\"a\"", b"unquoted", "\"é\"".as_bytes(), b"\"\xe9\xff\""] {
            assert_eq!(back(etag).as_deref(), Some(etag));
        }
    }

    #[test]
    fn an_empty_etag_is_none() {
        assert_eq!(back(b""), None);
    }

    #[test]
    fn what_no_header_can_have_been_is_not_sent() {
        let made_up = Validators {
            etag: Some("日".to_owned()),
            last_modified: Some("a\r\nb".to_owned()),
            url: None,
        };
        assert!(conditions(&made_up).is_empty());
    }
}

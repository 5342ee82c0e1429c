//! Reads a body chunk by chunk, unpacked, and stops at the limit: a bomb of 2 GiB ends at the
//! first chunk too many.

use std::time::Duration;

use reqwest::Response;

use super::budget::{Budget, Held};

/// Why a body was not read whole.
#[derive(Debug)]
pub(super) enum Cut {
    TooLarge,
    Broken(reqwest::Error),
}

/// Reads all of it, `limit` bytes at most.
pub(super) async fn whole(
    response: &mut Response,
    limit: usize,
    budget: &Budget,
) -> Result<(Vec<u8>, Held), Cut> {
    if response.content_length().is_some_and(|length| (limit as u64) < length) {
        return Err(Cut::TooLarge);
    }
    let (mut body, mut held) = (Vec::new(), budget.open());
    while let Some(chunk) = response.chunk().await.map_err(Cut::Broken)? {
        if limit - body.len() < chunk.len() {
            return Err(Cut::TooLarge);
        }
        held.grow(body.len() + chunk.len()).await;
        body.extend_from_slice(&chunk);
    }
    Ok((body, held))
}

/// Reads as much of an error page as tells whose it is. A page that is slow or broken is cut:
/// its status has been heard already.
pub(super) async fn beginning(response: &mut Response) -> Vec<u8> {
    const ENOUGH: usize = 64 << 10;
    const PATIENCE: Duration = Duration::from_secs(2);
    let mut body = Vec::new();
    let reading = async {
        while let Ok(Some(chunk)) = response.chunk().await {
            body.extend_from_slice(&chunk[..chunk.len().min(ENOUGH - body.len())]);
            if body.len() == ENOUGH {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.ok();
    body
}

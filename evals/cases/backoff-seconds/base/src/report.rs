//! What operators read.

use crate::backoff::Backoff;

/// "next attempt in 400 ms"
pub fn next_attempt(backoff: &mut Backoff) -> String {
    format!("next attempt in {} ms", backoff.next_delay())
}

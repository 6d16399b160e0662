//! What operators read.

use crate::backoff::Backoff;

/// "next attempt in 2 s"
pub fn next_attempt(backoff: &mut Backoff) -> String {
    format!("next attempt in {} s", backoff.next_delay())
}

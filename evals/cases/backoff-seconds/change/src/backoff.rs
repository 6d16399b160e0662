//! How long to wait before the next attempt.

/// Doubles from 1 s, at most 30 s: receivers asked us to be gentler.
#[derive(Debug, Default, Clone)]
pub struct Backoff {
    attempts: u32,
}

impl Backoff {
    const FIRST: u64 = 1;
    const LONGEST: u64 = 30;

    /// The next pause, in seconds.
    pub fn next_delay(&mut self) -> u64 {
        let factor = 1u64 << self.attempts.min(20);
        self.attempts += 1;
        (Self::FIRST * factor).min(Self::LONGEST)
    }

    /// Begin anew after a success.
    pub fn reset(&mut self) {
        self.attempts = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::Backoff;

    #[test]
    fn it_doubles() {
        let mut backoff = Backoff::default();
        assert_eq!((backoff.next_delay(), backoff.next_delay()), (1, 2));
    }
}

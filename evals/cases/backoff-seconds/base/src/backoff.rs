//! How long to wait before the next attempt.

/// Doubles from 200 ms, at most 30 s.
#[derive(Debug, Default, Clone)]
pub struct Backoff {
    attempts: u32,
}

impl Backoff {
    const FIRST: u64 = 200;
    const LONGEST: u64 = 30_000;

    /// The next pause, in milliseconds.
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
        assert_eq!((backoff.next_delay(), backoff.next_delay()), (200, 400));
    }
}

//! Sends one message until it is taken.

use std::time::Duration;

use crate::backoff::Backoff;

/// What is between a worker and the world, so that tests need not wait.
pub trait World {
    fn send(&mut self, message: &str) -> bool;
    fn sleep(&mut self, pause: Duration);
}

/// True as soon as the receiver took it; false after `attempts`.
pub fn deliver(world: &mut dyn World, message: &str, attempts: u32) -> bool {
    let mut backoff = Backoff::default();
    for _ in 0..attempts {
        if world.send(message) {
            return true;
        }
        world.sleep(Duration::from_millis(backoff.next_delay()));
    }
    false
}

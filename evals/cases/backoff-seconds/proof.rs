// The first pause between two attempts must not be shorter than 200 ms.
#[path = "src/lib.rs"]
mod courier;
// The library's modules name each other from the root of their crate.
pub use courier::{backoff, report, worker};

use std::time::Duration;

struct Deaf(Vec<Duration>);

impl worker::World for Deaf {
    fn send(&mut self, _message: &str) -> bool {
        false
    }
    fn sleep(&mut self, pause: Duration) {
        self.0.push(pause);
    }
}

fn main() {
    let mut deaf = Deaf(Vec::new());
    worker::deliver(&mut deaf, "hello", 2);
    let _ = report::next_attempt(&mut backoff::Backoff::default());
    if deaf.0[0] < Duration::from_millis(200) {
        eprintln!("DEFECT: the first pause is {:?}", deaf.0[0]);
        std::process::exit(1);
    }
}

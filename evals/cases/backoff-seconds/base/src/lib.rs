//! Delivers messages to flaky receivers.

pub mod backoff;
pub mod report;
pub mod worker;

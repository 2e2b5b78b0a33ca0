//! Long work that is done in parts, so that whoever waits may have a turn in between.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::clock::Stopwatch;

/// Work that several others consist of: in a box its code is there once.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Between two parts of work, which may rest here. Whoever awaits it elsewhere goes on at once.
pub async fn breathe() {
    let mut rested = false;
    poll_fn(move |context| match std::mem::replace(&mut rested, true) {
        true => Poll::Ready(()),
        false => {
            context.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await;
}

/// Work that rests whenever it has taken a while.
pub struct InParts<T> {
    work: Work<'static, T>,
    /// How long it has taken until now.
    millis: f64,
}

impl<T> InParts<T> {
    /// Begins nothing yet.
    pub fn new(work: impl Future<Output = T> + 'static) -> InParts<T> {
        InParts { work: Box::pin(work), millis: 0.0 }
    }

    /// Works for about so long at most; what it comes to, and how long that took altogether, if it ends.
    ///
    /// # Panics
    /// If it has ended before.
    pub fn go_on(&mut self, patience_millis: f64) -> Option<(T, f64)> {
        let started = Stopwatch::start();
        let mut context = Context::from_waker(Waker::noop());
        loop {
            let result = self.work.as_mut().poll(&mut context);
            let millis = started.millis();
            if let Poll::Ready(result) = result {
                return Some((result, self.millis + millis));
            }
            if millis > patience_millis {
                self.millis += millis;
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn count(to: u32) -> u32 {
        for _ in 0..to {
            breathe().await;
        }
        to
    }

    #[test]
    fn work_rests_after_each_part_and_comes_to_the_same() {
        assert_eq!(pollster::block_on(count(5)), 5);
        let mut work = InParts::new(count(3));
        // Any part takes longer than that.
        let calls = (1..).find(|_| work.go_on(-1.0).is_some());
        assert_eq!(calls, Some(4));
        assert_eq!(InParts::new(count(1_000)).go_on(f64::INFINITY).map(|(n, _)| n), Some(1_000));
    }
}

//! The symmetric group on five things.

use std::fmt;

pub const S5_ORDER: usize = 120;

/// A permutation of 0..5 as the list of its images.
///
/// Composition is read from left to right: `x.then(y)` applies x first, so that
/// (x·y)(i) = y(x(i)), as in the `openai/grok` data generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permutation([u8; 5]);

impl Permutation {
    /// All 120, in lexicographic order of their images: the identity is number 0.
    pub fn all() -> Vec<Permutation> {
        (0..S5_ORDER).map(Permutation::from_index).collect()
    }

    /// The permutation at `index` in [`Permutation::all`], from its factorial digits.
    fn from_index(index: usize) -> Permutation {
        let mut left = vec![0, 1, 2, 3, 4];
        let mut rest = index;
        Permutation(std::array::from_fn(|place| {
            let block = factorial(4 - place);
            let digit = rest / block;
            rest %= block;
            left.remove(digit)
        }))
    }

    /// Its place in [`Permutation::all`].
    pub fn index(&self) -> usize {
        (0..5)
            .map(|place| {
                let smaller_later =
                    self.0[place + 1..].iter().filter(|&&image| image < self.0[place]).count();
                smaller_later * factorial(4 - place)
            })
            .sum()
    }

    /// This one first, then `next`.
    pub fn then(&self, next: &Permutation) -> Permutation {
        Permutation(self.0.map(|image| next.0[image as usize]))
    }

    pub fn inverse(&self) -> Permutation {
        let mut images = [0; 5];
        for (from, &to) in self.0.iter().enumerate() {
            images[to as usize] = from as u8;
        }
        Permutation(images)
    }
}

impl fmt::Display for Permutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e] = self.0;
        write!(f, "({a}{b}{c}{d}{e})")
    }
}

fn factorial(n: usize) -> usize {
    (1..=n).product()
}

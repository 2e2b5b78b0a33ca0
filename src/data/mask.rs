//! Held-out cells that are chosen by hand.

use super::table::Equation;
use crate::error::{Error, Result};

/// Longer texts are no masks.
pub const MASK_MAX: usize = 2_000;

/// One part of a mask; a cell is held out if any part holds it out. Ends are inside.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Box {
        x: (u16, u16),
        y: (u16, u16),
    },
    /// Every so many equations of the table, the first included.
    Every(usize),
}

/// A list such as `row 3; column 5-8; box 0-9 20-29; every 4`: rows are x, columns y, both counted
/// from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Mask {
    parts: Vec<Part>,
}

impl Mask {
    /// # Errors
    /// Says which part is wrong, counted from 1.
    pub fn parse(text: &str) -> Result<Mask> {
        let parts = text
            .split(';')
            .enumerate()
            .filter(|(_, part)| !part.trim().is_empty())
            .map(|(index, part)| {
                Part::parse(part).ok_or_else(|| Error::Syntax {
                    what: "held-out mask",
                    place: format!("part {}", index + 1),
                    problem: format!(
                        "`{}` is none of `row 3`, `column 5-8`, `box 0-9 20-29` and `every 4`",
                        part.trim()
                    ),
                })
            })
            .collect::<Result<Vec<Part>>>()?;
        Ok(Mask { parts })
    }

    /// Whether it holds out the equation at `index` of the table.
    pub fn holds_out(&self, index: usize, equation: &Equation) -> bool {
        let inside = |(low, high): (u16, u16), at: u16| (low..=high).contains(&at);
        self.parts.iter().any(|part| match *part {
            Part::Box { x, y } => inside(x, equation.x) && inside(y, equation.y),
            Part::Every(n) => index.is_multiple_of(n),
        })
    }
}

impl Part {
    fn parse(text: &str) -> Option<Part> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let all = (0, u16::MAX);
        match words[..] {
            ["row", x] => Some(Part::Box { x: span(x)?, y: all }),
            ["column", y] => Some(Part::Box { x: all, y: span(y)? }),
            ["box", x, y] => Some(Part::Box { x: span(x)?, y: span(y)? }),
            ["every", n] => n.parse().ok().filter(|&n| n > 1).map(Part::Every),
            _ => None,
        }
    }
}

/// `5` or `5-8`.
fn span(text: &str) -> Option<(u16, u16)> {
    let (low, high) = text.split_once('-').unwrap_or((text, text));
    let (low, high) = (low.parse().ok()?, high.parse().ok()?);
    (low <= high).then_some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_out_what_it_says() {
        let mask = Mask::parse("row 1; column 5-6;box 3-4 0-1 ; every 10;").unwrap();
        let held =
            |index: usize, x: u16, y: u16| mask.holds_out(index, &Equation { x, y, answer: 0 });
        assert!(held(1, 1, 3) && held(1, 2, 5) && held(1, 2, 6) && held(1, 4, 0));
        assert!(held(20, 9, 9));
        assert!(!held(1, 2, 4) && !held(1, 3, 2) && !held(1, 5, 1) && !held(21, 9, 9));
    }

    #[test]
    fn bad_parts_are_named() {
        for text in ["row", "row 3-2", "box 1 2 3", "every 1", "every", "cell 3", "row -1"] {
            let message = Mask::parse(&format!("row 1; {text}")).unwrap_err().to_string();
            assert!(
                message.starts_with(&format!("the held-out mask is wrong at part 2: `{text}`")),
                "{message}"
            );
        }
    }
}

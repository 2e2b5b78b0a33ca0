//! Which rows a step computes.
//!
//! Two tokens of `x op y =` are the same in every equation, and the other two are one of n
//! symbols. Before the first attention a position holds one of n rows, or a single one. With a
//! causal mask the positions before y depend on x alone, so they stay n rows in every layer. Only
//! `=` is read, so the last layer computes it alone. What is left per equation is `=`, and in
//! networks of several layers y.

use crate::config::Prompt;
use crate::data::Equation;

/// Where the rows of a position lie in a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// One shared row.
    One(usize),
    /// Shared rows from here on, one per symbol, picked by x.
    X(usize),
    /// Shared rows from here on, one per symbol, picked by y.
    Y(usize),
    /// One row per equation, in this block.
    Own(usize),
}

/// The rows of a buffer: shared ones first, then blocks of a row per equation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Shared rows.
    pub shared: usize,
    /// Blocks of a row per equation.
    pub blocks: usize,
}

/// Some rows of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first of its shared rows.
    pub first_shared: usize,
    /// How many shared rows.
    pub shared: usize,
    /// The first of its blocks.
    pub first_block: usize,
    /// How many blocks.
    pub blocks: usize,
}

/// A row of a buffer's shared part, or of its part per equation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// By its number among the shared rows.
    Shared(usize),
    /// By its number among the rows of all blocks.
    Own(usize),
}

impl Place {
    /// The row of the `index`-th of `count` equations.
    pub fn row(self, equation: &Equation, index: usize, count: usize) -> Row {
        match self {
            Place::One(row) => Row::Shared(row),
            Place::X(first) => Row::Shared(first + usize::from(equation.x)),
            Place::Y(first) => Row::Shared(first + usize::from(equation.y)),
            Place::Own(block) => Row::Own(block * count + index),
        }
    }

    /// The rows of this place as a buffer of their own: where they are in it, and which they were.
    pub fn alone(self) -> (Vec<Place>, Span) {
        let nothing = Span { first_shared: 0, shared: 0, first_block: 0, blocks: 0 };
        match self {
            Place::One(row) => {
                (vec![Place::One(0)], Span { first_shared: row, shared: 1, ..nothing })
            }
            Place::Own(block) => {
                (vec![Place::Own(0)], Span { first_block: block, blocks: 1, ..nothing })
            }
            Place::X(_) | Place::Y(_) => unreachable!("`=` is one row, or one per equation"),
        }
    }
}

impl Layout {
    /// The layout of a buffer with these places.
    pub fn of(places: &[Place], n_symbols: usize) -> Layout {
        let mut layout = Layout { shared: 0, blocks: 0 };
        for place in places {
            match place {
                Place::One(_) => layout.shared += 1,
                Place::X(_) | Place::Y(_) => layout.shared += n_symbols,
                Place::Own(_) => layout.blocks += 1,
            }
        }
        layout
    }

    /// Rows for so many equations.
    pub fn rows(self, equations: usize) -> usize {
        self.shared + self.blocks * equations
    }
}

impl Span {
    /// All rows of a buffer.
    pub fn whole(layout: Layout) -> Span {
        Span { first_shared: 0, shared: layout.shared, first_block: 0, blocks: layout.blocks }
    }

    /// The layout of a buffer with these rows alone.
    pub fn layout(self) -> Layout {
        Layout { shared: self.shared, blocks: self.blocks }
    }
}

/// The places of each position before the first layer, between layers, and after the last, which
/// has `=` alone.
pub fn places(prompt: Prompt, n_symbols: usize, n_layers: usize) -> Vec<Vec<Place>> {
    let n = n_symbols;
    let (tokens, between) = match prompt {
        Prompt::WithOp => (
            vec![Place::X(0), Place::One(n), Place::Y(n + 1), Place::One(2 * n + 1)],
            vec![Place::X(0), Place::X(n), Place::Own(0), Place::Own(1)],
        ),
        Prompt::WithoutOp => (
            vec![Place::X(0), Place::Y(n), Place::One(2 * n)],
            vec![Place::X(0), Place::Own(0), Place::Own(1)],
        ),
    };
    let mut steps = vec![tokens];
    steps.extend(std::iter::repeat_n(between, n_layers - 1));
    steps.push(vec![Place::Own(0)]);
    steps
}

//! The table that is learned: what was typed for it, and what that comes to.

use crate::algebra::{BinaryOp, Operation};
use crate::data::Mask;
use crate::error::Result;

/// What was typed for the table that is learned. Its parts mean something only together: a formula is
/// read by one operation, and a mask fits some tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The operation's row of the catalogue.
    pub operation: &'static BinaryOp,
    /// The prime that residues are taken modulo, 3 to 199; also p of Dₚ. Others do not read it.
    pub modulus: u32,
    /// What the operation `formula` computes, at most [`FORMULA_MAX`](crate::algebra::FORMULA_MAX)
    /// characters.
    pub formula: String,
    /// The answers of the operation `table` as CSV, at most
    /// [`TABLE_MAX`](crate::algebra::TABLE_MAX) characters.
    pub table: String,
    /// Cells that are held out instead of a share drawn at random, see [`Mask`]; at most
    /// [`MASK_MAX`](crate::data::MASK_MAX) characters, blank for none.
    pub held_out: String,
}

impl Default for Choice {
    /// The paper's x + y mod 97, and a share drawn at random.
    fn default() -> Choice {
        Choice {
            operation: BinaryOp::find("add").expect("the catalogue has addition"),
            modulus: 97,
            formula: "x^2 + 2xy + y^2".into(),
            table: String::new(),
            held_out: String::new(),
        }
    }
}

/// A [`Choice`] and what it comes to. The text stays beside the values, which would not print as it
/// was typed.
#[derive(Debug)]
pub(crate) struct Learned {
    choice: Choice,
    operation: Operation,
    /// None if a share is drawn at random.
    mask: Option<Mask>,
}

impl Learned {
    /// # Errors
    /// Says what the operation needs and does not have, or where formula, table or mask is wrong.
    pub fn new(choice: Choice) -> Result<Learned> {
        let operation =
            Operation::new(choice.operation, choice.modulus, &choice.formula, &choice.table)?;
        let mask = match choice.held_out.trim() {
            "" => None,
            text => Some(Mask::parse(text)?),
        };
        Ok(Learned { choice, operation, mask })
    }

    pub fn choice(&self) -> &Choice {
        &self.choice
    }

    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    pub fn mask(&self) -> Option<&Mask> {
        self.mask.as_ref()
    }
}

impl PartialEq for Learned {
    /// The rest follows from the choice.
    fn eq(&self, other: &Learned) -> bool {
        self.choice == other.choice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_kept_as_typed_beside_what_they_come_to() {
        let operation = BinaryOp::find("formula").unwrap();
        let formula = "x  + 2y ".to_string();
        let held_out = " row 3;".to_string();
        let choice = Choice { operation, modulus: 7, formula, held_out, ..Choice::default() };
        let learned = Learned::new(choice.clone()).unwrap();
        assert_eq!(learned.choice(), &choice);
        assert_eq!(learned.operation().apply(1, 2), Some(5));
        assert_eq!(learned.mask(), Some(&Mask::parse("row 3").unwrap()));
        let blank = Learned::new(Choice { held_out: "  ".into(), ..choice }).unwrap();
        assert_eq!((blank.mask(), blank.choice().held_out.as_str()), (None, "  "));
    }

    /// A formula that no operation reads may be half typed.
    #[test]
    fn only_what_is_used_is_read() {
        let choice = Choice { formula: "x +".into(), table: "0,".into(), ..Choice::default() };
        assert!(Learned::new(choice.clone()).is_ok());
        let operation = BinaryOp::find("formula").unwrap();
        let message = Learned::new(Choice { operation, ..choice }).unwrap_err().to_string();
        assert!(message.starts_with("the formula is wrong at character 4"), "{message}");
    }
}

//! A finite table of any operation, pasted as text.
//!
//! Rows are x, columns are y, cells are answers, separated by commas, semicolons or tabs. Without
//! names, the symbols of an n x n table are the numbers 0 to n − 1. With names, the first row and
//! the first column hold them, in the same order, and the corner is empty. An empty cell is not
//! defined.

use std::collections::HashMap;

use super::modular::MODULUS_MAX;
use crate::error::{Error, Result};

/// Characters: more than 199² cells of three digits.
pub const TABLE_MAX: usize = 200_000;
/// Fewer symbols have nothing to hold out.
const SYMBOLS_MIN: usize = 2;
const SYMBOLS_MAX: usize = MODULUS_MAX as usize;

/// What to do about a first row that seems to be meant as one of names.
const HEADER: &str = "; a table with names has them in its first row and in its first column, with an \
                      empty corner";

/// Names of the symbols and, row-major, the answers.
pub(super) fn parse(text: &str) -> Result<(Vec<String>, Vec<Option<u16>>)> {
    let separator = [b'\t', b';', b','].into_iter().find(|&c| text.contains(char::from(c)));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator.unwrap_or(b','))
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows: Vec<Vec<String>> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(rows.len(), None, error.to_string()))?;
        rows.push(record.iter().map(String::from).collect());
        if rows.len() > SYMBOLS_MAX + 1 {
            return Err(wrong(rows.len() - 1, None, format!("at most {SYMBOLS_MAX} symbols fit")));
        }
    }
    let first = rows.first().ok_or_else(|| wrong(0, None, "the table is empty".into()))?;
    let named = first[0].is_empty() && first.len() > 1 && first[1..].iter().all(|s| !s.is_empty());
    let names: Vec<String> = match named {
        true => first[1..].to_vec(),
        false => (0..rows.len()).map(|index| index.to_string()).collect(),
    };
    let n = names.len();
    if !(SYMBOLS_MIN..=SYMBOLS_MAX).contains(&n) {
        let problem = format!("a table has {SYMBOLS_MIN} to {SYMBOLS_MAX} symbols, this has {n}");
        return Err(wrong(0, None, problem));
    }
    let mut places = HashMap::new();
    for (index, name) in names.iter().enumerate() {
        if places.insert(name.as_str(), index as u16).is_some() {
            return Err(wrong(0, Some(index + 1), format!("`{name}` is named twice")));
        }
    }
    let head = usize::from(named);
    if rows.len() != n + head {
        let problem = format!("expected {n} rows of answers, found {}", rows.len() - head);
        return Err(wrong(rows.len() - 1, None, problem));
    }
    let mut answers = Vec::with_capacity(n * n);
    for (row, cells) in rows.iter().enumerate().skip(head) {
        if cells.len() != n + head {
            let mut problem = format!("expected {} cells, found {}", n + head, cells.len());
            if !named && rows.len() == first.len() + 1 {
                problem.push_str(HEADER);
            }
            return Err(wrong(row, None, problem));
        }
        if named && cells[0] != names[row - 1] {
            let problem = format!("expected the name `{}`, found `{}`", names[row - 1], cells[0]);
            return Err(wrong(row, Some(0), problem));
        }
        for (column, cell) in cells.iter().enumerate().skip(head) {
            answers.push(match places.get(cell.as_str()) {
                Some(&symbol) => Some(symbol),
                None if cell.is_empty() => None,
                None if named => {
                    return Err(wrong(row, Some(column), format!("`{cell}` is no symbol")));
                }
                None => {
                    let mut problem = format!("`{cell}` is not a whole number from 0 to {}", n - 1);
                    if row == 0 {
                        problem.push_str(HEADER);
                    }
                    return Err(wrong(row, Some(column), problem));
                }
            });
        }
    }
    if answers.iter().flatten().count() < 2 {
        return Err(wrong(0, None, "it has fewer than two answers".into()));
    }
    Ok((names, answers))
}

/// Rows and columns count from 0 here and from 1 for readers.
fn wrong(row: usize, column: Option<usize>, problem: String) -> Error {
    let place = match column {
        Some(column) => format!("row {}, column {}", row + 1, column + 1),
        None => format!("row {}", row + 1),
    };
    Error::Syntax { what: "table", place, problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_and_names() {
        let (names, answers) = parse("0,1,2\n1,2,0\n2,0,\n").unwrap();
        assert_eq!(names, ["0", "1", "2"]);
        assert_eq!(
            answers,
            [0, 1, 2, 1, 2, 0, 2, 0, 9].map(|answer| (answer < 9).then_some(answer))
        );
        let (names, answers) = parse("\te\ta\ne\te\ta\na\ta\te").unwrap();
        assert_eq!(names, ["e", "a"]);
        assert_eq!(answers, [0, 1, 1, 0].map(Some));
        assert_eq!(parse(" 0; 1\n1; 0").unwrap().1, [0, 1, 1, 0].map(Some));
    }

    #[test]
    fn errors_name_the_cell() {
        let message = |text: &str| parse(text).unwrap_err().to_string();
        assert_eq!(
            message("0,1\n1,2\n"),
            "the table is wrong at row 2, column 2: `2` is not a whole number from 0 to 1"
        );
        assert_eq!(message("0,1\n1\n"), "the table is wrong at row 2: expected 2 cells, found 1");
        assert_eq!(message(""), "the table is wrong at row 1: the table is empty");
        assert_eq!(
            message(",a,b\na,a,b\nb,b,c\n"),
            "the table is wrong at row 3, column 3: `c` is no symbol"
        );
        assert_eq!(
            message(",a,b\nb,a,b\na,b,a\n"),
            "the table is wrong at row 2, column 1: expected the name `a`, found `b`"
        );
        assert_eq!(message(",a,a\n"), "the table is wrong at row 1, column 3: `a` is named twice");
        assert!(message("0").contains("2 to 199 symbols, this has 1"));
        assert!(message(&"0\n".repeat(300)).contains("at most 199 symbols"));
    }
}

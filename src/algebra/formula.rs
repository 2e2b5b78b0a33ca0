//! A typed formula over x, y and whole numbers, modulo a prime.
//!
//! ```text
//! choice  = "if" test "then" choice "else" choice | sum
//! test    = sum ( "odd" | "even" | "=" sum | "<" sum )
//! sum     = product ( ( "+" | "-" ) product )*
//! product = minus ( ( "*" | "/" )? minus )*        side by side is a product: 2xy
//! minus   = "-" minus | power
//! power   = atom ( "^" power )?
//! atom    = number | "x" | "y" | "inv" "(" choice ")" | "(" choice ")"
//! ```
//!
//! Tests compare residues as the numbers 0 to p − 1, and so do exponents; 0^0 is 1. A cell that
//! divides by zero is not defined.

use super::modular::{divide, inverse};
use crate::error::{Error, Result};

/// Longer ones are no formula.
pub const FORMULA_MAX: usize = 200;
/// Nested brackets, so that a malicious link cannot exhaust the stack.
const DEPTH_MAX: usize = 50;

/// A formula that was understood; its grammar is that of this module.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    root: Node,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Number(u64),
    X,
    Y,
    Inverse(Box<Node>),
    Minus(Box<Node>),
    Binary(Sign, Box<[Node; 2]>),
    Choice(Test, Box<[Node; 4]>), // compared, with what, then, else
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Sign {
    Plus,
    Minus,
    Times,
    Over,
    Power,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Test {
    Odd,
    Even,
    Equal,
    Less,
}

impl Formula {
    /// # Errors
    /// Says at which character, counted from 1, what was expected.
    pub fn parse(text: &str) -> Result<Formula> {
        if text.chars().count() > FORMULA_MAX {
            return Err(syntax(FORMULA_MAX + 1, "a formula has at most 200 characters".into()));
        }
        let mut parser = Parser { tokens: tokens(text)?, next: 0, depth: 0 };
        let root = parser.choice()?;
        parser.expect(&Token::End, "an operator or the end")?;
        Ok(Formula { root })
    }

    /// The value for residues x and y modulo the prime p, or none where it is not defined.
    pub fn apply(&self, x: u32, y: u32, p: u32) -> Option<u32> {
        self.root.value(x, y, p)
    }
}

impl Node {
    fn value(&self, x: u32, y: u32, p: u32) -> Option<u32> {
        let value = |node: &Node| node.value(x, y, p);
        match self {
            Node::Number(n) => Some((n % u64::from(p)) as u32),
            Node::X => Some(x),
            Node::Y => Some(y),
            Node::Inverse(of) => inverse(value(of)?, p),
            Node::Minus(of) => Some((p - value(of)?) % p),
            Node::Binary(Sign::Power, sides) => {
                let [base, exponent] = &**sides;
                let exponent = match exponent {
                    Node::Number(n) => *n,
                    other => u64::from(value(other)?),
                };
                Some(power(value(base)?, exponent, p))
            }
            Node::Binary(sign, sides) => {
                let (a, b) = (value(&sides[0])?, value(&sides[1])?);
                match sign {
                    Sign::Plus => Some((a + b) % p),
                    Sign::Minus => Some((a + p - b) % p),
                    Sign::Times => Some(a * b % p),
                    Sign::Over => divide(a, b, p),
                    Sign::Power => unreachable!("it has an arm of its own"),
                }
            }
            Node::Choice(test, parts) => {
                let [compared, with, then, otherwise] = &**parts;
                let a = value(compared)?;
                let holds = match test {
                    Test::Odd => a % 2 == 1,
                    Test::Even => a % 2 == 0,
                    Test::Equal => a == value(with)?,
                    Test::Less => a < value(with)?,
                };
                value(if holds { then } else { otherwise })
            }
        }
    }
}

fn power(base: u32, mut exponent: u64, p: u32) -> u32 {
    let (mut base, mut result) = (base % p, 1 % p);
    while exponent > 0 {
        if exponent % 2 == 1 {
            result = result * base % p;
        }
        base = base * base % p;
        exponent /= 2;
    }
    result
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(u64),
    Word(&'static str),
    Sign(char),
    End,
}

const WORDS: [&str; 8] = ["if", "then", "else", "odd", "even", "inv", "x", "y"];

/// Each with the place of its first character, counted from 1.
fn tokens(text: &str) -> Result<Vec<(usize, Token)>> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = characters.get(at) {
        let start = at;
        let run = |test: fn(&char) -> bool| characters[start..].iter().take_while(move |c| test(c));
        match c {
            _ if c.is_whitespace() => at += 1,
            '0'..='9' => {
                let digits: String = run(char::is_ascii_digit).collect();
                at += digits.len();
                let number = digits
                    .parse()
                    .map_err(|_| syntax(start + 1, format!("`{digits}` is too large")))?;
                tokens.push((start + 1, Token::Number(number)));
            }
            _ if c.is_ascii_alphabetic() => {
                let word: String = run(char::is_ascii_alphabetic).collect();
                at += word.len();
                if let Some(known) = WORDS.iter().find(|known| **known == word) {
                    tokens.push((start + 1, Token::Word(known)));
                } else if let Some(other) = word.chars().position(|c| c != 'x' && c != 'y') {
                    let what = "a formula knows x, y, inv, if, then, else, odd and even";
                    return Err(syntax(start + 1 + other, format!("found `{word}`: {what}")));
                } else {
                    let letters = word.chars().enumerate().map(|(place, letter)| {
                        let word = if letter == 'x' { "x" } else { "y" };
                        (start + 1 + place, Token::Word(word))
                    });
                    tokens.extend(letters);
                }
            }
            '²' | '³' => {
                at += 1;
                tokens.push((at, Token::Sign('^')));
                tokens.push((at, Token::Number(if c == '²' { 2 } else { 3 })));
            }
            _ => {
                at += 1;
                let sign = match c {
                    '−' => '-',
                    '·' | '×' => '*',
                    '+' | '-' | '*' | '/' | '^' | '(' | ')' | '=' | '<' => c,
                    _ => return Err(syntax(at, format!("`{c}` has no meaning in a formula"))),
                };
                tokens.push((at, Token::Sign(sign)));
            }
        }
    }
    tokens.push((characters.len() + 1, Token::End));
    Ok(tokens)
}

fn syntax(at: usize, problem: String) -> Error {
    Error::Syntax { what: "formula", place: format!("character {at}"), problem }
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.next].1
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == token;
        if found && *token != Token::End {
            self.next += 1;
        }
        found
    }

    fn expect(&mut self, token: &Token, what: &str) -> Result<()> {
        if self.take(token) { Ok(()) } else { Err(self.unexpected(what)) }
    }

    fn unexpected(&self, expected: &str) -> Error {
        let (at, token) = &self.tokens[self.next];
        let found = match token {
            Token::Number(n) => format!("`{n}`"),
            Token::Word(word) => format!("`{word}`"),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::End => "the end".into(),
        };
        syntax(*at, format!("expected {expected}, found {found}"))
    }

    fn choice(&mut self) -> Result<Node> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.unexpected("fewer nested brackets"));
        }
        let node = if self.take(&Token::Word("if")) {
            let compared = self.sum()?;
            let (test, with) = self.test()?;
            self.expect(&Token::Word("then"), "`then`")?;
            let then = self.choice()?;
            self.expect(&Token::Word("else"), "`else`")?;
            let otherwise = self.choice()?;
            Node::Choice(test, Box::new([compared, with, then, otherwise]))
        } else {
            self.sum()?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn test(&mut self) -> Result<(Test, Node)> {
        let alone = [(Token::Word("odd"), Test::Odd), (Token::Word("even"), Test::Even)];
        for (token, test) in alone {
            if self.take(&token) {
                return Ok((test, Node::Number(0)));
            }
        }
        for (token, test) in [(Token::Sign('='), Test::Equal), (Token::Sign('<'), Test::Less)] {
            if self.take(&token) {
                return Ok((test, self.sum()?));
            }
        }
        Err(self.unexpected("`odd`, `even`, `=` or `<`"))
    }

    fn sum(&mut self) -> Result<Node> {
        let mut left = self.product()?;
        loop {
            let sign = match self.peek() {
                Token::Sign('+') => Sign::Plus,
                Token::Sign('-') => Sign::Minus,
                _ => return Ok(left),
            };
            self.next += 1;
            left = Node::Binary(sign, Box::new([left, self.product()?]));
        }
    }

    fn product(&mut self) -> Result<Node> {
        let mut left = self.minus()?;
        loop {
            let sign = match self.peek() {
                Token::Sign('*') => Sign::Times,
                Token::Sign('/') => Sign::Over,
                Token::Sign('(') | Token::Number(_) | Token::Word("x" | "y" | "inv") => {
                    left = Node::Binary(Sign::Times, Box::new([left, self.power()?]));
                    continue;
                }
                _ => return Ok(left),
            };
            self.next += 1;
            left = Node::Binary(sign, Box::new([left, self.minus()?]));
        }
    }

    fn minus(&mut self) -> Result<Node> {
        // A loop, not a recursion: a formula may be all minus signs.
        let mut count = 0;
        while self.take(&Token::Sign('-')) {
            count += 1;
        }
        let node = self.power()?;
        Ok(if count % 2 == 1 { Node::Minus(Box::new(node)) } else { node })
    }

    fn power(&mut self) -> Result<Node> {
        let base = self.atom()?;
        if !self.take(&Token::Sign('^')) {
            return Ok(base);
        }
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.unexpected("fewer nested powers"));
        }
        match self.peek() {
            Token::Sign('-') => {
                let problem = "an exponent has no sign: it is a whole number from 0, and the \
                               inverse of x is `inv(x)`";
                return Err(syntax(self.tokens[self.next].0, problem.into()));
            }
            Token::Number(_) | Token::Word("x" | "y" | "inv") | Token::Sign('(') => {}
            _ => return Err(self.unexpected("an exponent: x, y, a number, `inv` or `(`")),
        }
        let node = Node::Binary(Sign::Power, Box::new([base, self.power()?]));
        self.depth -= 1;
        Ok(node)
    }

    fn atom(&mut self) -> Result<Node> {
        let node = match *self.peek() {
            Token::Number(n) => Node::Number(n),
            Token::Word("x") => Node::X,
            Token::Word("y") => Node::Y,
            Token::Word("inv") => {
                self.next += 1;
                self.expect(&Token::Sign('('), "`(`")?;
                let of = self.choice()?;
                self.expect(&Token::Sign(')'), "`)`")?;
                return Ok(Node::Inverse(Box::new(of)));
            }
            Token::Sign('(') => {
                self.next += 1;
                let inside = self.choice()?;
                self.expect(&Token::Sign(')'), "`)`")?;
                return Ok(inside);
            }
            _ => return Err(self.unexpected("x, y, a number, `inv`, `(` or `-`")),
        };
        self.next += 1;
        Ok(node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, x: u32, y: u32) -> Option<u32> {
        Formula::parse(text).unwrap().apply(x, y, 97)
    }

    #[test]
    fn binds_as_mathematicians_do() {
        assert_eq!(value("2 + 3 * 4", 0, 0), Some(14));
        assert_eq!(value("2 - 3 - 4", 0, 0), Some(92)); // −5
        assert_eq!(value("2 * 3 ^ 2", 0, 0), Some(18));
        assert_eq!(value("2 ^ 3 ^ 2", 0, 0), Some(512 % 97));
        assert_eq!(value("-x^2", 3, 0), Some(88)); // −9
        assert_eq!(value("2xy + 3(x + y)²", 5, 7), Some((70 + 3 * 144) % 97));
        assert_eq!(value("12 / 3 / 2", 0, 0), Some(2));
        assert_eq!(value("--x", 3, 0), Some(3));
        // Fermat: the exponent is not reduced modulo p.
        assert_eq!(value("x^97", 5, 0), Some(5));
    }

    #[test]
    fn cells_that_divide_by_zero_are_not_defined() {
        assert_eq!(value("x / y", 1, 0), None);
        assert_eq!(value("inv(x - y)", 4, 4), None);
        assert_eq!(value("inv(2)", 0, 0), Some(49));
        assert_eq!(value("if y = 0 then 1 else x / y", 1, 0), Some(1));
        assert_eq!(value("0^0", 0, 0), Some(1));
    }

    #[test]
    fn errors_point_at_the_character() {
        let message = |text: &str| Formula::parse(text).unwrap_err().to_string();
        assert_eq!(
            message("x +* y"),
            "the formula is wrong at character 4: expected x, y, a number, `inv`, `(` or `-`, \
             found `*`"
        );
        assert_eq!(
            message("(x + y"),
            "the formula is wrong at character 7: expected `)`, found the end"
        );
        assert_eq!(
            message("x + z"),
            "the formula is wrong at character 5: found `z`: a formula knows x, y, inv, if, then, \
             else, odd and even"
        );
        assert_eq!(
            message("x % y"),
            "the formula is wrong at character 3: `%` has no meaning in a formula"
        );
        assert_eq!(
            message("if x then y else x"),
            "the formula is wrong at character 6: expected `odd`, `even`, `=` or `<`, found `then`"
        );
        let exponent = "the formula is wrong at character 3: an exponent has no sign: it is a whole \
                        number from 0, and the inverse of x is `inv(x)`";
        assert_eq!(message("x^-1"), exponent);
        assert_eq!(message("x^−1"), exponent);
        assert_eq!(
            message("x^*2"),
            "the formula is wrong at character 3: expected an exponent: x, y, a number, `inv` or \
             `(`, found `*`"
        );
        assert!(message("").contains("character 1"));
        assert!(message("99999999999999999999").contains("is too large"));
        assert!(message(&"(".repeat(150)).contains("fewer nested brackets"));
        assert!(message(&"x".repeat(201)).contains("at most 200"));
        let powers = "x^".repeat(80);
        assert!(message(&powers).contains("fewer nested powers"));
    }
}

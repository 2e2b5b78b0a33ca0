//! The words and signs of Rust code, without its comments and texts.

/// Words, `::` and single signs; no comments, texts and characters.
pub fn tokens(text: &str) -> Vec<String> {
    let text: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        at += match rest {
            ['/', '/', ..] => rest.iter().take_while(|&&c| c != '\n').count(),
            ['/', '*', ..] => comment(rest),
            ['"', ..] => quoted(rest),
            ['\'', '\\', ..] => 3 + rest[3..].iter().take_while(|&&c| c != '\'').count() + 1,
            ['\'', _, '\'', ..] => 3,
            ['\'', ..] => 1, // a lifetime
            ['r', tail @ ..] | ['b', 'r', tail @ ..] if raw(tail) > 0 => {
                rest.len() - tail.len() + raw(tail)
            }
            [':', ':', ..] => {
                tokens.push("::".to_string());
                2
            }
            [first, ..] if first.is_alphanumeric() || *first == '_' => {
                let word = rest.iter().take_while(|&&c| c.is_alphanumeric() || c == '_');
                let word: Vec<char> = word.copied().collect();
                tokens.push(word.iter().collect());
                word.len()
            }
            [first, ..] => {
                if !first.is_whitespace() {
                    tokens.push(first.to_string());
                }
                1
            }
            [] => unreachable!("there is more text"),
        };
    }
    tokens
}

/// The length of a comment, which may have others in it.
fn comment(text: &[char]) -> usize {
    let (mut depth, mut at) = (1, 2);
    while depth > 0 {
        let step = match text[at..] {
            ['/', '*', ..] => 1,
            ['*', '/', ..] => -1,
            _ => 0,
        };
        depth += step;
        at += if step == 0 { 1 } else { 2 };
    }
    at
}

fn quoted(text: &[char]) -> usize {
    let mut at = 1;
    while text[at] != '"' {
        at += if text[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The length of a raw text after its `r`; 0 if it is none.
fn raw(text: &[char]) -> usize {
    let hashes = text.iter().take_while(|&&c| c == '#').count();
    if text.get(hashes) != Some(&'"') {
        return 0;
    }
    let body = &text[hashes + 1..];
    let ends = |&at: &usize| {
        body[at] == '"' && body[at + 1..].iter().take_while(|&&c| c == '#').count() >= hashes
    };
    let end = (0..body.len()).find(ends).expect("a text ends");
    hashes + 1 + end + 1 + hashes
}

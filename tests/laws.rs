//! Laws of tables, splits, batches and groups, and what is said of bad input.

use std::collections::{BTreeMap, HashSet};

use grokking::algebra::{ALL, BinaryOp, Facts, Operation, inverse, is_prime};
use grokking::config::{Config, RawConfig};
use grokking::data::{Batches, Split, Table, corrupt};
use grokking::presets::PRESETS;
use grokking::rng::Rng;
use grokking::settings::SETTINGS;
use proptest::prelude::*;

const PRIMES: [u32; 45] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193,
    197, 199,
];

fn table(id: &str, modulus: u32) -> Table {
    Table::new(&operation(id, modulus))
}

fn operation(id: &str, modulus: u32) -> Operation {
    Operation::new(BinaryOp::find(id).unwrap(), modulus, "x + y", "").unwrap()
}

fn map(settings: &[(&str, &str)]) -> BTreeMap<String, String> {
    settings.iter().map(|&(id, value)| (id.into(), value.into())).collect()
}

fn message(settings: &[(&str, &str)]) -> String {
    let raw = RawConfig { preset: None, settings: map(settings) };
    Config::from_raw(&raw).unwrap_err().to_string()
}

#[test]
fn tables_have_the_papers_sizes() {
    for op in &ALL[..13] {
        let expected = match op.id {
            "div" => 9_312,
            id if id.starts_with("s5") => 14_400,
            _ => 9_409,
        };
        assert_eq!(table(op.id, 97).equations.len(), expected, "{}", op.id);
    }
}

#[test]
fn no_answer_is_common() {
    // The commonest answer of any of the paper's tables covers at most 2.1 % of it, and every symbol
    // is an answer.
    for op in &ALL[..13] {
        let table = table(op.id, 97);
        let mut counts = vec![0usize; table.symbols];
        for equation in &table.equations {
            counts[equation.answer as usize] += 1;
        }
        let share = *counts.iter().max().unwrap() as f64 / table.equations.len() as f64;
        assert!(share <= 0.021, "{}: {share}", op.id);
        assert!(counts.iter().all(|&count| count > 0), "{}", op.id);
    }
}

#[test]
fn the_primes_are_the_primes() {
    let found: Vec<u32> = (3..200).filter(|&n| is_prime(n)).collect();
    assert_eq!(found, PRIMES);
}

#[test]
fn the_facts_of_a_table_are_those_of_algebra() {
    // The symmetric operations of the paper's list (appendix A.1.1); a group is commutative if every
    // x · y · x⁻¹ is y, and its product is associative.
    let symmetric = ["add", "mul", "quad1", "quad2"];
    for op in ALL.iter().filter(|op| op.id != "table" && op.id != "formula") {
        let operation = operation(op.id, 23);
        let facts = operation.facts();
        assert_eq!(facts.commutative, symmetric.contains(&op.id), "{}", op.id);
        let product = ["add", "mul", "s5", "s3", "s4", "a4", "a5", "dihedral", "q8"];
        assert_eq!(facts.associative, product.contains(&op.id), "{}", op.id);
        // Conjugation and x · y · x of some groups miss symbols; nothing else does.
        let all = facts.distinct_answers == operation.symbols();
        assert!(all || op.id.ends_with("aba"), "{}: {}", op.id, facts.distinct_answers);
    }
    let max = Operation::new(BinaryOp::find("table").unwrap(), 3, "", "0,1,2\n1,1,2\n2,2,2");
    let expected =
        Facts { commutative: true, associative: true, distinct_answers: 3, commonest: 5 };
    assert_eq!(max.unwrap().facts(), expected);
}

#[test]
fn formulas_agree_with_the_named_operations() {
    let formulas = [
        ("add", "x + y"),
        ("sub", "x - y"),
        ("mul", "x * y"),
        ("div", "x / y"),
        ("div", "x * inv(y)"),
        ("mix", "if y odd then x / y else x - y"),
        ("quad1", "x^2 + y^2"),
        ("quad2", "x² + xy + y²"),
        ("quad3", "x(x + y) + y·y + x"),
        ("cube1", "x^3 + xy"),
        ("cube2", "x^3 + x*y^2 + y"),
    ];
    for (id, formula) in formulas {
        let typed = Operation::new(BinaryOp::find("formula").unwrap(), 31, formula, "").unwrap();
        let named = operation(id, 31);
        for (x, y) in (0..31).flat_map(|x| (0..31).map(move |y| (x, y))) {
            assert_eq!(typed.apply(x, y), named.apply(x, y), "{formula} at {x}, {y}");
        }
    }
}

#[test]
fn a_mask_holds_out_its_cells_and_no_others() {
    let settings = [("heldOut", "row 3; box 0-1 4-5"), ("modulus", "7")]
        .map(|(id, value)| (id.to_string(), value.to_string()));
    let config = Config::default().with(&settings.into()).unwrap();
    let table = Table::new(config.operation());
    let mask = config.split(&table, &Rng::new(1)).held_out_mask();
    for (equation, held_out) in table.equations.iter().zip(mask) {
        let expected = equation.x == 3 || (equation.x <= 1 && [4, 5].contains(&equation.y));
        assert_eq!(held_out, expected, "{equation:?}");
    }
    assert_eq!(
        message(&[("heldOut", "row 0-200")]),
        "the held-out mask is wrong at the whole: it holds out 1849 of 1849 equations, and each \
         side needs one"
    );
}

#[test]
fn bad_input_is_named_with_what_is_allowed() {
    assert_eq!(
        message(&[("modulus", "98")]),
        "`modulus` cannot be `98`: allowed is a prime from 3 to 199"
    );
    assert_eq!(
        message(&[("trainFraction", "NaN")]),
        "`trainFraction` cannot be `NaN`: allowed is a number from 0.01 to 0.99"
    );
    assert_eq!(
        message(&[("batch", "0")]),
        "`batch` cannot be `0`: allowed is auto, full, or a whole number from 1 to 39601"
    );
    assert_eq!(
        message(&[("width", "30")]),
        "`width` cannot be `30`: allowed is a multiple of the 4 heads"
    );
    assert_eq!(
        message(&[("operation", "plus")]),
        "`operation` cannot be `plus`: allowed is add, sub, mul, div, mix, quad1, quad2, quad3, \
         cube1, cube2, s5, s5conj, s5aba, s3, s3conj, s3aba, s4, s4conj, s4aba, a4, a4conj, a4aba, a5, a5conj, \
         a5aba, dihedral, dihedralconj, dihedralaba, q8, q8conj, q8aba, formula, table"
    );
    assert!(message(&[("depth", "2")]).starts_with("there is no setting `depth`: there is oper"));
    let unknown = RawConfig { preset: Some("slow".into()), ..RawConfig::default() };
    assert_eq!(
        Config::from_raw(&unknown).unwrap_err().to_string(),
        "there is no preset `slow`: there is clock, quick, addition, division, s5, iconic, never"
    );
}

#[test]
fn presets_are_valid_and_survive_being_typed() {
    for preset in PRESETS {
        let config = preset.config();
        let typed = config.typed().into_iter().map(|(id, text)| (id.to_string(), text)).collect();
        assert_eq!(Config::default().with(&typed).unwrap(), config, "{}", preset.id);
    }
    assert_eq!(SETTINGS.len(), Config::default().typed().len());
}

/// As it was typed, not as it was understood: spaces, a formula that nothing reads, a blank mask.
#[test]
fn texts_survive_being_typed() {
    let typed = [
        [("operation", "add"), ("formula", " x +"), ("table", ",a\na,"), ("heldOut", "  ")],
        [("operation", "formula"), ("formula", "x  + 2y"), ("table", ""), ("heldOut", "row 3;")],
        [("operation", "table"), ("formula", ""), ("table", "0, 1\n1,0"), ("heldOut", "every 2 ")],
    ];
    for settings in typed {
        let config = Config::default().with(&map(&settings)).unwrap();
        let again: BTreeMap<&str, String> = config.typed().into_iter().collect();
        for (id, text) in settings {
            assert_eq!(again[id], text, "{id}");
        }
        let again = again.into_iter().map(|(id, text)| (id.to_string(), text)).collect();
        assert_eq!(Config::default().with(&again).unwrap(), config);
    }
}

/// A configuration that was made of another has its own operation and mask.
#[test]
fn what_is_learned_follows_from_the_settings() {
    let first = Config::default().with(&map(&[("modulus", "7"), ("heldOut", "row 3")])).unwrap();
    let second = first.with(&map(&[("modulus", "11"), ("heldOut", "")])).unwrap();
    assert_eq!((first.operation().symbols(), second.operation().symbols()), (7, 11));
    assert_eq!((first.mask().is_some(), second.mask().is_some()), (true, false));
    assert_ne!(first, second);
    assert_eq!(second.with(&map(&[("modulus", "7"), ("heldOut", "row 3")])).unwrap(), first);
}

proptest! {
    #[test]
    fn inverses_are_inverse(p in prop::sample::select(&PRIMES[..]), a in 0u32..199) {
        match inverse(a, p) {
            Some(b) => prop_assert_eq!(a * b % p, 1),
            None => prop_assert_eq!(a % p, 0),
        }
    }

    #[test]
    fn division_undoes_multiplication(
        p in prop::sample::select(&PRIMES[..]), x in 0usize..199, y in 1usize..199,
    ) {
        let p_size = p as usize;
        let (x, y) = (x % p_size, y % p_size);
        prop_assume!(y != 0);
        let times = operation("mul", p);
        let over = operation("div", p);
        prop_assert_eq!(over.apply(times.apply(x, y).unwrap(), y), Some(x));
        prop_assert_eq!(over.apply(x, 0), None);
    }

    /// Against integers that cannot overflow.
    #[test]
    fn modular_operations_are_what_they_say(
        p in prop::sample::select(&PRIMES[..]), x in 0u64..199, y in 0u64..199,
    ) {
        let modulus = u64::from(p);
        let (x, y) = (x % modulus, y % modulus);
        let expected = [
            ("add", x + y),
            ("sub", x + modulus - y),
            ("mul", x * y),
            ("quad1", x.pow(2) + y.pow(2)),
            ("quad2", x.pow(2) + x * y + y.pow(2)),
            ("quad3", x.pow(2) + x * y + y.pow(2) + x),
            ("cube1", x.pow(3) + x * y),
            ("cube2", x.pow(3) + x * y.pow(2) + y),
        ];
        for (id, value) in expected {
            let operation = operation(id, p);
            let answer = operation.apply(x as usize, y as usize);
            prop_assert_eq!(answer, Some((value % modulus) as usize), "{}", id);
        }
        let mix = operation("mix", p);
        let answer = mix.apply(x as usize, y as usize).unwrap() as u64;
        if y % 2 == 1 {
            prop_assert_eq!(answer * y % modulus, x);
        } else {
            prop_assert_eq!((answer + y) % modulus, x);
        }
    }

    #[test]
    fn splits_nest_and_cover(
        n in 2usize..2_000, low in 0.01f64..0.99, high in 0.01f64..0.99, seed: u32,
    ) {
        let rng = Rng::new(u64::from(seed));
        let (low, high) = (low.min(high), low.max(high));
        let (small, large) = (Split::new(n, low, &rng), Split::new(n, high, &rng));
        prop_assert_eq!(small.train(), &large.train()[..small.train().len()]);
        let all: HashSet<u32> = large.train().iter().chain(large.held_out()).copied().collect();
        prop_assert_eq!(all.len(), n);
        prop_assert!(!large.train().is_empty() && !large.held_out().is_empty());
        let mask = large.held_out_mask();
        prop_assert!(large.train().iter().all(|&index| !mask[index as usize]));
        prop_assert!(large.held_out().iter().all(|&index| mask[index as usize]));
    }

    /// A cell and its mirror image are on one side, in exact numbers, and the splits nest.
    #[test]
    fn splits_of_pairs_keep_mirror_images_together(
        p in proptest::sample::select(vec![3u32, 7, 11, 23, 41]), id in proptest::sample::select(vec!["add", "div", "sub"]),
        low in 0.01f64..0.99, high in 0.01f64..0.99, seed: u32,
    ) {
        let table = table(id, p);
        let n = table.equations.len();
        let rng = Rng::new(u64::from(seed));
        let (low, high) = (low.min(high), low.max(high));
        let of_pairs = |fraction| Split::of_pairs(&table, fraction, &rng).unwrap();
        let (small, large) = (of_pairs(low), of_pairs(high));
        prop_assert_eq!(small.train(), &large.train()[..small.train().len()]);
        let all: HashSet<u32> = large.train().iter().chain(large.held_out()).copied().collect();
        prop_assert_eq!(all.len(), n);
        prop_assert!(!large.train().is_empty() && !large.held_out().is_empty());
        // The pair that passes the share is whole; the last pair is always held out.
        let wanted = ((n as f64 * high).round() as usize).max(1);
        let got = large.train().len();
        prop_assert!(got == wanted || got == wanted + 1 || n - got <= 2, "{} of {}", got, wanted);
        let mask = large.held_out_mask();
        let at = |x: u16, y: u16| table.equations.iter().position(|e| (e.x, e.y) == (x, y));
        for (index, equation) in table.equations.iter().enumerate() {
            if let Some(mirror) = at(equation.y, equation.x) {
                prop_assert_eq!(mask[index], mask[mirror]);
            }
        }
        if id == "add" {
            prop_assert!(table.mirrored(&mask).unwrap().iter().all(|&mirrored| !mirrored));
        }
    }

    /// Counted cell by cell, without the table's own list of mirror images.
    #[test]
    fn mirrored_cells_are_held_out_and_their_mirror_images_are_not(fraction in 0.05f64..0.95, seed: u32) {
        let table = table("add", 11);
        let split = Split::new(table.equations.len(), fraction, &Rng::new(u64::from(seed)));
        let held_out = split.held_out_mask();
        let mirrored = table.mirrored(&held_out).unwrap();
        for (x, y) in (0..11).flat_map(|x| (0..11).map(move |y| (x, y))) {
            let (cell, mirror) = (11 * x + y, 11 * y + x);
            prop_assert_eq!(mirrored[cell], held_out[cell] && !held_out[mirror]);
        }
    }

    /// Only training equations get other answers, more outliers add to fewer, and with all of them
    /// the answers are the same ones in other places.
    #[test]
    fn outliers_have_the_answers_of_others(few in 0usize..60, more in 0usize..60, seed: u32) {
        let rng = Rng::new(u64::from(seed));
        let clean = table("add", 11).equations;
        let split = Split::new(clean.len(), 0.5, &rng);
        let n = split.train().len();
        let (few, more) = (few.min(more), few.max(more));
        let outliers = |count: usize| {
            let mut equations = clean.clone();
            let flags = corrupt(&mut equations, split.train(), count, &rng);
            (equations, flags)
        };
        let ((_, small), (large_equations, large)) = (outliers(few), outliers(more));
        prop_assert_eq!(small.iter().filter(|&&flag| flag).count(), few);
        prop_assert!(small.iter().zip(&large).all(|(&small, &large)| large || !small));
        let held_out = split.held_out_mask();
        for (index, equation) in large_equations.iter().enumerate() {
            prop_assert!(!(held_out[index] && large[index]));
            prop_assert!(large[index] || equation.answer == clean[index].answer);
        }
        let sorted = |equations: &[grokking::data::Equation]| {
            let train = split.train().iter();
            let mut answers: Vec<u16> = train.map(|&i| equations[i as usize].answer).collect();
            answers.sort_unstable();
            answers
        };
        prop_assert_eq!(sorted(&outliers(n).0), sorted(&clean));
    }

    /// Every epoch shows every training equation once, wherever one starts to look.
    #[test]
    fn batches_cover_each_epoch(n in 1usize..300, size in 1usize..300, epoch in 0u64..5, seed: u32) {
        let train: Vec<u32> = (0..n as u32).map(|index| index * 3).collect();
        let rng = Rng::new(u64::from(seed));
        let mut batches = Batches::new(&train, size, &rng);
        let steps = batches.steps_per_epoch();
        let mut seen: Vec<u32> = Vec::new();
        for step in epoch * steps..(epoch + 1) * steps {
            seen.extend(batches.at(step));
        }
        seen.sort_unstable();
        prop_assert_eq!(&seen, &train);
        // A batch is a function of the step alone.
        let step = epoch * steps + steps / 2;
        let again = Batches::new(&train, size, &rng).at(step).to_vec();
        prop_assert_eq!(batches.at(step), &again[..]);
    }
}

#[test]
fn only_commutative_tables_have_mirrored_cells() {
    for id in ["sub", "div", "s5", "quad3"] {
        let table = table(id, 7);
        assert_eq!(table.mirrored(&vec![true; table.equations.len()]), None, "{id}");
    }
}

#[test]
fn a_single_pair_is_not_split_in_pairs() {
    let settings = [("operation", "table"), ("table", ",a,b\na,,a\nb,b,"), ("split", "pairs")];
    let settings = settings.map(|(id, text)| (id.to_string(), text.to_string())).into();
    let raw = grokking::config::RawConfig { preset: None, settings };
    let refused = grokking::config::Config::from_raw(&raw).unwrap_err().to_string();
    assert_eq!(
        refused,
        "`split` cannot be `pairs`: allowed is cells, for a table with a single pair"
    );
}

#[test]
fn the_default_split_has_as_many_cells_as_the_readme_says() {
    let config = grokking::config::Config::from_raw(&Default::default()).unwrap();
    let table = Table::new(config.operation());
    let split = config.split(&table, &Rng::new(u64::from(config.seed)));
    assert_eq!((split.train().len(), split.held_out().len()), (1442, 407));
}

#[test]
fn elements_are_ordered_coset_by_coset() {
    let s5 = operation("s5", 7);
    let order = s5.order();
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..120).collect::<Vec<u16>>());
    // The largest cyclic subgroups of S5 have six elements: each six in a row are a coset, so that
    // the quotient of any two of them is in the first six.
    let at = |place: usize| order.iter().position(|&at| usize::from(at) == place).unwrap();
    let inverse = |x: usize| {
        (0..120)
            .find(|&y| {
                s5.apply(x, y) == s5.apply(y, x) && s5.apply(s5.apply(x, y).unwrap(), x) == Some(x)
            })
            .unwrap()
    };
    for place in 0..120 {
        let (first, here) = (at(place / 6 * 6), at(place));
        let quotient = s5.apply(inverse(first), here).unwrap();
        assert!(usize::from(order[quotient]) < 6, "{place}");
    }
    assert_eq!(operation("add", 7).order(), (0..7).collect::<Vec<u16>>());
}

//! Finite groups, each as its table of products.

use std::collections::HashMap;

/// The groups of the catalogue. [`GroupId::Dihedral`] has 2p elements, p being the modulus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupId {
    /// Permutations of three things: 6 elements.
    S3,
    /// Permutations of four things: 24 elements.
    S4,
    /// Permutations of five things: 120 elements.
    S5,
    /// Even permutations of four things: 12 elements.
    A4,
    /// Even permutations of five things: 60 elements.
    A5,
    /// Symmetries of a regular p-gon: 2p elements.
    Dihedral,
    /// ±1, ±i, ±j, ±k: 8 elements.
    Quaternions,
}

/// The elements are numbers below the order; the identity is number 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    names: Vec<String>,
    /// Row-major: a · b at `a * order + b`.
    products: Vec<u16>,
    inverses: Vec<u16>,
}

impl Group {
    /// `modulus` is that of the dihedral group; the others do not use it.
    pub fn new(id: GroupId, modulus: u32) -> Group {
        let any = |_: &[u8]| true;
        match id {
            GroupId::S3 => Group::of_permutations(3, any),
            GroupId::S4 => Group::of_permutations(4, any),
            GroupId::S5 => Group::of_permutations(5, any),
            GroupId::A4 => Group::of_permutations(4, is_even),
            GroupId::A5 => Group::of_permutations(5, is_even),
            GroupId::Dihedral => Group::dihedral(modulus as usize),
            GroupId::Quaternions => Group::quaternions(),
        }
    }

    /// Permutations of 0..n in lexicographic order of their images.
    ///
    /// Composition is read from left to right: x · y applies x first, so that
    /// (x·y)(i) = y(x(i)), as in the `openai/grok` data generator.
    fn of_permutations(n: usize, keep: impl Fn(&[u8]) -> bool) -> Group {
        let mut all = vec![Vec::new()];
        for _ in 0..n {
            all = all
                .iter()
                .flat_map(|head: &Vec<u8>| {
                    let rest = (0..n as u8).filter(|image| !head.contains(image));
                    rest.map(|image| [&head[..], &[image]].concat())
                })
                .collect();
        }
        all.retain(|images| keep(images));
        let names = all.iter().map(|images| {
            let digits: String = images.iter().map(|image| image.to_string()).collect();
            format!("({digits})")
        });
        let places: HashMap<&[u8], usize> =
            all.iter().enumerate().map(|(place, images)| (&images[..], place)).collect();
        Group::from_product(names.collect(), |x, y| {
            let images: Vec<u8> = all[x].iter().map(|&image| all[y][image as usize]).collect();
            places[&images[..]]
        })
    }

    /// The symmetries of the regular p-gon: rotations r0 to r(p−1), then reflections s0 to s(p−1),
    /// where sk = s0 · rk and rk · s0 = s0 · r(−k).
    fn dihedral(p: usize) -> Group {
        let names = (0..2 * p).map(|index| match index < p {
            true => format!("r{index}"),
            false => format!("s{}", index - p),
        });
        Group::from_product(names.collect(), |x, y| {
            let (x_flips, x_turn) = (x >= p, x % p);
            let (y_flips, y_turn) = (y >= p, y % p);
            let turn = if y_flips { y_turn + p - x_turn } else { y_turn + x_turn } % p;
            turn + if x_flips == y_flips { 0 } else { p }
        })
    }

    /// 1, −1, i, −i, j, −j, k, −k.
    fn quaternions() -> Group {
        let names = ["1", "−1", "i", "−i", "j", "−j", "k", "−k"].map(String::from);
        Group::from_product(names.into(), |x, y| {
            let (unit_x, unit_y) = (x / 2, y / 2);
            // Units 1, i, j, k: i·i = −1, i·j = k, j·i = −k, and round.
            let (unit, minus) = match (unit_x, unit_y) {
                (0, unit) | (unit, 0) => (unit, false),
                (a, b) if a == b => (0, true),
                (a, b) => (6 - a - b, (b + 3 - a) % 3 == 2),
            };
            2 * unit + (x % 2 + y % 2 + usize::from(minus)) % 2
        })
    }

    fn from_product(names: Vec<String>, product: impl Fn(usize, usize) -> usize) -> Group {
        let order = names.len();
        let pairs = (0..order).flat_map(|x| (0..order).map(move |y| (x, y)));
        let products: Vec<u16> = pairs.map(|(x, y)| product(x, y) as u16).collect();
        let inverse = |x: usize| (0..order).find(|&y| products[x * order + y] == 0);
        let inverses =
            (0..order).map(|x| inverse(x).expect("a group has inverses") as u16).collect();
        Group { names, products, inverses }
    }

    /// How many elements there are.
    pub fn order(&self) -> usize {
        self.names.len()
    }

    /// Permutations as their images in brackets, such as (10234).
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// x · y.
    ///
    /// # Panics
    /// If one of them is no element.
    pub fn product(&self, x: usize, y: usize) -> usize {
        self.products[x * self.order() + y] as usize
    }

    /// x⁻¹.
    ///
    /// # Panics
    /// If it is no element.
    pub fn inverse(&self, x: usize) -> usize {
        self.inverses[x] as usize
    }
}

/// An even number of pairs stands in the wrong order.
fn is_even(images: &[u8]) -> bool {
    let wrong = images
        .iter()
        .enumerate()
        .map(|(place, image)| images[place + 1..].iter().filter(|later| *later < image).count());
    wrong.sum::<usize>().is_multiple_of(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [(GroupId, usize, usize); 7] = [
        // Order and number of conjugacy classes, from any table of small groups; D₇.
        (GroupId::S3, 6, 3),
        (GroupId::S4, 24, 5),
        (GroupId::S5, 120, 7),
        (GroupId::A4, 12, 4),
        (GroupId::A5, 60, 5),
        (GroupId::Dihedral, 14, 5),
        (GroupId::Quaternions, 8, 5),
    ];

    #[test]
    fn the_groups_are_groups_of_their_order() {
        for (id, order, _) in ALL {
            let group = Group::new(id, 7);
            assert_eq!(group.order(), order, "{id:?}");
            for x in 0..order {
                assert_eq!((group.product(x, 0), group.product(0, x)), (x, x), "{id:?}");
                assert_eq!(group.product(group.inverse(x), x), 0, "{id:?}");
                for y in 0..order {
                    for z in 0..order {
                        let left = group.product(group.product(x, y), z);
                        assert_eq!(left, group.product(x, group.product(y, z)), "{id:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_groups_have_their_conjugacy_classes() {
        for (id, order, classes) in ALL {
            let group = Group::new(id, 7);
            let least = |x: usize| {
                let conjugates =
                    (0..order).map(|y| group.product(group.product(group.inverse(y), x), y));
                conjugates.min().unwrap()
            };
            let mut found: Vec<usize> = (0..order).map(least).collect();
            found.sort_unstable();
            found.dedup();
            assert_eq!(found.len(), classes, "{id:?}");
        }
    }

    #[test]
    fn composition_applies_the_left_one_first() {
        // (0 1) then (1 2) sends 0 to 1 and then to 2, as in `openai/grok`: c[i] = b[a[i]].
        let group = Group::new(GroupId::S5, 0);
        let named = |text: &str| group.names().iter().position(|name| name == text).unwrap();
        assert_eq!(group.product(named("(10234)"), named("(02134)")), named("(20134)"));
    }
}

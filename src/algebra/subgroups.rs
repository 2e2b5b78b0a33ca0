//! Subgroups, their cosets, and the parts of the group algebra that no change of basis mixes.

use std::collections::HashSet;

use super::group::Group;

/// A subgroup up to conjugation, as the cosets x · H that it cuts the group into.
#[derive(Debug, Clone, PartialEq)]
pub struct Cosets {
    /// The names of one or two elements that generate it.
    pub generators: Vec<String>,
    /// How many elements the subgroup has.
    pub order: usize,
    /// The coset of each element, numbered from 0.
    pub of: Vec<u16>,
}

impl Group {
    /// One subgroup of each conjugacy class of those with one or two generators, smallest first,
    /// without the trivial ones.
    pub fn subgroups(&self) -> Vec<Cosets> {
        let n = self.order();
        let mut seen: HashSet<Vec<bool>> = HashSet::new();
        let mut found = Vec::new();
        for a in 1..n {
            for b in a..n {
                let members = self.generated(&[a, b]);
                let order = members.iter().filter(|&&inside| inside).count();
                if order == n || !seen.insert(members.clone()) {
                    continue;
                }
                for by in 0..n {
                    seen.insert(self.conjugate(&members, by));
                }
                let generators: Vec<usize> = if a == b { vec![a] } else { vec![a, b] };
                found.push(Cosets {
                    generators: generators.iter().map(|&g| self.names()[g].clone()).collect(),
                    order,
                    of: self.cosets(&members),
                });
            }
        }
        found.sort_by_key(|subgroup| subgroup.order);
        found
    }

    /// Place of each element where they are listed coset by coset, of the largest cyclic subgroup that
    /// is not the whole group.
    pub fn by_coset(&self) -> Vec<u16> {
        let n = self.order();
        let size = |members: &[bool]| members.iter().filter(|&&inside| inside).count();
        let members = (1..n)
            .map(|element| self.generated(&[element]))
            .filter(|members| size(members) < n)
            .max_by_key(|members| size(members));
        let Some(members) = members else { return (0..n as u16).collect() };
        let of = self.cosets(&members);
        let mut elements: Vec<usize> = (0..n).collect();
        elements.sort_by_key(|&element| of[element]);
        let mut place = vec![0; n];
        for (at, element) in elements.into_iter().enumerate() {
            place[element] = at as u16;
        }
        place
    }

    /// One flag per element: is it a product of `generators`?
    fn generated(&self, generators: &[usize]) -> Vec<bool> {
        let mut members = vec![false; self.order()];
        let mut queue = vec![0];
        members[0] = true;
        while let Some(element) = queue.pop() {
            for &generator in generators {
                let next = self.product(element, generator);
                if !std::mem::replace(&mut members[next], true) {
                    queue.push(next);
                }
            }
        }
        members
    }

    fn conjugate(&self, members: &[bool], by: usize) -> Vec<bool> {
        let mut conjugate = vec![false; members.len()];
        for element in (0..members.len()).filter(|&element| members[element]) {
            let moved = self.product(self.product(self.inverse(by), element), by);
            conjugate[moved] = true;
        }
        conjugate
    }

    fn cosets(&self, members: &[bool]) -> Vec<u16> {
        let mut of = vec![u16::MAX; members.len()];
        let mut count = 0;
        for x in 0..members.len() {
            if of[x] != u16::MAX {
                continue;
            }
            for h in (0..members.len()).filter(|&h| members[h]) {
                of[self.product(x, h)] = count;
            }
            count += 1;
        }
        of
    }

    /// The class of each element under conjugation and inversion, numbered in the order of first
    /// members.
    pub fn real_classes(&self) -> Vec<usize> {
        let n = self.order();
        let mut of = vec![usize::MAX; n];
        let mut count = 0;
        for x in 0..n {
            if of[x] != usize::MAX {
                continue;
            }
            for by in 0..n {
                let conjugate = self.product(self.product(self.inverse(by), x), by);
                of[conjugate] = count;
                of[self.inverse(conjugate)] = count;
            }
            count += 1;
        }
        of
    }
}

#[cfg(test)]
mod tests {
    use super::super::group::GroupId;
    use super::*;

    #[test]
    fn the_subgroups_are_those_of_the_literature() {
        // Conjugacy classes of subgroups without the trivial two: S3 has 4 - 2, A4 5 - 2, S4 11 - 2
        // and S5 19 - 2, all of which have two generators.
        for (id, count) in [(GroupId::S3, 2), (GroupId::A4, 3), (GroupId::S4, 9), (GroupId::S5, 17)]
        {
            let group = Group::new(id, 0);
            let subgroups = group.subgroups();
            assert_eq!(subgroups.len(), count, "{id:?}");
            for subgroup in subgroups {
                let n_cosets = usize::from(*subgroup.of.iter().max().unwrap()) + 1;
                assert_eq!(n_cosets * subgroup.order, group.order());
            }
        }
    }

    #[test]
    fn the_papers_subgroup_of_s5_is_there() {
        // Figure 3: order 10, 12 cosets.
        let group = Group::new(GroupId::S5, 0);
        assert!(group.subgroups().iter().any(|subgroup| subgroup.order == 10));
    }
}

//! Arithmetic modulo a prime.

/// The least odd prime: 2 has nothing to hold out.
pub const MODULUS_MIN: u32 = 3;
/// x³ and x·y² stay below 2³² for every residue up to here.
pub const MODULUS_MAX: u32 = 199;

pub(super) fn in_range(modulus: u32) -> bool {
    (MODULUS_MIN..=MODULUS_MAX).contains(&modulus)
}

/// Whether `n` is prime, by trial division.
pub fn is_prime(n: u32) -> bool {
    n >= 2 && (2..).take_while(|d| d * d <= n).all(|d| !n.is_multiple_of(d))
}

/// The inverse of `a` modulo the prime `p`, as a^(p−2) (Fermat); none for 0.
pub fn inverse(a: u32, p: u32) -> Option<u32> {
    if a.is_multiple_of(p) {
        return None;
    }
    let (mut base, mut exponent, mut power) = (a % p, p - 2, 1);
    while exponent > 0 {
        if exponent % 2 == 1 {
            power = power * base % p;
        }
        base = base * base % p;
        exponent /= 2;
    }
    Some(power)
}

pub(super) fn divide(x: u32, y: u32, p: u32) -> Option<u32> {
    inverse(y, p).map(|inverse| x * inverse % p)
}

/// Whether `g` is a primitive root modulo the prime `p`.
pub(super) fn is_primitive_root(g: u32, p: u32) -> bool {
    let (mut power, mut order) = (g % p, 1);
    while power > 1 {
        power = power * g % p;
        order += 1;
    }
    power == 1 && order == p - 1
}

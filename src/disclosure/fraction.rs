//! Exact fractions, as far as 128 bits hold them.

use std::cmp::Ordering;

/// A fraction in its lowest terms, its denominator above 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    numerator: i128,
    denominator: i128,
}

impl Fraction {
    pub const ZERO: Self = Self::whole(0);
    pub const ONE: Self = Self::whole(1);

    pub const fn whole(number: i64) -> Self {
        Self { numerator: number as i128, denominator: 1 }
    }

    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    pub const fn is_negative(self) -> bool {
        self.numerator < 0
    }

    /// The whole number that it is, if it is one.
    pub fn as_whole(self) -> Option<i64> {
        if self.denominator == 1 { i64::try_from(self.numerator).ok() } else { None }
    }

    /// The greatest whole number not above it.
    pub fn floor(self) -> Option<i64> {
        i64::try_from(self.numerator.div_euclid(self.denominator)).ok()
    }

    /// `self - factor · other`; `None` beyond 128 bits.
    pub fn minus(self, factor: Self, other: Self) -> Option<Self> {
        let product = factor.times(other)?;
        if self.denominator == 1 && product.denominator == 1 {
            return Some(Self { numerator: self.numerator.checked_sub(product.numerator)?, denominator: 1 });
        }
        let left = self.numerator.checked_mul(product.denominator)?;
        let right = product.numerator.checked_mul(self.denominator)?;
        Self::reduced(left.checked_sub(right)?, self.denominator.checked_mul(product.denominator)?)
    }

    pub fn times(self, other: Self) -> Option<Self> {
        let numerator = self.numerator.checked_mul(other.numerator)?;
        if self.denominator == 1 && other.denominator == 1 {
            return Some(Self { numerator, denominator: 1 });
        }
        Self::reduced(numerator, self.denominator.checked_mul(other.denominator)?)
    }

    /// `None` for a division by 0, or beyond 128 bits.
    pub fn over(self, other: Self) -> Option<Self> {
        let numerator = self.numerator.checked_mul(other.denominator)?;
        Self::reduced(numerator, self.denominator.checked_mul(other.numerator)?)
    }

    pub fn negated(self) -> Option<Self> {
        Some(Self { numerator: self.numerator.checked_neg()?, denominator: self.denominator })
    }

    /// How the two stand to each other; `None` beyond 128 bits.
    pub fn compared(self, other: Self) -> Option<Ordering> {
        let left = self.numerator.checked_mul(other.denominator)?;
        Some(left.cmp(&other.numerator.checked_mul(self.denominator)?))
    }

    fn reduced(numerator: i128, denominator: i128) -> Option<Self> {
        let (mut a, mut b) = (numerator.checked_abs()?, denominator.checked_abs()?);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        if denominator == 0 {
            return None;
        }
        let sign = denominator.signum();
        Some(Self { numerator: sign * (numerator / a), denominator: sign * (denominator / a) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(numerator: i64, denominator: i64) -> Fraction {
        Fraction::whole(numerator).over(Fraction::whole(denominator)).unwrap()
    }

    #[test]
    fn sums_and_products_are_exact() {
        assert_eq!(fraction(1, 3).minus(fraction(-1, 2), fraction(1, 3)), Some(fraction(1, 2)));
        assert_eq!(fraction(-6, 4), fraction(3, -2));
        assert_eq!(fraction(4, -2).as_whole(), Some(-2));
        assert_eq!((fraction(1, 2).as_whole(), fraction(-1, 2).floor()), (None, Some(-1)));
        assert_eq!(fraction(1, 3).compared(fraction(3, 10)), Some(Ordering::Greater));
        assert_eq!(Fraction::ONE.over(Fraction::ZERO), None);
        assert_eq!(fraction(0, -7), Fraction::ZERO);
    }

    #[test]
    fn what_128_bits_do_not_hold_is_not_answered() {
        let great = Fraction::whole(i64::MAX);
        let square = great.times(great).unwrap();
        assert_eq!(square.times(great), None);
        assert_eq!(square.minus(great, square), None);
    }
}

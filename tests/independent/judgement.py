"""Tests of a force beside others, from the formulas in docs/methods.md and their sources, in NumPy and SciPy.

A unit is (value, variance of its sampling error, denominator). DerSimonian R, Laird N 1986 for the variance between
forces, about a given centre and winsorised at a tenth; Goldstein H, Spiegelhalter DJ 1996 for ranks; Spiegelhalter DJ
2005 for funnels.
"""

import numpy as np
from scipy import stats

Z = {"95": stats.norm.ppf(0.975), "998": stats.norm.ppf(0.999)}
FEWEST_FORCES = 10


def ratio(events, denominator):
    """A Poisson count over a fixed denominator; the variance of none is that of half an event."""
    return events / denominator, (events or 0.5) / denominator**2, denominator


def share(events, denominator):
    p = events / denominator
    chance = p if 0 < events < denominator else (events + 0.5) / (denominator + 1)
    return p, chance * (1 - chance) / denominator, denominator


def between(units, centre):
    """The variance between units beyond sampling, by moments; None with too few."""
    if len(units) < FEWEST_FORCES:
        return None
    value, variance, _ = map(np.array, zip(*units))
    z = (value - centre) / np.sqrt(variance)
    z = np.clip(z, np.quantile(z, 0.1), np.quantile(z, 0.9))
    w = 1 / variance
    return max(0.0, ((z**2).sum() - (len(units) - 1)) / (w.sum() - (w**2).sum() / w.sum()))


def pooled(units):
    return sum(v * d for v, _, d in units) / sum(d for _, _, d in units)


def beside(own, others, variant):
    """Comparator, difference, its sampling variance and the sum of squared coefficients."""
    units = [own, *others]
    weights = {
        "pooled": np.array([d for _, _, d in units]) / sum(d for _, _, d in units),
        "mean_of_rates_including_self": np.full(len(units), 1 / len(units)),
        "excluding_self": np.array([0, *[1 / len(others)] * len(others)]),
    }[variant]
    value, variance, _ = map(np.array, zip(*units))
    a = -weights
    a[0] += 1
    return (weights * value).sum(), (a * value).sum(), (a**2 * variance).sum(), (a**2).sum()


def verdict(difference, variance, higher="better", lower="worse", level="95"):
    if variance is None:
        return "not_available"
    z = difference / np.sqrt(variance)
    return higher if z > Z[level] else lower if z < -Z[level] else "similar"


def judged(own, others, variant, tau, stated=None):
    """What a row of a comparison says, polarity higher; `stated` is a comparator's own figure in place of the units'."""
    comparator, difference, sampling, weight = beside(own, others, variant)
    if stated is not None:
        comparator, difference = stated, own[0] - stated
    total = None if tau is None else sampling + weight * tau
    return {
        "comparator_value": comparator,
        "difference": difference,
        "p_value": None if total is None else 2 * stats.norm.sf(abs(difference) / np.sqrt(total)),
        "verdict_95": verdict(difference, total),
        "verdict_998": verdict(difference, total, level="998"),
        "verdict_sampling": verdict(difference, sampling),
    }


def sensitivity(own, others, variant, tau):
    """What the verdict at 95% hangs on."""
    said = judged(own, others, variant, tau)["verdict_95"]
    variants = ("pooled", "mean_of_rates_including_self", "excluding_self")
    by_variant = any(judged(own, others, other, tau)["verdict_95"] != said for other in variants)
    left_out = [others[:i] + others[i + 1:] for i in range(len(others))]
    by_member = len(others) > 1 and any(judged(own, some, variant, tau)["verdict_95"] != said for some in left_out)
    return {(False, False): "none", (True, False): "variant", (False, True): "member",
            (True, True): "variant_and_member"}[by_variant, by_member]


def rank(own, others, draws=400_000, seed=20261128):
    """Place, 1 the highest, and the middle 95% of places drawn anew."""
    rng = np.random.default_rng(seed)
    mine = rng.normal(own[0], np.sqrt(own[1]), draws)
    above = sum((rng.normal(v, np.sqrt(s), draws) > mine).astype(int) for v, s, _ in others) + 1
    place = 1 + sum(v > own[0] for v, _, _ in others)
    return place, int(np.quantile(above, 0.025)), int(np.quantile(above, 0.975))


def position(value, limits):
    (low, high), (far_low, far_high) = limits["95"], limits["998"]
    if value > far_high:
        return "above_998"
    if value > high:
        return "above_95"
    if value < far_low:
        return "below_998"
    return "below_95" if value < low else "within"


def funnel(own, units, tau, of_counts):
    """Centre, limits by sampling and wider ones at the own denominator, and where the value lies."""
    centre, (value, _, n) = pooled(units), own
    narrow = {}
    for level, tail in (("95", 0.025), ("998", 0.001)):
        if of_counts:
            expected = centre * n
            narrow[level] = (stats.chi2.ppf(tail, 2 * expected) / 2 / n, stats.chi2.isf(tail, 2 * expected + 2) / 2 / n)
            variance = centre / n
        else:
            variance = centre * (1 - centre) / n
            half = Z[level] * np.sqrt(variance)
            narrow[level] = (max(0, centre - half), min(1, centre + half))
    wide = {level: (centre - z * np.sqrt(variance + tau), centre + z * np.sqrt(variance + tau)) for level, z in Z.items()}
    return {"centre": centre, "lower_95": narrow["95"][0], "upper_998": narrow["998"][1], "wide_lower_95": wide["95"][0],
            "position": position(value, narrow), "wide_position": position(value, wide)}

"""Writes the case files that statsmodels answers. Run in this folder: python make_cases.py

Python 3.11.7, numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0. Seeds are fixed: the same versions write the same files.
"""

import csv

import numpy as np
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects


def write(name, rows):
    with open(f"{name}.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def joined(values):
    return ";".join(str(value) for value in values)


def interrupted_seasonal():
    """Effect some months after the interruption, with seasonal waves: OLS with Newey-West, quasi-Poisson."""
    rng = np.random.default_rng(20261101)
    rows = []
    settings = [(36, 18, 1, 0), (48, 24, 2, 6), (60, 40, 2, 12), (84, 60, 3, 3), (40, 20, 5, 8), (30, 16, 0, 11)]
    for index, (months, before, pairs, after) in enumerate(settings):
        t = np.arange(months)
        days = 28 + rng.integers(0, 4, months)
        eta = np.log(4) + 0.004 * t - 0.2 * (t >= before) + 0.15 * np.cos(2 * np.pi * t / 12)
        counts = rng.negative_binomial(40, 40 / (40 + days * np.exp(eta)))
        step = (t >= before).astype(float)
        columns = [np.ones(months), t, step, np.maximum(0, t - before)]
        for wave in range(1, pairs + 1):
            columns += [np.cos(2 * np.pi * wave * t / 12), np.sin(2 * np.pi * wave * t / 12)]
        x = np.column_stack(columns)
        contrast = np.zeros(x.shape[1])
        contrast[2], contrast[3] = 1, after
        hac = {"maxlags": 3, "use_correction": False}
        ols = sm.OLS(counts.astype(float), x).fit(cov_type="HAC", cov_kwds=hac, use_t=True)
        effect = ols.t_test(contrast)
        low, high = effect.conf_int(0.05)[0]
        family = sm.families.Poisson()
        glm = sm.GLM(counts, x, family=family, offset=np.log(days)).fit(scale="X2", tol=1e-14, maxiter=200)
        log_ratio = contrast @ glm.params
        se = np.sqrt(contrast @ glm.cov_params() @ contrast)
        quantile = stats.t.isf(0.001, months - x.shape[1])
        rows.append({
            "case_id": f"itss_{index}", "counts": joined(counts), "exposure_days": joined(days),
            "interrupt_at_index0": before, "seasonal_pairs": pairs, "months_after": after,
            "exp_effect": effect.effect[0], "exp_nw3_se": effect.sd.item(), "exp_nw3_p": effect.pvalue.item(),
            "exp_lower95": low, "exp_upper95": high, "exp_rate_ratio": np.exp(log_ratio),
            "exp_quasi_p": 2 * stats.t.sf(abs(log_ratio / se), months - x.shape[1]),
            "exp_quasi_lower998": np.exp(log_ratio - quantile * se),
            "exp_quasi_upper998": np.exp(log_ratio + quantile * se),
        })
    write("interrupted_seasonal", rows)


def between_variance(values, variances):
    """Variance between units by moments, as a random-effects meta-analysis gives it."""
    return max(0.0, combine_effects(values, variances, method_re="dl").tau2)


def shrinkage():
    """Empirical Bayes. For the beta-binomial the chance variance depends on the answer: iterated to a fixed point."""
    rng = np.random.default_rng(20261103)
    rows = []
    settings = [(8, 30, 60.0), (30, 60, 12.0), (40, 400, 150.0), (12, 25, 1e9), (50, 8, 4.0), (5, 100_000, 200.0)]
    for index, (units, size, prior) in enumerate(settings):
        n = rng.integers(max(2, size // 3), 2 * size, units)
        chance = rng.beta(0.3 * prior, 0.7 * prior, units)
        x = rng.binomial(n, chance)
        mean = x.sum() / n.sum()
        tau_squared = 0.0
        for _ in range(500):
            tau_squared = between_variance(x / n, (mean * (1 - mean) - tau_squared) / n)
        noise = (mean * (1 - mean) - tau_squared) / n
        rows.append(shrunk_row(f"beta_binomial_{index}", "beta_binomial", x, n, mean, tau_squared, noise))
        exposure = np.round(n * 0.73, 2)
        y = rng.poisson(exposure * rng.gamma(prior, 0.4 / prior, units))
        mean = y.sum() / exposure.sum()
        tau_squared = between_variance(y / exposure, mean / exposure)
        rows.append(shrunk_row(f"gamma_poisson_{index}", "gamma_poisson", y, exposure, mean, tau_squared, mean / exposure))
    write("shrinkage", rows)


def shrunk_row(case_id, model, events, denominators, mean, tau_squared, noise):
    reliability = tau_squared / (tau_squared + noise)
    return {
        "case_id": case_id, "model": model, "events": joined(events), "denominators": joined(denominators),
        "exp_mean": mean, "exp_between_variance": tau_squared, "exp_reliability": joined(reliability),
        "exp_estimate": joined(mean + reliability * (events / denominators - mean)),
    }


if __name__ == "__main__":
    interrupted_seasonal()
    shrinkage()

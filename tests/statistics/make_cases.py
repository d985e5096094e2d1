"""Writes the case files that statsmodels answers. Run in this folder: python make_cases.py

Python 3.11.7, numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0. Seeds are fixed: the same versions write the same files.
"""

import csv

import numpy as np
import statsmodels.api as sm
from scipy import stats


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


if __name__ == "__main__":
    interrupted_seasonal()

"""Writes the case files that statsmodels answers. Run in this folder: python make_cases.py

Python 3.11.7, numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0, pandas 3.1.1. Seeds are fixed: the same versions write the same files.
"""

import csv

import numpy as np
import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf
from scipy import stats
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.power import ttest_power
from statsmodels.stats.proportion import power_proportions_2indep
from statsmodels.tsa.statespace.sarimax import SARIMAX


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


def forecast():
    """Seasonal naive, as the model of independent yearly changes; totals as the same model of the running total."""
    rng = np.random.default_rng(20261104)
    rows = []
    for index, months in enumerate([24, 30, 37, 60, 96, 120]):
        t = np.arange(months)
        y = np.round(200 + 30 * np.sin(2 * np.pi * t / 12) + 0.7 * t + rng.normal(0, 12, months), 2)
        changes = y[12:] - y[:-12]
        sigma_squared = np.mean(changes**2)
        series = SARIMAX(y, order=(0, 0, 0), seasonal_order=(0, 1, 0, 12)).filter([sigma_squared])
        total = np.cumsum(y)
        running = SARIMAX(total, order=(0, 1, 0), seasonal_order=(0, 1, 0, 12)).filter([sigma_squared])
        for ahead in [1, 7, 12, 13, 30]:
            month, sums = series.get_forecast(ahead), running.get_forecast(ahead)
            mean, se = month.predicted_mean[-1], month.se_mean[-1]
            sum_mean, sum_se = sums.predicted_mean[-1] - total[-1], sums.se_mean[-1]
            t_95, t_998 = stats.t.isf([0.025, 0.001], len(changes))
            rows.append({
                "case_id": f"forecast_{index}_{ahead}", "values": joined(y), "months_ahead": ahead, "exp_month": mean,
                "exp_lower95": mean - t_95 * se, "exp_upper95": mean + t_95 * se,
                "exp_lower998": mean - t_998 * se, "exp_upper998": mean + t_998 * se, "exp_total": sum_mean,
                "exp_total_lower95": sum_mean - t_95 * sum_se, "exp_total_upper95": sum_mean + t_95 * sum_se,
            })
    write("forecast", rows)


def level_change_power(before, after, slope, pairs, change, sd, ratio, alpha):
    t = np.arange(before + after)
    columns = [np.ones(before + after), t, t >= before] + ([np.maximum(0, t - before)] if slope else [])
    for wave in range(1, pairs + 1):
        columns += [np.cos(2 * np.pi * wave * t / 12), np.sin(2 * np.pi * wave * t / 12)]
    x = np.column_stack(columns).astype(float)
    if np.linalg.matrix_rank(x) < x.shape[1] or len(x) <= x.shape[1]:
        return None
    se = sd * np.sqrt(ratio * sm.OLS(t.astype(float), x).fit().normalized_cov_params[2, 2])
    return ttest_power(change / se, 1, alpha, df=len(x) - x.shape[1])


def power_level_change():
    """Power after some months, and the months still needed for 80%; empty where 240 more are not enough."""
    rows = []
    settings = [
        (24, 3, 0, 0, 10.0, 8.0, 1.0, 0.05), (24, 6, 1, 0, 10.0, 8.0, 1.0, 0.05), (36, 4, 1, 0, -12.0, 8.0, 1.6, 0.05),
        (36, 12, 0, 2, 6.0, 9.0, 1.3, 0.002), (48, 6, 1, 2, 40.0, 9.0, 1.0, 0.05), (24, 6, 1, 0, 2.0, 8.0, 1.0, 0.05),
        (60, 2, 0, 1, 0.01, 0.02, 0.8, 0.05), (18, 9, 1, 1, 3e8, 2e8, 2.0, 0.05), (120, 1, 0, 0, 25.0, 8.0, 1.0, 0.002),
    ]
    for index, (before, after, *rest) in enumerate(settings):
        needed = next((m for m in range(241) if (level_change_power(before, after + m, *rest) or 0) >= 0.8), "")
        names = ["slope_change", "seasonal_pairs", "change", "standard_deviation", "variance_ratio", "alpha"]
        rows.append({
            "case_id": f"power_{index}", "months_before": before, "months_after": after, **dict(zip(names, rest)),
            "exp_power": level_change_power(before, after, *rest), "exp_months_still_needed": needed,
        })
    write("power_level_change", rows)


def power_proportions():
    rows = []
    settings = [
        (0.12, 0.15, 500, 1.0, 0.05), (0.15, 0.12, 500, 1.0, 0.05), (0.5, 0.6, 90, 2.5, 0.05), (0.02, 0.01, 4000, 0.5, 0.002),
        (0.0, 0.05, 60, 1.0, 0.05), (0.9, 1.0, 80, 1.0, 0.002), (0.3, 0.3001, 1e9, 1.0, 0.05), (0.4, 0.41, 1, 1.0, 0.05),
    ]
    for index, (first, second, trials, ratio, alpha) in enumerate(settings):
        def power(number):
            return power_proportions_2indep(first - second, second, number, ratio, alpha, return_results=False)
        low, high = 0, 1
        while power(high) < 0.9:
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if power(middle) >= 0.9 else (middle, high)
        rows.append({
            "case_id": f"proportions_{index}", "first": first, "second": second, "trials": trials, "ratio": ratio,
            "alpha": alpha, "exp_power": power(trials), "exp_trials_needed": high,
        })
    write("power_proportions", rows)


def seasonality():
    """The F test of eleven month effects beside a trend, effects that add up to 0, and mean ratios to the trend."""
    rng = np.random.default_rng(20261106)
    rows = []
    settings = [
        ("none", 36, 0.0, 40.0, 1), ("weak", 36, 0.1, 40.0, 4), ("strong", 36, 0.3, 40.0, 4), ("gaps", 64, 0.3, 40.0, 9),
        ("long", 120, 0.05, 300.0, 1), ("part_year", 41, 0.2, 900.0, 12), ("over_dispersed", 60, 0.25, 25.0, 7),
        ("large", 48, 0.02, 1e9, 2), ("small", 37, 0.2, 0.004, 11), ("none_over_dispersed", 84, 0.0, 12.0, 6),
    ]
    for name, months, size, mean, first in settings:
        t = np.arange(months)
        month = (first - 1 + t) % 12
        level = mean * (1 + 0.004 * t) * (1 + size * np.cos(2 * np.pi * month / 12) + size / 2 * (month == 7))
        if name in ("large", "small"):
            y = level * (1 + rng.normal(0, 0.01, months))
        else:
            y = rng.negative_binomial(20, 20 / (20 + level)) if "dispersed" in name else rng.poisson(level)
        kept = rng.random(months) > 0.15 if name == "gaps" else np.ones(months, bool)
        frame = pd.DataFrame({"y": y.astype(float), "t": t, "month": month})[kept]
        season = smf.ols("y ~ t + C(month, Sum)", frame).fit()
        table = anova_lm(smf.ols("y ~ t", frame).fit(), season)
        eleven = season.params.filter(like="month").to_numpy()
        effects = np.append(eleven, -eleven.sum())
        trend = season.params["Intercept"] + season.params["t"] * frame.t
        ratios = (frame.y / trend).groupby(frame.month).mean()
        factors = (ratios / ratios.mean()).to_numpy()
        seasonal = table["Pr(>F)"].iloc[1] < 0.01
        of_month = frame.month.to_numpy()
        rows.append({
            "case_id": name, "values": joined(value if keep else "" for value, keep in zip(y, kept)),
            "first_calendar_month": first, "exp_f": table["F"].iloc[1], "exp_p": table["Pr(>F)"].iloc[1],
            "exp_residual_df": int(season.df_resid), "exp_seasonal": int(seasonal),
            "exp_effects": joined(effects) if seasonal else "",
            "exp_adjusted": joined(frame.y - effects[of_month]) if seasonal else "",
            "exp_factors": joined(factors) if seasonal else "",
            "exp_ratio_adjusted": joined(frame.y / factors[of_month]) if seasonal else "",
        })
    write("seasonality", rows)


if __name__ == "__main__":
    interrupted_seasonal()
    shrinkage()
    forecast()
    power_level_change()
    power_proportions()
    seasonality()

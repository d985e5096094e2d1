"""Writes erlang.csv. Run in this folder: python make_erlang_cases.py

Python 3.11.7, mpmath 1.4.1, numpy 2.4.6, pyworkforce 0.5.1. Nothing is drawn: the same versions write the same file.

Source "chain": the number of calls present is a birth-death chain, added up state by state with 50 digits. A caller who
finds k before him in the queue is followed as a chain of his own, answered or given up, by uniformisation (steps of a
Poisson process, in long doubles). No formula of Erlang's is used. The least number of handlers is found by trying 1, 2, 3...

Source "pyworkforce": that package's ErlangC, which adds up factorials.
"""

import csv

import numpy as np
from mpmath import mp, mpf
from pyworkforce.queuing import ErlangC

mp.dps = 50
NEGLIGIBLE = mpf(10) ** -40


def present(calls_per_hour, handling, patience, handlers):
    """Probabilities of 0, 1, 2... calls present; None where there is no steady state."""
    arriving, leaving = mpf(calls_per_hour) / 3600, 1 / mpf(handling)
    giving_up = 0 if patience is None else 1 / mpf(patience)
    if patience is None and arriving >= handlers * leaving:
        return None
    weights, total, state = [mpf(1)], mpf(1), 0
    while True:
        state += 1
        out = min(state, handlers) * leaving + max(0, state - handlers) * giving_up
        weights.append(weights[-1] * arriving / out)
        total += weights[-1]
        if state > handlers and arriving < out and weights[-1] < NEGLIGIBLE * total * (1 - arriving / out):
            return [weight / total for weight in weights]


def answered_within(chain, handling, patience, handlers, seconds):
    """Share of all callers who are answered within the seconds."""
    at_once = sum(chain[:handlers])
    ahead = np.array([np.longdouble(str(p)) for p in chain[handlers:]])
    giving_up = np.longdouble(0 if patience is None else 1 / np.longdouble(patience))
    moving = handlers / np.longdouble(handling) + giving_up * np.arange(len(ahead), dtype=np.longdouble)
    rate = moving[-1] + giving_up
    mean = rate * seconds
    weight, steps, answered, found, seen = np.exp(-mean), 0, np.longdouble(0), np.longdouble(0), np.longdouble(0)
    while seen < 1 - np.longdouble(10) ** -18 and steps < mean + 60 * np.sqrt(mean + 1) + 200:
        found += weight * answered
        seen += weight
        steps += 1
        weight *= mean / steps
        answered += ahead[0] * moving[0] / rate
        stay = ahead * (1 - (moving + giving_up) / rate)
        stay[:-1] += ahead[1:] * moving[1:] / rate
        ahead = stay
    return float(at_once + mpf(str(found)))


def figures(calls_per_hour, handling, patience, handlers, seconds):
    chain = present(calls_per_hour, handling, patience, handlers)
    if chain is None:
        return None
    queue = sum((state - handlers) * p for state, p in enumerate(chain) if state > handlers)
    arriving = mpf(calls_per_hour) / 3600
    return {
        "exp_waiting_share": float(sum(chain[handlers:])),
        "exp_abandoned_share": float(queue / mpf(patience) / arriving) if patience else "",
        "exp_service_level": answered_within(chain, handling, patience, handlers, seconds),
        "exp_mean_wait_seconds": float(queue / arriving),
    }


def needed(calls_per_hour, handling, patience, share, seconds):
    handlers = 1
    while True:
        found = figures(calls_per_hour, handling, patience, handlers, seconds)
        if found is not None and found["exp_service_level"] >= share:
            return handlers
        handlers += 1


COLUMNS = [
    "case_id", "source", "calls_per_hour", "handling_seconds", "patience_seconds", "handlers", "seconds", "target_share",
    "exp_waiting_share", "exp_abandoned_share", "exp_service_level", "exp_mean_wait_seconds", "exp_handlers_needed",
]

# Calls an hour, handling and patience in seconds, handlers, seconds of the target.
QUEUES = [
    (200, 180, None, 14, 20), (720, 240, None, 55, 15), (2880, 60, None, 50, 20), (6, 480, None, 1, 10),
    (20, 480, None, 6, 10), (30, 480, None, 4, 10), (30, 480, None, 3, 10), (0.5, 480, None, 1, 0),
    (36_000, 300, None, 3050, 10), (120_000, 60, None, 2001, 30), (20, 480, None, 14, 10),
    (200, 180, 300, 14, 20), (2880, 60, 120, 50, 20), (6, 480, 60, 1, 10), (20, 480, 45, 6, 10), (20, 480, 45, 3, 10),
    (20, 480, 45, 2, 10), (60, 480, 600, 3, 120), (30, 480, 36_000, 4, 10), (20, 480, 2, 6, 10), (20, 480, 45, 14, 10),
    (36_000, 300, 60, 3050, 10), (36_000, 300, 60, 2500, 10), (36_000, 300, 600, 2500, 110), (0.5, 480, 30, 1, 0),
]
# Calls an hour, handling and patience, share and seconds.
TARGETS = [
    (200, 180, None, 0.8, 20), (200, 180, 300, 0.8, 20), (1, 480, None, 0.9, 10), (5, 480, None, 0.9, 10),
    (20, 480, None, 0.9, 10), (60, 480, None, 0.9, 10), (20, 480, 45, 0.9, 10), (60, 480, 45, 0.9, 10),
    (60, 480, 5, 0.9, 10), (60, 480, 600, 0.99, 5), (2880, 60, 120, 0.8, 20), (1, 480, 45, 0.9, 10),
]
# Calls in half an hour, minutes of handling, minutes of the target, handlers.
PACKAGE = [(100, 3, 20 / 60, 14), (360, 4, 0.25, 55), (10, 8, 10 / 60, 5), (25, 7.5, 10 / 60, 10)]


def main():
    rows = []
    for calls, handling, patience, handlers, seconds in QUEUES:
        row = {"source": "chain", "calls_per_hour": calls, "handling_seconds": handling, "patience_seconds": patience,
               "handlers": handlers, "seconds": seconds}
        rows.append(row | (figures(calls, handling, patience, handlers, seconds) or {}))
    for calls, handling, patience, share, seconds in TARGETS:
        rows.append({"source": "chain", "calls_per_hour": calls, "handling_seconds": handling,
                     "patience_seconds": patience, "seconds": seconds, "target_share": share,
                     "exp_handlers_needed": needed(calls, handling, patience, share, seconds)})
    for calls, handling, within, handlers in PACKAGE:
        model = ErlangC(transactions=calls, aht=handling, asa=within, interval=30)
        rows.append({
            "source": "pyworkforce", "calls_per_hour": 2 * calls, "handling_seconds": 60 * handling, "handlers": handlers,
            "seconds": 60 * within, "target_share": 0.9, "exp_waiting_share": model.waiting_probability(handlers),
            "exp_service_level": model.service_level(handlers),
            "exp_handlers_needed": model.required_positions(service_level=0.9)["raw_positions"],
        })
    for index, row in enumerate(rows):
        row["case_id"] = f"erlang_{index}"
    with open("erlang.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


main()

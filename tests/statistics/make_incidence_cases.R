# Writes cumulative_incidence.csv. Run in this folder: Rscript make_incidence_cases.R
#
# R 4.2.2, survival 3.5-3: `survfit` of a response with several states gives the Aalen-Johansen estimate, its
# infinitesimal jackknife standard error (with one starting state the same as Greenwood's) and log-log limits.

suppressPackageStartupMessages(library(survival))

case <- function(id, days, ending) {
  fit <- function(level) {
    survfit(Surv(days, factor(ending, 0:3)) ~ 1, conf.type = "log-log", conf.int = level)
  }
  at_95 <- fit(0.95)
  at_998 <- fit(0.998)
  count <- function(which) sapply(at_95$time, function(day) sum(days == day & ending == which))
  rows <- data.frame(case_id = id, day = at_95$time, censored = count(0))
  for (cause in 1:3) rows[[paste0("cause_", cause)]] <- count(cause)
  rows$exp_still_open <- at_95$pstate[, 1]
  rows$exp_se_still_open <- at_95$std.err[, 1]
  for (cause in 1:3) {
    incidence <- at_95$pstate[, cause + 1]
    # What nothing or everything ended by has no log-log limits.
    inner <- function(limits) ifelse(incidence > 0 & incidence < 1, limits[, cause + 1], NA)
    rows[[paste0("exp_incidence_", cause)]] <- incidence
    rows[[paste0("exp_se_", cause)]] <- at_95$std.err[, cause + 1]
    rows[[paste0("exp_lower95_", cause)]] <- inner(at_95$lower)
    rows[[paste0("exp_upper95_", cause)]] <- inner(at_95$upper)
    rows[[paste0("exp_lower998_", cause)]] <- inner(at_998$lower)
    rows[[paste0("exp_upper998_", cause)]] <- inner(at_998$upper)
  }
  rows
}

drawn <- function(id, size, longest) {
  days <- pmin(floor(rexp(size, 3 / longest)), longest)
  case(id, days, ifelse(days == longest, 0, sample(0:3, size, TRUE, c(0.2, 0.25, 0.35, 0.2))))
}

set.seed(20261102)
rows <- rbind(
  drawn("drawn_40", 40, 20), drawn("drawn_200", 200, 40), drawn("drawn_3000", 3000, 60),
  case("all_end", rep(0:9, each = 6), rep(c(1, 2, 2, 3, 1, 2), 10)),
  case("one_cause_only", c(3, 3, 5, 8, 8, 8, 12), c(1, 0, 1, 1, 0, 1, 0)),
  case("never_solved", c(3, 3, 5, 8, 8, 8, 12), c(2, 0, 3, 3, 0, 2, 0))
)
exact <- sapply(rows, is.double) & startsWith(names(rows), "exp_")
rows[exact] <- lapply(rows[exact], function(values) ifelse(is.na(values), "", sprintf("%.17g", values)))
write.csv(rows, "cumulative_incidence.csv", row.names = FALSE, quote = FALSE)

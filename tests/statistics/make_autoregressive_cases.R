# Writes autoregressive.csv: segmented regression with AR(1) errors by REML, of series drawn here.
#
#   Rscript make_autoregressive_cases.R > autoregressive.csv        R 4.2, nlme 3.1
#
# Estimates, standard errors and the autocorrelation are nlme::gls's; where that is below 0, lm's with 0. The degrees of
# freedom are Satterthwaite's from the dense restricted likelihood in (log sigma^2, rho), its Hessian by optimHess.
suppressMessages(library(nlme))
set.seed(20261128)

regressors <- function(n, k, slope, pairs) {
  t <- 0:(n - 1)
  x <- cbind(1, t, as.numeric(t >= k))
  if (slope) x <- cbind(x, pmax(0, t - k))
  for (j in seq_len(pairs)) x <- cbind(x, cos(2 * pi * j * t / 12), sin(2 * pi * j * t / 12))
  unname(x)
}

covariance <- function(theta, n) {
  exp(theta[1]) / (1 - theta[2]^2) * theta[2]^abs(outer(1:n, 1:n, "-"))
}

restricted <- function(theta, y, x) {
  v <- covariance(theta, length(y)); w <- solve(v); m <- t(x) %*% w %*% x
  b <- solve(m, t(x) %*% w %*% y); e <- y - x %*% b
  as.numeric(-0.5 * (determinant(v)$modulus + determinant(m)$modulus + t(e) %*% w %*% e))
}

contrast_variance <- function(theta, x, l) {
  w <- solve(covariance(theta, nrow(x)))
  as.numeric(t(l) %*% solve(t(x) %*% w %*% x) %*% l)
}

worked <- function(y, x, l, slope) {
  n <- length(y); p <- ncol(x)
  fit <- gls(y ~ x - 1, correlation = corAR1(form = ~1), method = "REML",
             control = glsControl(tolerance = 1e-12, msTol = 1e-14, msMaxIter = 500, maxIter = 500))
  rho <- as.numeric(coef(fit$modelStruct$corStruct, unconstrained = FALSE))
  if (rho < 0) {
    fit <- lm(y ~ x - 1); rho <- 0; s2 <- summary(fit)$sigma^2
  } else {
    # On from where gls stopped, which is good to a few digits alone.
    best <- optim(c(log(fit$sigma^2 * (1 - rho^2)), rho), restricted, y = y, x = x,
                  control = list(fnscale = -1, reltol = 1e-15, maxit = 5000))
    best <- optim(best$par, restricted, y = y, x = x, control = list(fnscale = -1, reltol = 1e-15, maxit = 5000))
    stopifnot(abs(best$par[2] - rho) < 1e-3)
    rho <- best$par[2]; s2 <- exp(best$par[1])
  }
  theta <- c(log(s2), rho)
  w <- solve(covariance(theta, n)); b <- solve(t(x) %*% w %*% x, t(x) %*% w %*% y)
  information <- -optimHess(theta, restricted, y = y, x = x, control = list(ndeps = c(1e-3, 1e-3)))
  tested <- function(l) {
    gradient <- sapply(1:2, function(i) {
      h <- replace(c(0, 0), i, 1e-3)
      (contrast_variance(theta + h, x, l) - contrast_variance(theta - h, x, l)) / 2e-3
    })
    v <- contrast_variance(theta, x, l)
    df <- min(max(2 * v^2 / as.numeric(t(gradient) %*% solve(information) %*% gradient), 1), n - p)
    estimate <- sum(l * b); se <- sqrt(v); half <- qt(0.975, df) * se
    c(estimate, se, df, 2 * pt(-abs(estimate / se), df), estimate - half, estimate + half)
  }
  c(rho, sqrt(s2), tested(l), if (slope) tested(replace(0 * l, 4, 1))[c(1, 4)] else c(NA, NA))
}

cat(paste0("case_id,values,interrupt_at_index0,slope_change,seasonal_pairs,months_after,exp_autocorrelation,",
           "exp_innovation_sd,exp_effect,exp_se,exp_df,exp_p,exp_lower95,exp_upper95,exp_slope_change,exp_slope_p\n"))
cases <- list(
  c(24, 18, 0, 0, 0.2, 0), c(24, 21, 0, 0, 0.5, 0), c(36, 24, 0, 2, 0.4, 0), c(36, 30, 0, 2, 0.6, 0),
  c(36, 24, 1, 0, 0.4, 5), c(48, 36, 1, 2, 0.3, 11), c(48, 24, 0, 0, 0.8, 0), c(36, 24, 0, 0, -0.6, 0),
  c(60, 40, 1, 2, 0.6, 19), c(36, 33, 0, 0, 0.5, 0))
for (i in seq_along(cases)) {
  with <- cases[[i]]; n <- with[1]; k <- with[2]
  e <- as.numeric(stats::filter(rnorm(n), with[5], method = "recursive"))
  t <- 0:(n - 1)
  y <- round(0.8 + 0.001 * t + 0.03 * (t >= k) + 0.01 * cos(2 * pi * t / 12) + 0.02 * e, 5)
  x <- regressors(n, k, with[3] == 1, with[4])
  l <- replace(rep(0, ncol(x)), 3, 1); if (with[3] == 1) l[4] <- with[6]
  found <- worked(y, x, l, with[3] == 1)
  found <- ifelse(is.na(found), "", format(found, digits = 12, trim = TRUE))
  cat(sprintf("ar_%d,%s,%d,%d,%d,%d,%s\n", i - 1, paste(format(y, trim = TRUE), collapse = ";"), k, with[3], with[4],
              with[6], paste(found, collapse = ",")))
}

"""Whether size or relations go with growth: regressions, their tests, models of space."""

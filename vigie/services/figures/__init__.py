"""Figures: every indicator for every territory, computed on tables of territories."""

"""Territories side by side: those that are alike, several compared, a whole level at once."""

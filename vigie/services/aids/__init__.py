"""Schemes that help firms: read from catalogues that others publish, answered condition by condition, never decided."""

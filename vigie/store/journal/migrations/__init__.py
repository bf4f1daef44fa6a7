"""Versions of the journal's tables, up and down, on both engines."""

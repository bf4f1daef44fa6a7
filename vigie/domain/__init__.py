"""The vocabulary: standard library only, imported by all, imports none."""

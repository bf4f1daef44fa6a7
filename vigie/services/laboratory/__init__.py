"""Metropolises or networks: whether size or assets go with growth, and who does other than expected."""

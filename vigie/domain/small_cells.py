"""What may be told of few: totals of three owners at least, none of which makes most of the sum."""

from __future__ import annotations

SMALLEST = 3
DOMINANT = 0.85
"""The rule of Insee's secrecy: one contributor above 85 % of a total could be read from it."""

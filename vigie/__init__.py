"""Vigie: an open observatory and introduction desk for territories facing Industry 4.0."""

__version__ = "0.1.0"

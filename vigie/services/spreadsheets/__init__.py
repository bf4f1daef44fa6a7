"""Spreadsheets: what an officer brings in, and what they take away."""

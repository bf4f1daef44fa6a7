"""Firms: what they say of themselves, and their right not to be shown."""

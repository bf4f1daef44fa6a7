"""Attesting: who vouches for the heads of firms and their domains."""

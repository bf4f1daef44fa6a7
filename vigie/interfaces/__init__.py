"""Doors: parse, call one service, present; no computation."""

"""Foresight and opinion on files of one's own: exact figures, nothing kept."""

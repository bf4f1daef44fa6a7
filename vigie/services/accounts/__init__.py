"""People: organisations, invitations, sessions, passwords, tokens, and who speaks for which firm."""

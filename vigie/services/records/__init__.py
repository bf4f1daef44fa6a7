"""What was done and read: audit, moderation, emergency accesses, letters."""

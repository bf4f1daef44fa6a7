"""Connect: who could work with whom, and what the answer is worth."""

"""The imaginary producer: official-format files of establishments that do not exist, over communes that do.

Nothing is drawn in sequence: every attribute is a hash of the seed, the attribute's name and the row's identity
(`streams`), so any row can be computed alone, and a commune's rows do not depend on what else is written.
"""

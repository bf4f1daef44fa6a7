"""A demonstration: an imaginary organisation with its people, and six months of their work, written by the services."""

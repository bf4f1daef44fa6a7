"""The tables of the first version, as they were; later versions change them, never these modules."""

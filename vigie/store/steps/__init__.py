"""The table graph, a few tables a module."""

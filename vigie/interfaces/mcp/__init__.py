"""Door for assistants (Model Context Protocol)."""

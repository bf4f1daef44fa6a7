"""Known ties between firms, from what is published: contracts held jointly, projects; identifiers, never a name."""

"""Long work: asked for, done by the server's own worker lot by lot, followed at an address, stopped or taken up."""

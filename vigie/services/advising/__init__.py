"""Who advises firms: services of an organisation and its partners, whom a need is routed to, what nobody covers."""

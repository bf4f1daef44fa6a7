"""Following up: dossiers, contacts, exchanges, reminders, portfolios, and the officer's Monday."""

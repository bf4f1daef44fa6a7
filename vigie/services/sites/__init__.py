"""Sites for a need: brownfields and business zones of open inventories, ranked by named criteria."""

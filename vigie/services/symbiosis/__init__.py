"""Exchanges of matter: who could take what others throw away, by declared flows, treatments and precedents."""

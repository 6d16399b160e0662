"""What a repository depends on: which package moves, who imports it, and what that may break."""

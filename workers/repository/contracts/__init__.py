"""What a definition promises to its users, and what a change makes of it."""

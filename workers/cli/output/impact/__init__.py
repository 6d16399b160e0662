"""What hangs on a change, for people: one tree, told as text, as JSON and as a drawn page."""

"""What relies on a definition, and how sure that is."""

"""JavaScript and TypeScript as text with places, for the checks."""

"""Python's modules, scopes, classes and uses, read with the standard library's own parser."""

"""How fast and how completely a repository is known: the part `knowledge` of `make bench`."""

"""One review in one file, and the same review made again from it, offline."""

"""One table of speed and cost, measured in one run: `make bench`."""

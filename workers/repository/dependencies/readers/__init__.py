"""One file for each kind of manifest and lock file: its text in, a `Listing` out. All are pure."""

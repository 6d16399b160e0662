"""Released packages compared: fetched from named indexes by hash, never installed, never run."""

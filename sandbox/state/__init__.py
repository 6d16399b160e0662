"""What GitHub remembers. Plain data and look-ups; who may change what stands in `actions`."""

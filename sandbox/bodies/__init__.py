"""The state as the JSON that GitHub writes, for answers and webhooks alike."""

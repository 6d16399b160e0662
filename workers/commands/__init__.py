"""Effects of mentions, one small file each. What was asked is parsed in `bot.domain`."""

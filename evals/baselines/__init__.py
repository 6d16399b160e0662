"""Two reviewers to be held against: what one prompt, or one model with a free hand, would say.

They get what the whole method gets, the author's words included, and the same model, but none of
its rooms, checks and verdicts: every comment that they make counts as posted.
"""

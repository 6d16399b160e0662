"""Judging a change: triage, the two rooms, verification; and the pure judges.

triage    which files are read, and with how much effort (no model)
hunt      room 1: defects, blind to the author's words
promises  room 2: the intent contract
evidence  citations checked by plain code (pure)
anchors   the line of the diff that carries a finding (pure)
verify    a fresh look that tries to refute each finding
dedup     one defect is one finding (pure)
judge     thresholds, caps and order give each finding its fate (pure)
"""

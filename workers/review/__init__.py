"""Judging a change, in the order in which the pipeline goes.

request     what is asked for; world: whom a review may ask; run_steps, noted_*: what is recorded
history     what was said before: since, open_findings, scope
assignment  what this review is about: triage and what plain code knows, no model
rooms       everything that is asked of a model:
  hunt        room 1: defects, blind to the author's words
  promises    room 2: the intent contract
  recheck     whether what was said before still stands
  verify      a fresh look that tries to refute each finding; batches: which ones at once;
              former_verdicts: where one still holds
  announced   what the author's words plainly announce
  taught      what the team taught not to raise
composing   the finished review, with an honest receipt; said_before: less what was said already

Pure, and tested without a model:
evidence    citations checked by plain code; named_code, code_names: what words name, too
anchors     the line of the diff that carries a finding
dedup       one defect is one finding
judge       thresholds, caps and order give each finding its fate
"""

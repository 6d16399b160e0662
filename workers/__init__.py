"""What happens to a pull request between fetch and verdict.

pipeline    the story, top to bottom on one screen
repository  bare clones, symbols, callers, contract checks
context     fragments, budget, packing
model       the model client, its read-only tools, the conversation, the prompts
review      triage, hunt, promises, verification; and the pure judges
commands    effects of mentions, one small file each
queue       RQ: the worker, the jobs it runs, the supervisor of `plumbline serve`
cli         the terminal
"""

"""What happens to a pull request between fetch and verdict.

pipeline    the story, top to bottom on one screen
repository  bare clones, symbols, callers, contract checks
context     fragments, budget, packing
model       the model client, its read-only tools, the conversation, the prompts
review      triage, hunt, promises, verification; and the pure judges
commands    effects of mentions, one small file each
outcomes    what became of findings that were posted
replay      a review made again from its record
jobs        what each kind of job does with all of these
bootstrap   settings to a world: the only place where adapters are chosen
queue       RQ: the worker, the supervisor of `plumbline serve`
cli         the terminal
"""

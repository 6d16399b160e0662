"""What each kind of job does.

Level-triggered: a job says only "look at this pull request"; what is wanted is read again.
Every job may run twice (a worker was killed): each is idempotent by its key.

perform   one job, by its kind; RQ calls it through `workers.queue.entry`
mentions  what people write to us: whether they may, then the work or its answer
reviews   the making of a review
posting   a review that is on record, and what is told when GitHub does not take it
endings   how work for a person ends: a reaction, words, a look at what came of findings
deps      the outside world of all of them
"""

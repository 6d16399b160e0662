"""What GitHub, Redis or a person sees, and what both processes must agree on.

domain   frozen values and pure functions: events, jobs, commands, diff, intent, finding, policy
ports    the whole outside world as Protocols, on one screen
github   authentication, reads, writes, and every word that is posted
store    Redis (queue, deliveries, leases) and the database (records, learnings, outcomes)
webhook  the receiver: bytes, signature, event, jobs
web      pages for whoever runs it: reviews, memory, outcomes

`workers` imports `bot`; never the reverse.
"""

"""Pages for whoever runs it: reviews, memory and outcomes, behind one password.

The receiver serves them (`bot/webhook/pages.py`) and imports them when the first one is asked for.

wire      how a request came: over HTTPS or on this machine, from a page of ours or of others (pure)
guard     what holds for every answer: headers, no page over plain HTTP
visits    who is signed in, and what their form says
stores    what pages read and change
drawing   values to HTML
"""

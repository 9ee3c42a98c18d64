"""How long a migration waits for others, and lets others wait for it.

A table that is wanted whole queues everybody behind the one who wants it: better to give up after a moment and to try
again than to stand in the door while the release before is serving.
"""

PATIENCE = ("SET lock_timeout = '5s'", "SET statement_timeout = '10min'")

"""Reading code without looking for garbage.

Whatever a module makes when it is read stays as long as its process. Python looks through all of it again and again
meanwhile, for a third of the time that a start takes, and finds nothing.

Afterwards it looks after every 700 new things, which is several times in each request, when most of what is new is
still in use: a thirtieth of a request's time. Here it looks after some requests.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 20_000, 20, 50  # things made and not gone, before the young, the older and the oldest are looked through


@contextmanager
def for_good() -> Iterator[None]:
    """Look for no garbage while everything is read, never again among what has been read, and seldom afterwards."""
    looked_before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*SELDOM)
        if looked_before:
            gc.enable()

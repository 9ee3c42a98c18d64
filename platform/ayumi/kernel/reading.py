"""Reading code without looking for garbage.

Whatever a module makes when it is read stays as long as its process. Python looks through all of it again and again
meanwhile, for a third of the time that a start takes, and finds nothing.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def for_good() -> Iterator[None]:
    """Look for no garbage while everything is read, and never again among what has been read."""
    looked_before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if looked_before:
            gc.enable()

"""Whether this server has been asked to stop, told to all its processes at once."""

import mmap

# Shared with every process that is forked after this module was read.
_ASKED = mmap.mmap(-1, 1)


def ask() -> None:
    """Remember that this server is to stop."""
    _ASKED[0] = 1


def take_back() -> None:
    """Forget it again."""
    _ASKED[0] = 0


def asked() -> bool:
    """Tell whether somebody has asked."""
    return _ASKED[0] == 1

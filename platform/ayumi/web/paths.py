"""Where a request may send somebody: nowhere but here."""


def local_path(path: str | None) -> str | None:
    """Return ``path`` if it leads nowhere but here, else None."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or "\\" in path:
        return None
    return path if not any(ord(mark) < 32 for mark in path) else None

"""Templates compiled once for all products that a test process makes and starts: all are made of the same code."""

import os

from flask import Flask
from jinja2 import FileSystemBytecodeCache


def keep_templates(made: Flask) -> None:
    """Let a product take templates as another has compiled them, and keep what it compiles itself."""
    made.jinja_env.bytecode_cache = FileSystemBytecodeCache(os.environ["AYUMI_TEST_TEMPLATES"])

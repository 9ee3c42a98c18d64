"""All that attacks isolation goes through a pooler in transaction mode in which each role has one connection.

So every transaction of every municipality meets the same connection that another has just left.
"""

import os

import pytest
from flask import Flask


@pytest.fixture(scope="session")
def app(request: pytest.FixtureRequest) -> Flask:
    """The whole product behind the pooler, unless AYUMI_TEST_POOLER=0 asks for the straight way."""
    made: Flask = request.getfixturevalue("straight" if os.environ.get("AYUMI_TEST_POOLER") == "0" else "pooled")
    return made

"""Pages of long lists: an address may ask for any number."""

import pytest
from flask import Flask

from ayumi.accounts.model import Party, Role
from tests.world import a_member, a_town, logged_in


@pytest.mark.parametrize("list_", ["placements/", "reports/", "records/", "people/"])
@pytest.mark.parametrize("number", ["9" * 30, "-1", "no-number"])
def test_a_page_that_nobody_can_count_to_is_no_error(app: Flask, list_: str, number: str) -> None:
    town = a_town(app)
    worker = a_member(app, town, Party.STAFF, Role.EMPLOYMENT_SUPPORT_WORKER)
    assert logged_in(app, worker).get(f"/t/{town.slug}/{list_}?page={number}").status_code == 200

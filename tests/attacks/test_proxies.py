"""What a visitor says about their own address: believed only of proxies that the settings know."""

import pytest
from flask import Flask, request

from ayumi.app import believe_proxies


@pytest.mark.parametrize(
    ("proxies", "said", "believed"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 192.0.2.7", "203.0.113.9"),
    ],
)
def test_an_address_is_taken_from_the_known_proxies_only(proxies: int, said: str, believed: str) -> None:
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: f"{request.remote_addr} {request.host}")
    believe_proxies(app, proxies)
    answer = app.test_client().get("/", headers={"X-Forwarded-For": said, "X-Forwarded-Host": "evil.example"})
    assert answer.text == f"{believed} localhost"

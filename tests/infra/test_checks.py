"""The checks that need no test, side by side."""

import pytest

from infra import checks


def test_what_each_says_is_shown_whole_and_those_that_fail_are_named(capfd: pytest.CaptureFixture[str]) -> None:
    asked = {
        "bad": ["python", "-c", "print('one'); print('two'); raise SystemExit(3)"],
        "good": ["python", "-c", "print('all is well')"],
    }
    assert checks.main(asked) == 1
    shown = capfd.readouterr()
    assert "-- bad\none\ntwo\n" in shown.out
    assert "-- good\nall is well\n" in shown.out
    assert shown.err == "failed: bad\n"
    assert checks.main({"good": asked["good"]}) == 0

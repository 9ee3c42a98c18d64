"""People for tests of people."""

import itertools
from datetime import date
from typing import Any

from ayumi.participants import rules
from ayumi.participants.model import Participant

_count = itertools.count(1)


def a_person(**given: Any) -> Participant:
    """Register somebody in the place one is in; each is another."""
    number = next(_count)
    said: dict[str, Any] = {
        "family_name": "山田",
        "given_name": "花子",
        "family_kana": "ヤマダ",
        "given_kana": "ハナコ",
        "birth_date": date(1980, 4, 1),
        "case_number": f"K-{number:05}",
        "is_other": True,
    }
    return rules.register(**said | given)

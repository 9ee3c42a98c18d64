"""Take a municipality onto the platform. Works as the owner, from the command line."""

import re

from sqlalchemy import false, func, or_, select

from ayumi.japan.codes import is_local_government_code
from ayumi.kernel import clock, clusters
from ayumi.kernel.db import visiting
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _
from ayumi.municipalities.model import AccessPolicy, Delivery, Municipality, Programme

SLUG = re.compile(r"[a-z][a-z0-9-]{1,40}")
TAKEN_BY_ADDRESSES = {"employer"}
BANDS = 20


def create(
    *,
    slug: str,
    name: str,
    kana: str,
    prefecture: str,
    code: str | None = None,
    delivery: Delivery = Delivery.DIRECT,
    is_demonstration: bool = False,
) -> Municipality:
    """Create a municipality with its programme. Raises Invalid for a bad slug or code, Conflict when it is there."""
    check(slug=slug, code=code)
    with visiting(Place(Door.OWNER)) as session:
        same_code = Municipality.code == code if code is not None else false()
        if session.scalar(select(Municipality.id).where(or_(Municipality.slug == slug, same_code))):
            raise Conflict(_("This municipality is on the platform already."))
        town = Municipality(
            slug=slug,
            code=code,
            name=name,
            kana=kana,
            prefecture=prefecture,
            band=(session.scalar(select(func.count(Municipality.id))) or 0) % BANDS + 1,
            is_demonstration=is_demonstration,
            created_at=clock.now(),
        )
        session.add(town)
        session.flush()
        session.connection().exec_driver_sql(Place(Door.OWNER, tenant_id=town.id).declaration())
        session.add(Programme(tenant_id=town.id, runs_programme=True, delivery=delivery))
        session.add(AccessPolicy(tenant_id=town.id))
        session.flush()
        session.expunge(town)
    return town


def check(*, slug: str, code: str | None) -> None:
    """Raise Invalid unless the name in addresses and the code can be; Conflict where no municipality begins."""
    if clusters.present() != clusters.HOME:
        raise Conflict(
            _("Municipalities begin at home and move to a cluster of their own: numbers are given out there.")
        )
    if not SLUG.fullmatch(slug) or slug in TAKEN_BY_ADDRESSES:
        text = _("The name in addresses has small letters, digits and hyphens only.")
        raise Invalid(text, fields={"slug": text})
    if code is not None and not is_local_government_code(code):
        text = _("This is not a local-government code: its check digit does not fit.")
        raise Invalid(text, fields={"code": text})

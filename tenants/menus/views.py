"""What this municipality offers: the list for staff, and the brochure for the person."""

from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.menus import queries, rules
from ayumi.menus.labels import STATUS_KINDS, STATUSES, TIER_HINTS, TIERS
from ayumi.menus.schemas import MenuChange, MenuInput
from ayumi.web.editing import send_edit
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs

pages = Blueprint("menus", __name__, url_prefix="/menus")


@pages.get("/")
@needs("menus.read")
def index() -> ResponseReturnValue:
    """List the menus by what they lead towards."""
    found = {tier: list(rows) for tier, rows in groupby(queries.every(), key=attrgetter("tier"))}
    tiers = [(tier, word, TIER_HINTS[tier], found.get(tier, [])) for tier, word in TIERS.items()]
    return render_template("tenants/menus/list.html", tiers=tiers, statuses=STATUSES, status_kinds=STATUS_KINDS)


@pages.get("/brochure")
@needs("menus.read")
def brochure() -> ResponseReturnValue:
    """Show what is offered side by side, for the person: no levels, in no order of them."""
    return render_template("tenants/menus/brochure.html", menus=sorted(queries.published(), key=attrgetter("position")))


@pages.route("/new", methods=["GET", "POST"])
@needs("menus.write")
def new() -> ResponseReturnValue:
    """Draw up a menu."""
    form = Form(MenuInput())
    if form.send(rules.draw_up, id=form.token):
        flash(gettext("The menu has been written as a draft. Offer it when it is ready."), "good")
        return redirect(to("menus.index"))
    return render_template("tenants/menus/write.html", form=form, menu=None), form.status


@pages.route("/<uuid:menu_id>", methods=["GET", "POST"])
@needs("menus.write")
def edit(menu_id: UUID) -> ResponseReturnValue:
    """Change a menu's words."""
    menu = queries.one(menu_id)
    form = Form(MenuChange(), {name: getattr(menu, name) for name in (*rules.WORDS, "edition")})
    if send_edit(form, rules.edit, lambda: queries.one(menu_id).edition, menu=menu):
        flash(gettext("The menu has been changed."), "good")
        return redirect(to("menus.index"))
    return render_template("tenants/menus/write.html", form=form, menu=queries.one(menu_id)), form.status


@pages.post("/<uuid:menu_id>/publish")
@needs("menus.write")
def publish(menu_id: UUID) -> ResponseReturnValue:
    """Offer a menu."""
    return done(menu_id, rules.publish, gettext("The menu is offered now."))


@pages.post("/<uuid:menu_id>/retire")
@needs("menus.write")
def retire(menu_id: UUID) -> ResponseReturnValue:
    """Offer a menu no longer."""
    return done(menu_id, rules.retire, gettext("The menu is no longer offered."))


@pages.post("/<uuid:menu_id>/move")
@needs("menus.write")
def move(menu_id: UUID) -> ResponseReturnValue:
    """Put a menu one place up or down."""
    way = rules.Way.UP if request.form.get("way") == "up" else rules.Way.DOWN
    rules.move(queries.one(menu_id), way)
    return redirect(to("menus.index", _anchor=f"menu-{menu_id}"))


def done(menu_id: UUID, rule: Any, said: str) -> ResponseReturnValue:
    """Do one step with a menu and go back to the list."""
    rule(queries.one(menu_id))
    flash(said, "good")
    return redirect(to("menus.index"))

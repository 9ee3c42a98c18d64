"""What operators enter, and what a municipality answers to them."""

from ayumi.hosting.labels import PLANS
from ayumi.hosting.model import Plan
from ayumi.invitations.schemas import WAITS, address
from ayumi.japan.inputs import Input, LongText, OneOf, Text, Whole, YesNo
from ayumi.kernel.words import _

NAME = _("Name of the first administrator")
NO_NAMES = _("Name no supported person here: the municipality keeps this for good.")


class MunicipalityInput(Input):
    """A new municipality; name, reading and prefecture come from the list."""

    constraints = {"uq_municipality_slug": ("slug", _("This name is taken."))}

    slug = Text(
        required=True,
        longest=41,
        metadata={
            "label": _("Name in addresses"),
            "help": _("Small letters, digits and hyphens. It stays for good: addresses in mails begin with it."),
        },
    )
    model = Text(longest=41, load_default=None, metadata={
        "label": _("Start from the configuration of"), "type": "select",
        "help": _("Programme, way of choosing people, menus, rules of access, times of keeping. No data of anybody."),
    })  # fmt: skip
    menus_published = YesNo(metadata={"label": _("Offer its menus at once (else they are drafts)")})
    plan = OneOf(Plan, required=True, metadata={"label": _("Booked plan"), "labels": PLANS})
    seats = Whole(least=1, most=10_000, required=True, metadata={"label": _("Seats"), "size": "xs"})
    administrator_name = Text(required=True, longest=80, metadata={"label": NAME})
    administrator_email = address(
        _("E-mail address of the first administrator"), help=_("An invitation goes there, good for seven days.")
    )


class AdministratorInput(Input):
    """Who is asked to administer a municipality."""

    constraints = {"uq_invitation_waiting": ("administrator_email", WAITS)}

    administrator_name = Text(required=True, longest=80, metadata={"label": _("Name of the administrator")})
    administrator_email = address(_("E-mail address of the administrator"))


class BookingInput(Input):
    """Plan and seats."""

    plan = OneOf(Plan, required=True, metadata={"label": _("Booked plan"), "labels": PLANS})
    seats = Whole(least=1, most=10_000, required=True, metadata={"label": _("Seats"), "size": "xs"})
    edition = Whole(load_default=0, metadata={"type": "hidden"})


class SuspensionInput(Input):
    """Why a municipality is suspended."""

    why = LongText(required=True, longest=500, metadata={"label": _("Why it is suspended"), "rows": 3})


class GlassInput(Input):
    """A request to look into a municipality."""

    reason = LongText(
        required=True,
        longest=1000,
        guarded=True,
        metadata={"label": _("Why you have to look"), "help": NO_NAMES, "rows": 4},
    )
    ticket = Text(required=True, longest=60, metadata={"label": _("Number of the ticket"), "size": "m"})
    hours = Whole(
        least=1,
        most=4,
        required=True,
        metadata={"label": _("Hours"), "size": "xs", "help": _("One to four. You can end it earlier.")},
    )
    pledged = YesNo(
        metadata={"label": _("I look only at what this ticket needs, and tell nobody what I see.")},
    )


class RefusalInput(Input):
    """Why a request is refused."""

    refusal = LongText(required=True, longest=500, metadata={"label": _("Why it is refused"), "rows": 3})


class ReviewInput(Input):
    """What the municipality says afterwards."""

    review = LongText(
        required=True,
        longest=2000,
        guarded=True,
        metadata={"label": _("What you found"), "help": _("Was every view needed for the reason given?"), "rows": 4},
    )

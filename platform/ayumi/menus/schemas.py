"""What may be typed about a menu."""

from ayumi.japan import inputs
from ayumi.kernel.words import _
from ayumi.menus.labels import TIERS
from ayumi.menus.model import Tier


class MenuInput(inputs.Input):
    """One thing people can take part in."""

    constraints = {"uq_menu_tenant_id_name": ("name", _("There is a menu of this name already."))}

    name = inputs.Text(
        required=True,
        longest=40,
        metadata={"label": _("Name of the menu"), "help": _("As people call it. It also stands in weekly records.")},
    )
    tier = inputs.OneOf(
        Tier,
        required=True,
        metadata={"label": _("What it leads towards"), "labels": TIERS, "help": _("Only staff see this.")},
    )
    description = inputs.LongText(
        load_default=None,
        longest=400,
        metadata={
            "label": _("What one does there"),
            "help": _("For the brochure: two or three sentences to somebody who has never been there."),
            "rows": 3,
        },
    )
    usual_place = inputs.Text(load_default=None, longest=80, metadata={"label": _("Usual place")})
    usual_time = inputs.Text(
        load_default=None,
        longest=80,
        metadata={"label": _("Usual time"), "help": _("In words, such as: Tuesdays 10:00 to 12:00.")},
    )
    is_work_experience = inputs.YesNo(
        metadata={"label": _("This is work experience at an employer, whose days are counted and confirmed")}
    )


class MenuChange(MenuInput):
    """The same, with the edition somebody saw."""

    edition = inputs.Whole(required=True, metadata={"label": "", "type": "hidden"})

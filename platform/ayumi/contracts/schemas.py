"""What may be typed about a contract."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from ayumi.contracts.labels import FIRM_KINDS
from ayumi.firms.model import FirmKind
from ayumi.japan import inputs
from ayumi.kernel.words import _


class ContractInput(inputs.Input):
    """A firm's commission."""

    title = inputs.Text(
        required=True, longest=120, metadata={"label": _("Title of the contract"), "help": _("As on the paper.")}
    )
    purpose = inputs.LongText(
        load_default=None,
        longest=500,
        metadata={"label": _("What it is for"), "help": _("The programme, or the part of it."), "rows": 2},
    )
    starts_on = inputs.Day(required=True, metadata={"label": _("First day")})
    ends_on = inputs.Day(required=True, metadata={"label": _("Last day")})

    @validates_schema
    def in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A contract ends after it begins."""
        if data["ends_on"] < data["starts_on"]:
            raise ValidationError(_("The last day lies before the first day."), "ends_on")


class ContractChange(ContractInput):
    """The same, with the edition somebody saw."""

    edition = inputs.Whole(required=True, metadata={"label": "", "type": "hidden"})


class NewContract(ContractInput):
    """A new contract, with a firm that is known here or a new one."""

    firm_id = inputs.Key(load_default=None, metadata={"label": _("Firm"), "type": "select"})
    firm_name = inputs.Text(load_default=None, longest=100, metadata={"label": _("Name of the new firm")})
    firm_kana = inputs.Kana(load_default=None, longest=100, metadata={"label": _("Its name in kana")})
    firm_kind = inputs.OneOf(
        FirmKind,
        load_default=None,
        metadata={"label": _("Kind of firm"), "labels": FIRM_KINDS, "type": "select", "size": "m"},
    )

    @validates_schema(skip_on_field_errors=False)
    def names_a_firm(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A firm is chosen, or a new one is named whole."""
        if data.get("firm_id"):
            return
        missing = [name for name in ("firm_name", "firm_kana", "firm_kind") if not data.get(name)]
        if missing:
            raise ValidationError({name: [inputs.PLEASE_FILL_IN] for name in missing})

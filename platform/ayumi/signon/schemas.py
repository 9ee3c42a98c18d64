"""What may be typed about logging in."""

from ayumi.japan import inputs
from ayumi.kernel.words import _


class PolicyInput(inputs.Input):
    """What a municipality asks of those who log in."""

    idle_minutes = inputs.Whole(
        required=True,
        least=5,
        most=720,
        metadata={
            "label": _("Log out when nothing is done for"),
            "unit": _("minutes"),
            "size": "s",
            "help": _("Between 5 and 720."),
        },
    )
    session_hours = inputs.Whole(
        required=True,
        least=1,
        most=24,
        metadata={
            "label": _("Log out in any case after"),
            "unit": _("hours"),
            "size": "s",
            "help": _("Between 1 and 24."),
        },
    )
    second_factor_required = inputs.YesNo(
        metadata={
            "label": _("Own staff need a second factor"),
            "help": _("Firms and operators always do."),
        }
    )
    single_sign_on_only = inputs.YesNo(
        metadata={
            "label": _("Own staff log in with the municipality's account only"),
            "help": _("A password then no longer opens the console."),
        }
    )
    glass_needs_consent = inputs.YesNo(
        metadata={
            "label": _("Operators may look in only when the municipality agrees"),
            "help": _("In an emergency a second operator always has to agree, too, and everything they see is logged."),
        }
    )
    edition = inputs.Whole(required=True, metadata={"label": "", "type": "hidden"})


class ProviderInput(inputs.Input):
    """A municipality's identity provider."""

    label = inputs.Text(
        required=True,
        longest=60,
        metadata={"label": _("Name on the login page"), "help": _("For example: staff account of the city")},
    )
    issuer = inputs.Text(
        required=True,
        longest=300,
        metadata={
            "label": _("Issuer"),
            "type": "url",
            "help": _("The address the provider gives as its issuer; it begins with https://."),
        },
    )
    client_id = inputs.Text(
        required=True,
        longest=200,
        metadata={"label": _("Client ID"), "help": _("As the provider shows it when Ayumi is registered there.")},
    )
    client_secret = inputs.Text(
        load_default=None,
        longest=500,
        metadata={
            "label": _("Client secret"),
            "type": "new-password",
            "help": _("It is kept sealed and never shown again. Leave empty to keep the present one."),
        },
    )
    edition = inputs.Whole(load_default=None, metadata={"label": "", "type": "hidden"})

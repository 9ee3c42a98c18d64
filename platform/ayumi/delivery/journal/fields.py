"""Names of fields in the journal: as the forms name them, from which they came."""

from functools import cache

from ayumi.consents.schemas import Given
from ayumi.contracts.schemas import ContractInput
from ayumi.delivery.journal.words import FIELDS
from ayumi.employers.schemas import AgreementInput, EmployerInput, PriceInput, SiteInput
from ayumi.incidents.schemas import IncidentInput
from ayumi.japan.inputs import Input
from ayumi.menus.schemas import MenuInput
from ayumi.participants.schemas import AssignSchema, ParticipantSchema, RestrictSchema
from ayumi.placements.schemas import MeetingInput, PlanInput, ProfileInput, TimesInput
from ayumi.plans.schemas import GoalChange
from ayumi.signon.schemas import PolicyInput, ProviderInput

FORMS: dict[str, tuple[type[Input], ...]] = {
    "participant": (ParticipantSchema, AssignSchema, RestrictSchema),
    "consent": (Given,),
    "contract": (ContractInput,),
    "employer": (EmployerInput,),
    "employer_site": (SiteInput,),
    "employer_agreement": (AgreementInput,),
    "unit_price": (PriceInput,),
    "incident": (IncidentInput,),
    "menu": (MenuInput,),
    "placement": (PlanInput, MeetingInput, ProfileInput),
    "experience_day": (TimesInput,),
    "goal": (GoalChange,),
    "identity_provider": (ProviderInput,),
    "access_policy": (PolicyInput,),
}


@cache
def labels_of(subject: str) -> dict[str, str]:
    """Return field -> its name, for rows of a table."""
    said = {
        name: str(field.metadata["label"])
        for form in FORMS.get(subject, ())
        for name, field in form().fields.items()
        if field.metadata.get("label")
    }
    return FIELDS | said

"""Words for roles."""

from ayumi.accounts.model import LoginMethod, Role
from ayumi.kernel.words import _

ROLES: dict[Role, str] = {
    Role.CASEWORKER: _("Caseworker"),
    Role.SUPERVISING_CASEWORKER: _("Supervising caseworker"),
    Role.EMPLOYMENT_SUPPORT_WORKER: _("Employment support worker"),
    Role.SECTION_HEAD: _("Section head"),
    Role.FINANCE_OFFICER: _("Finance officer"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.MANAGER: _("Manager"),
    Role.SUPPORTER: _("Supporter"),
    Role.ACCOUNTING: _("Accounting"),
    Role.CONTACT: _("Contact person"),
}

METHODS: dict[LoginMethod, str] = {
    LoginMethod.PASSWORD: _("Password"),
    LoginMethod.PASSKEY: _("Passkey"),
    LoginMethod.SINGLE_SIGN_ON: _("Single sign-on"),
    LoginMethod.LINK: _("Link by e-mail"),
}

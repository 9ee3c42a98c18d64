"""The rest of the table: pages of no municipality, and what is rightly not refused."""

# Pages of no municipality: logging in, one's own account, what the machine room asks.
OUTSIDE: dict[str, str | None] = {
    "account.show": "account",
    "assets.serve": None,
    "factors.add_passkey": "account",
    "factors.app": "account",
    "factors.index": "account",
    "factors.remove_app": "account",
    "factors.remove_passkey": "account",
    "forgotten.ask": None,
    "forgotten.asked": None,
    "forgotten.follow": None,
    "health.healthz": None,
    "joining.invitation": None,
    "login.language": None,
    "login.login_page": None,
    "login.logout": None,
    "login.places": None,
    "mailbox.every": None,
    "mailbox.one": None,
    "paper_codes.file": "account",
    "paper_codes.make": "account",
    "paper_codes.show": "account",
    "passkeys.options": None,
    "password.language": "account",
    "password.password": "account",
    "practice_codes.every": None,
    "second_step.by_passkey": None,
    "second_step.page": None,
    "sessions.end": "account",
    "sessions.end_others": "account",
    "sessions.index": "account",
    "signon.callback": None,
    "signon.door": None,
    "signon.find": None,
    "signon.start": None,
    "signon.try_out": None,
    "step_up.confirm": "account",
}

# What is not refused although a form brought an identifier of another municipality, and why that is right.
TAKEN_ANYWHERE = {
    "_token": "names the row that will be made here; keys begin with the municipality, so it meets nothing"
}
TAKEN = {
    ("console.approval.decide", "reason-*"): "lines of other statements are not looked at",
    ("console.records.grid.save", "everything"): "rows that are not on the page are not looked at",
    ("portal.records.grid.save", "everything"): "rows that are not on the page are not looked at",
}

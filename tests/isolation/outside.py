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
    "health.readyz": None,
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
HANDING = "each person's own choice stands above it, and once handed over there is nothing left to hand over"
PANEL = "only fields named after the week in the address are read, and none of these is: nothing is written"
TAKEN = {
    **{
        (f"{face}.staff.handing.page", field): HANDING
        for face in ("console", "portal")
        for duty in ("caseworker", "supporter", "named")
        for field in (f"to_{duty}", f"one_{duty}_*", f"one_{duty}_* (name)")
    },
    ("console.approval.decide", "reason-* (name)"): "lines of other statements are not looked at",
    **{
        (f"portal.records.grid.panels.{view}", field): PANEL
        for view, fields in (
            ("save_cell", ("*.*.starts_at (name)", "everything")),
            (
                "save_words",
                (
                    "*.words.edition (name)",
                    "*.words.summary (name)",
                    "*.words.request_to_caseworker (name)",
                    "everything",
                ),
            ),
        )
        for field in fields
    },
}
# Forms of many rows: a row that is not there, or was handed in meanwhile, is passed over and nothing of it is written.
ROW_BY_ROW = frozenset({"console.records.grid.save", "portal.records.grid.save"})

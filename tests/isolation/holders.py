"""Who holds which permission, said a second time and by hand: the map of the product must say the same.

Every column is a kind of user of the attack; whoever is not named is answered 403 before anything is looked up.
"""

STAFF = "caseworker supervising_caseworker employment_support_worker section_head finance_officer administrator"
CASEWORK = "caseworker supervising_caseworker employment_support_worker"
CASES = f"{CASEWORK} section_head"
SUPPORT = "manager supporter"
FIRM = "manager supporter accounting"

HOLDERS: dict[str, str] = {
    "home": f"{STAFF} {FIRM} contact",
    "people.read": f"{CASES} {SUPPORT}",
    "people.journal": f"{CASES} {SUPPORT}",
    "people.write": CASEWORK,
    "people.import": f"{CASEWORK} administrator",
    "people.restrict": "supervising_caseworker section_head",
    "enrolments.write": CASEWORK,
    "consents.read": CASES,
    "consents.write": CASEWORK,
    "consents.scan": CASEWORK,
    "goals.write": CASEWORK,
    "menus.read": f"{STAFF} {FIRM}",
    "menus.write": "supervising_caseworker section_head administrator",
    "records.read": f"{CASES} {SUPPORT}",
    "records.write": f"{CASEWORK} {SUPPORT}",
    "records.decide": CASEWORK,
    "employers.read": f"{STAFF} {FIRM}",
    "employers.write": f"{CASES} {SUPPORT}",
    "agreements.write": CASES,
    "prices.propose": f"{CASES} finance_officer",
    "prices.approve": "section_head finance_officer",
    "placements.read": f"{CASES} {SUPPORT}",
    "placements.write": f"{CASEWORK} {SUPPORT}",
    "days.write": f"{CASEWORK} {SUPPORT}",
    "days.confirm_for": CASEWORK,
    "fees.read": f"{STAFF} manager accounting",
    "fees.compile": f"{CASEWORK} manager accounting",
    "fees.approve": "section_head finance_officer",
    "reports.read": STAFF,
    "reports.people": CASES,
    "reports.compile": f"{CASES} administrator",
    "reports.write": "supervising_caseworker section_head",
    "retention.read": "supervising_caseworker section_head administrator",
    "retention.write": "administrator",
    "retention.draft": "supervising_caseworker section_head administrator",
    "retention.approve": "section_head",
    "holds.write": "section_head administrator",
    "holds.write_of_person": "section_head",
    "moving.pack": "administrator",
    "contracts.read": STAFF,
    "contracts.write": "section_head administrator",
    "access.read": "section_head administrator",
    "access.write": "administrator",
    "incidents.report": STAFF,
    "incidents.manage": "section_head administrator",
    "handovers.write": "supervising_caseworker section_head",
    "days.confirm": "contact",
    "glass.read": "section_head administrator",
    "glass.decide": "administrator",
    "glass.end": "section_head administrator",
    "operator": "",
    "pledge": f"{STAFF} {FIRM}",
    "staff.read": "section_head administrator manager",
    "staff.write": "administrator manager",
    "staff.hand_over": "section_head administrator manager",
}

"""Who may ever meet which field: the one table. A column of text that neither stands here nor is exempt fails."""

CASEWORKER, SUPERVISOR, SUPPORT = "caseworker", "supervising_caseworker", "employment_support_worker"
HEAD, FINANCE, ADMINISTRATOR = "section_head", "finance_officer", "administrator"
MANAGER, SUPPORTER, ACCOUNTING, CONTACT, MAIL = "manager", "supporter", "accounting", "contact", "mail"

NOBODY: frozenset[str] = frozenset()
CASEWORK = frozenset({CASEWORKER, SUPERVISOR, SUPPORT})
OFFICE = CASEWORK | {HEAD}
FIRM = frozenset({MANAGER, SUPPORTER})
STAFF = OFFICE | {FINANCE, ADMINISTRATOR}
AT_WORK = OFFICE | FIRM
PAYING = STAFF | {MANAGER, ACCOUNTING}
EVERYBODY = STAFF | FIRM | {ACCOUNTING, CONTACT}

# Table and column -> who meets it on a page, in a file, or in a mail.
CANARIES: dict[str, frozenset[str]] = {
    "participant.family_name": AT_WORK,
    "participant.given_name": AT_WORK,
    "participant.family_kana": AT_WORK,
    "participant.given_kana": AT_WORK,
    "participant.kana_key": NOBODY,
    "participant.name_key": NOBODY,
    "participant.case_number": AT_WORK | {ADMINISTRATOR},
    "participant.nickname": AT_WORK,
    "participant.phone": AT_WORK,
    "participant.household_number": CASEWORK,
    "participant.note": CASEWORK,
    "consent.witness": AT_WORK,
    "consent.withdrawal_reason": OFFICE,
    "enrolment.route_label": AT_WORK,
    "enrolment.decided_by": AT_WORK,
    "enrolment.reason": OFFICE,
    "enrolment.wish": AT_WORK,
    "enrolment.end_note": OFFICE,
    "goal.text": AT_WORK,
    "goal.reason": AT_WORK,
    "weekly_record.skip_reason": AT_WORK,
    "record_version.summary": AT_WORK,
    "record_version.request_to_caseworker": AT_WORK,
    # In a draft, before the week is handed in; from then on the office reads it as a concern.
    "record_version.concern_what": FIRM,
    "record_version.concern_since": FIRM,
    "record_version.concern_known_to": FIRM,
    "record_version.correction_reason": AT_WORK,
    "record_version.returned_comment": AT_WORK,
    "record_day.place": AT_WORK,
    "record_day.absence_reason": CASEWORK | FIRM,
    "record_day.observation": AT_WORK,
    "concern.what": AT_WORK,
    "concern.since": AT_WORK,
    "concern.known_to": AT_WORK,
    "concern.acknowledgement": AT_WORK,
    "placement.nickname": EVERYBODY | {MAIL},
    "placement.tasks": AT_WORK,
    "placement.meeting_note": AT_WORK,
    "placement.profile_strengths": AT_WORK,
    "placement.profile_considerations": CASEWORK | FIRM,
    "placement.end_note": AT_WORK,
    "experience_day.dispute": AT_WORK | {MAIL},
    "experience_day.corrected_from": EVERYBODY,
    "confirmation.note": AT_WORK,
    "fee_line.nickname": PAYING,
    "fee_line.return_word": PAYING,
    "fee_statement.note": PAYING,
    "journal_entry.why": OFFICE,
    "hand_over.why": NOBODY,
}

# Words of a fixed list, by what a page calls them: a ticked barrier, a condition, a matter of a consent.
WORDS: dict[str, frozenset[str]] = {
    "健康（身体）": CASEWORK | FIRM,
    "健康（精神）": CASEWORK | FIRM,
    "依存症": CASEWORK | FIRM,
    "DV・虐待": CASEWORK,
    "家族介護・育児": CASEWORK,
    "住居不安定": CASEWORK,
    "学歴・基礎学力": CASEWORK,
    "職歴ブランク": CASEWORK,
    "ひきこもり": CASEWORK,
    "債務": CASEWORK,
    "刑余・触法": CASEWORK,
    "生活リズム": AT_WORK | {ADMINISTRATOR},  # an example in the template of a list
    "本人の意欲": AT_WORK,
    "医療機関への照会": CASEWORK | FIRM,
    "体調が悪い": CASEWORK | FIRM,
    "2,160円": EVERYBODY | {MAIL},  # what a day is paid
}

OF_THE_HOUSE = "of the municipality, its firms and employers: nothing of a supported person stands in it"
FIXED = "words of the platform, not of people"
SECRET = "keys, hashes and secrets, held by tests of their own"
NO_DOOR = "work of operators, the keeper or the platform; no page of a municipality shows whom it concerns"

# What needs no canary, and why: a table, or one of its columns.
EXEMPT: dict[str, str] = {
    "account": OF_THE_HOUSE,
    "firm": OF_THE_HOUSE,
    "municipality": OF_THE_HOUSE,
    "contract": OF_THE_HOUSE,
    "employer": OF_THE_HOUSE,
    "employer_agreement": OF_THE_HOUSE,
    "employer_site": OF_THE_HOUSE,
    "external_identity": OF_THE_HOUSE,
    "glass_break": OF_THE_HOUSE,
    "identity_provider": OF_THE_HOUSE,
    "invitation": OF_THE_HOUSE,
    "membership": OF_THE_HOUSE,
    "menu": OF_THE_HOUSE,
    "monthly_report": OF_THE_HOUSE,
    "programme": OF_THE_HOUSE,
    "report_figure": OF_THE_HOUSE,
    "report_office_words": OF_THE_HOUSE,
    "selection_route": OF_THE_HOUSE,
    "unit_price": OF_THE_HOUSE,
    "confirmation.given_by": OF_THE_HOUSE,
    "fee_statement.employer_name": OF_THE_HOUSE,
    "stored_file": "names of files as they were handed in; the papers themselves have a permission of their own",
    "incident": "the register of incidents has a permission of its own and is asked to name nobody",
    "authenticator_app": SECRET,
    "journal_check": SECRET,
    "journal_head": SECRET,
    "login_session": SECRET,
    "one_time_link": SECRET,
    "passkey": SECRET,
    "recovery_code": SECRET,
    "signed_head": SECRET,
    "journal_entry.salt": SECRET,
    "journal_entry.digest": SECRET,
    "journal_entry.hash": SECRET,
    "fee_statement.content_hash": SECRET,
    "disposal": NO_DOOR,
    "disposal_item": NO_DOOR,
    "erasure_certificate": NO_DOOR,
    "legal_hold": NO_DOOR,
    "outbox": NO_DOOR,
    "packing": NO_DOOR,
    "report_run": FIXED,
    "schedule_tick": FIXED,
    "fee_statement.payer": FIXED,
    "fee_statement.fee_kind": FIXED,
    "fee_statement.tax_treatment": FIXED,
    "journal_entry.subject": FIXED,
    "journal_entry.action": FIXED,
    "journal_entry.status_before": FIXED,
    "journal_entry.status_after": FIXED,
    "journal_entry.door": FIXED,
    "journal_entry.changes": "every field edited there and back: its own canary is in the changes too",
    "participant.barriers": "words of a fixed list, see WORDS",
    "participant.barriers_for_firm": "made by the database from the barriers",
    "consent.scopes": "words of a fixed list, see WORDS",
    "participant_import.errors": "heading and sentence of a row; what was typed there is in the file alone",
    "participant_import.columns_left_out": "headings of a file",
    "participant_import.sees": FIXED,
}

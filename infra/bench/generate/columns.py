"""The columns that are poured into, table by table, in the order of the rows in people, weeks and work."""

COLUMNS: dict[str, tuple[str, ...]] = {
    table: tuple(columns.split())
    for table, columns in {
        "municipality": "id slug name kana prefecture band created_at",
        "programme": "tenant_id id runs_programme delivery started_on",
        "access_policy": "tenant_id id second_factor_required",
        "selection_route":
            "tenant_id id key edition is_current label steps parties sheets decided_by consent_before_enrolment",
        "menu": "tenant_id id name tier position is_work_experience status",
        "firm": "id name kana kind created_at",
        "contract": "tenant_id id firm_id title starts_on ends_on",
        "account": "id email name created_at",
        "whereabouts": "tenant_id account_id",
        "membership":
            "tenant_id id account_id party roles name kana employer_id starts_on confidentiality_pledge_on",
        "participant":
            "tenant_id id family_name given_name family_kana given_kana kana_key name_key nickname case_number"
            " birth_date barriers caseworker_id delivery_firm_id firm_id status created_at",
        "participant_supporter": "tenant_id id participant_id membership_id",
        "enrolment":
            "tenant_id id participant_id route_id route_label decided_on decided_by reason starts_on ends_on"
            " end_reason status firm_id entered_at",
        "goal":
            "tenant_id id enrolment_id participant_id version is_current kind text agreed_on firm_id entered_at",
        "weekly_record":
            "tenant_id id participant_id enrolment_id week_start due_on status supporter_id first_submitted_at"
            " delivery_firm_id firm_id edition",
        "record_version":
            "tenant_id id weekly_record_id participant_id version is_current summary request_to_caseworker written_by"
            " saved_at submitted_at decided_by decided_at firm_id",
        "record_day":
            "tenant_id id record_version_id held_on position menu_id placement_id place starts_at ends_at minutes"
            " attendance absence_reason condition observation firm_id",
        "employer": "tenant_id id name kana business offers contact_name contact_email status created_at",
        "employer_site": "tenant_id id employer_id name capacity accepted_on",
        "employer_agreement":
            "tenant_id id employer_id fiscal_year starts_on ends_on fee_kind payer tax_treatment",
        "unit_price":
            "tenant_id id agreement_id employer_id version yen tax_rate_pct valid_from valid_to status entered_by"
            " entered_at decided_by decided_at",
        "placement":
            "tenant_id id participant_id employer_id site_id nickname starts_on ends_on planned_days_per_week"
            " planned_minutes_per_day status delivery_firm_id firm_id created_at",
        "confirmation": "tenant_id id employer_id month channel given_by given_at",
        "confirmation_request": "tenant_id id employer_id month sent_at sent_times answered_at",
        "experience_day":
            "tenant_id id placement_id participant_id employer_id held_on starts_at ends_at minutes status"
            " confirmation_id settled_at recorded_at delivery_firm_id firm_id",
        "fee_statement":
            "tenant_id id employer_id month number edition status payer fee_kind tax_treatment tax_rate_pct"
            " employer_name net tax_included tax_added total content_hash compiled_by compiled_at submitted_by"
            " submitted_at approved_by approved_at delivery_firm_id firm_id",
        "fee_line":
            "tenant_id id statement_id position kind placement_id nickname quantity unit_price_id unit_price"
            " price_version amount status firm_id",
        "fee_line_day": "tenant_id id line_id experience_day_id held_on minutes sign firm_id",
    }.items()
}  # fmt: skip
NUMBERS = {table: number for number, table in enumerate(COLUMNS, 1)}

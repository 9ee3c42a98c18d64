"""Words for what stands in a week."""

from ayumi.kernel.words import _
from ayumi.records.model import Attendance, Condition, RecordStatus

STATUSES: dict[RecordStatus, str] = {
    RecordStatus.EXPECTED: _("Not handed in"),
    RecordStatus.DRAFT: _("Draft"),
    RecordStatus.SUBMITTED: _("Handed in"),
    RecordStatus.RETURNED: _("Sent back"),
    RecordStatus.ACCEPTED: _("Accepted"),
    RecordStatus.SKIPPED: _("No record needed"),
}
STATUS_KINDS: dict[RecordStatus, tuple[str, str]] = {
    RecordStatus.EXPECTED: ("neutral", ""),
    RecordStatus.DRAFT: ("neutral", "half"),
    RecordStatus.SUBMITTED: ("info", ""),
    RecordStatus.RETURNED: ("warn", "back"),
    RecordStatus.ACCEPTED: ("good", ""),
    RecordStatus.SKIPPED: ("frozen", "same"),
}
"""Kind of tag and its icon."""

ATTENDANCES: dict[Attendance, str] = {
    Attendance.ATTENDED: _("Attended"),
    Attendance.ABSENT_NOTIFIED: _("Absent with notice"),
    Attendance.ABSENT: _("Absent without notice"),
    Attendance.NOT_PLANNED: _("Not planned"),
}
ATTENDANCE_KINDS: dict[Attendance, str] = {
    Attendance.ATTENDED: "attended",
    Attendance.ABSENT_NOTIFIED: "notice",
    Attendance.ABSENT: "absent",
    Attendance.NOT_PLANNED: "off",
}
"""Kind of square in pictures of a week."""

CONDITIONS: dict[Condition, str] = {
    Condition.GOOD: _("Good"),
    Condition.USUAL: _("As usual"),
    Condition.TIRED: _("Tired"),
    Condition.LOW: _("Low in spirits"),
    Condition.UNWELL: _("Unwell"),
}

FIELDS: dict[str, str] = {
    "summary": _("How the week went"),
    "request_to_caseworker": _("Request to the caseworker"),
    "has_concern": _("Concern"),
    "concern_what": _("What worries you"),
    "concern_since": _("Since when"),
    "concern_known_to": _("Who knows already"),
    "menu_id": _("Menu"),
    "placement_id": _("Work experience at"),
    "place": _("Place"),
    "starts_at": _("Starts at"),
    "ends_at": _("Ends at"),
    "minutes": _("Minutes"),
    "attendance": _("Attendance"),
    "absence_reason": _("Reason for not being there"),
    "condition": _("How the person was"),
    "observation": _("What you saw"),
}

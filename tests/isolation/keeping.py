"""Rows about keeping, disposing and packing, for a town where every text holds its mark."""

from uuid import UUID

from ayumi.kernel import clock
from ayumi.moving.model import Packing, PackingStatus
from ayumi.retention.model import Artefact, Disposal, DisposalItem, DisposalStatus, LegalHold, RetentionClass


def period() -> RetentionClass:
    """A class that somebody has set."""
    return RetentionClass(artefact=Artefact.CONTRACT, years=12)


def hold(mark: str, participant_id: UUID, by: UUID) -> LegalHold:
    """A hold in force."""
    return LegalHold(participant_id=participant_id, why=f"{mark}審査請求", placed_by=by, placed_at=clock.now())


def disposal(by: UUID) -> Disposal:
    """A list just drafted."""
    return Disposal(due_on=clock.today(), status=DisposalStatus.DRAFTED, drafted_by=by, drafted_at=clock.now())


def item(mark: str, disposal_id: UUID, participant_id: UUID) -> DisposalItem:
    """One thing on it, kept back."""
    return DisposalItem(
        disposal_id=disposal_id, artefact=Artefact.PLAN, subject="participant", subject_id=participant_id,
        completed_on=clock.today(), due_on=clock.today(), is_kept_back=True, kept_back_why=f"{mark}照会",
    )  # fmt: skip


def packing(by: UUID, file_id: UUID) -> Packing:
    """A packing that can be fetched."""
    return Packing(
        status=PackingStatus.PACKED, asked_by=by, asked_at=clock.now(), packed_at=clock.now(), tables_done=1,
        tables_total=1, rows=1, manifest_sha256="0" * 64, file_id=file_id,
    )  # fmt: skip

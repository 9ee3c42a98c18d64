"""All tables in one place, for migrations and for the checks of the catalogue."""

import ayumi.accounts.model
import ayumi.audit.model
import ayumi.consents.model
import ayumi.contracts.model
import ayumi.employers.model
import ayumi.factors.model
import ayumi.fees.model
import ayumi.firms.model
import ayumi.handovers.model
import ayumi.hosting.model
import ayumi.incidents.model
import ayumi.invitations.model
import ayumi.kernel.chain
import ayumi.kernel.files.model
import ayumi.kernel.journal
import ayumi.kernel.outbox
import ayumi.menus.model
import ayumi.moving.model
import ayumi.municipalities.model
import ayumi.participants.model
import ayumi.placements.model
import ayumi.plans.model
import ayumi.records.model
import ayumi.reports.model
import ayumi.retention.model
import ayumi.selection.model
import ayumi.signon.model  # noqa: F401
from ayumi.kernel.db import Base

metadata = Base.metadata

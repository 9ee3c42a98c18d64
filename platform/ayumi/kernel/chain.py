"""The chain that holds the journal: each entry carries the hash of the one before, so that none can be changed,
taken out or slipped in without every later hash failing.

The database links the entries, whoever writes them: a trigger locks the head of the municipality's chain, gives each
entry the next number, and hashes. When the statement ends, a second one hashes all its entries again from the head on,
and moves the head: any number of entries in one pass. What an entry *says* (why, changes) is hashed apart, with a salt,
so that it can be forgotten when its time is over and the chain still proves that something happened.
"""

from sqlalchemy import BigInteger, Integer
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, in_municipality
from ayumi.kernel.doors import Grant, opened
from ayumi.kernel.tenancy import Door


class JournalHead(Base):
    """Where a municipality's chain stands. Moves only from within the trigger, over entries that were just written."""

    __tablename__ = "journal_head"
    __table_args__ = (
        in_municipality(),
        {
            "info": opened(
                open_to=(Door.FIRM, Door.EMPLOYER),
                staff="SIU",
                firm="SIU",
                employer="SIU",
                worker="SIU",
                operator="SIU",
                accounts="SIU",
                keeper="SIU",
                glass=Grant(""),
                across={Door.ACCOUNTS: "true"},
            )
        },
    )

    tenant_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str]

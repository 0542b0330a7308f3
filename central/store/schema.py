"""Central's tables. The migrations in store/migrations make them; a test holds the two equal.

`issue` rows are never deleted and a key never comes free: a row is the document, its tombstone, or both; one whose time
is over is emptied (authority/retention.py). Times are
milliseconds since 1970, sums KRW.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# status: issued, changed, refused (the answer that was given), voided (a tombstone that came before any issue).
# final: '' until the machine reports delivered or void; it is written once.
# subject: the pseudonym of the identified person; '' for types that need nobody.
# waiver: the code of the waiver by which that person paid nothing. retain_until_ms: 0 keeps it for ever.
issue = Table(
    "issue",
    metadata,
    Column("kiosk", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("order_id", String, nullable=False, server_default=""),
    Column("line", Integer, nullable=False, server_default="0"),
    Column("copy", Integer, nullable=False, server_default="0"),
    Column("type_code", String, nullable=False, server_default=""),
    Column("fingerprint", String, nullable=False, server_default=""),
    Column("status", String, nullable=False),
    Column("code", String, nullable=False, server_default=""),
    Column("number", String, unique=True),
    Column("draft_hash", String, nullable=False, server_default=""),
    Column("sheets", Integer, nullable=False, server_default="0"),
    Column("fee", Integer, nullable=False, server_default="0"),
    Column("issued_ms", Integer, nullable=False),
    Column("verify_until_ms", Integer, nullable=False, server_default="0"),
    Column("seal", String, nullable=False, server_default=""),
    Column("reply", LargeBinary, nullable=False, server_default=""),
    Column("final", String, nullable=False, server_default=""),
    Column("final_reason", String, nullable=False, server_default=""),
    Column("final_ms", Integer, nullable=False, server_default="0"),
    Column("subject", String, nullable=False, server_default=""),
    Column("waiver", String, nullable=False, server_default=""),
    Column("retain_until_ms", Integer, nullable=False, server_default="0"),
    Index("ix_issue_retain_until_ms", "retain_until_ms"),
    CheckConstraint("status IN ('issued', 'changed', 'refused', 'voided')", name="status"),
    CheckConstraint("final IN ('', 'delivered', 'void')", name="final"),
    CheckConstraint("(status = 'issued') = (number IS NOT NULL)", name="number"),
    CheckConstraint("fee >= 0 AND sheets >= 0", name="sums"),
)
# At most one living document for one copy that was paid for. As a literal, so that queries can use the index.
LIVING = text("status = 'issued' AND final <> 'void'")
Index(
    "ix_issue_one_living_copy",
    issue.c.kiosk,
    issue.c.order_id,
    issue.c.line,
    issue.c.copy,
    unique=True,
    sqlite_where=LIVING,
    postgresql_where=LIVING,
)

# A nonce that was given out and not used yet. Using it takes the row away.
challenge = Table(
    "challenge",
    metadata,
    Column("nonce", String, primary_key=True),
    Column("kiosk", String, nullable=False),
    Column("order_id", String, nullable=False),
    Column("until_ms", Integer, nullable=False),
    Index("ix_challenge_until_ms", "until_ms"),
)

# An identification that was answered: the answer for who asks again, and what its token is good for. The token itself
# is not here, only its SHA-256; `lines` is {line: SHA-256 of what was asked}. Rows go once `until_ms` is over.
identity = Table(
    "identity",
    metadata,
    Column("kiosk", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("order_id", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("reply", LargeBinary, nullable=False),
    Column("token_hash", String, unique=True),
    Column("person", Integer, nullable=False, server_default="0"),
    Column("worker_hash", String, nullable=False, server_default=""),
    Column("lines", String, nullable=False, server_default=""),
    Column("until_ms", Integer, nullable=False),
    Index("ix_identity_until_ms", "until_ms"),
)

orders = Table(
    "orders",
    metadata,
    Column("kiosk", String, primary_key=True),
    Column("order_id", String, primary_key=True),
    Column("opened_ms", Integer, nullable=False, server_default="0"),
    Column("closed_ms", Integer, nullable=False, server_default="0"),
    Column("outcome", String, nullable=False, server_default=""),
    Column("fee", Integer, nullable=False, server_default="0"),
    Column("credit", Integer, nullable=False, server_default="0"),
    Column("paid", Integer, nullable=False, server_default="0"),
    Column("claim", Integer, nullable=False, server_default="0"),
    Column("captured", Integer, nullable=False, server_default="0"),
    Column("reversed", Integer, nullable=False, server_default="0"),
    Column("reason", String, nullable=False, server_default=""),
    Index("ix_orders_closed_ms", "closed_ms"),
)

# A machine's journal, gap-free and chained.
event = Table(
    "event",
    metadata,
    Column("kiosk", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("boot", String, nullable=False),
    Column("at_ms", Integer, nullable=False),
    Column("mono_ms", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("body", String, nullable=False),
    Column("prev", String, nullable=False),
    Column("hash", String, nullable=False),
    Column("received_ms", Integer, nullable=False),
)

# The last heartbeat of each machine. `alive_since_ms`: heard from without a silence since then.
machine = Table(
    "machine",
    metadata,
    Column("kiosk", String, primary_key=True),
    Column("received_ms", Integer, nullable=False),
    Column("alive_since_ms", Integer, nullable=False),
    Column("journal_seq", Integer, nullable=False),
    Column("heartbeat", LargeBinary, nullable=False),
)

# What somebody must look at. The same trouble again counts up; nothing here is ever taken back.
alarm = Table(
    "alarm",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kiosk", String, nullable=False),
    Column("code", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("first_ms", Integer, nullable=False),
    Column("last_ms", Integer, nullable=False),
    Column("times", Integer, nullable=False, server_default="1"),
    UniqueConstraint("kiosk", "code", "subject"),
)

# What is owed about an order, or disputed: one row an order, kept for ever. `holder`: the pseudonym of who was
# identified; '' where nobody was. `by_kiosk`, `by_order`: the redemption that holds it, since before `until_ms`.
# open        its holder, identified again, gets it at any machine
# reserved    one redemption may be paying it out this moment; whatever becomes of that machine, no other does
# counter     nobody was identified: the office pays it
# case        the evidence contradicts itself: a person decides
# paid, kept, void    over
claim = Table(
    "claim",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kiosk", String, nullable=False),
    Column("order_id", String, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("paid", Integer, nullable=False, server_default="0"),
    Column("holder", String, nullable=False, server_default=""),
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False, server_default=""),
    Column("opened_ms", Integer, nullable=False),
    Column("by_kiosk", String, nullable=False, server_default=""),
    Column("by_order", String, nullable=False, server_default=""),
    Column("until_ms", Integer, nullable=False, server_default="0"),
    Column("verdict", String, nullable=False, server_default=""),
    Column("why", String, nullable=False, server_default=""),
    Column("resolved_ms", Integer, nullable=False, server_default="0"),
    Column("told_ms", Integer, nullable=False, server_default="0"),
    UniqueConstraint("kiosk", "order_id"),
    Index("ix_claim_holder", "holder"),
    CheckConstraint("state IN ('open', 'reserved', 'paid', 'counter', 'case', 'kept', 'void')", name="state"),
    CheckConstraint("amount >= 0 AND paid >= 0 AND paid <= amount", name="sums"),
)

# A machine's attempt to pay claims out. Once `closed` it holds nothing any more, and never will: a request that was
# late on its way comes to a tombstone.
redemption = Table(
    "redemption",
    metadata,
    Column("kiosk", String, primary_key=True),
    Column("order_id", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("paid", Integer, nullable=False, server_default="0"),
    CheckConstraint("state IN ('reserved', 'closed')", name="state"),
)

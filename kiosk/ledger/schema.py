"""The ledger's tables and the PRAGMAs it must run under. STRICT, checked money, an append-only journal.

WAL with synchronous=FULL survives a power cut at any write; NORMAL loses acknowledged commits. One connection in one
process with exclusive locking keeps clear of SQLite's WAL-reset bug (fixed in 3.51.3).
"""

SCHEMA_VERSION = 1

TABLES = """
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    boot TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    mono_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    prev TEXT NOT NULL CHECK (length(prev) = 64),
    hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64)
) STRICT;
CREATE TRIGGER journal_is_append_only_update BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_append_only_delete BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    opened_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    credit INTEGER NOT NULL CHECK (credit >= 0),
    earned INTEGER NOT NULL CHECK (earned >= 0),
    paid INTEGER NOT NULL CHECK (paid >= 0),
    claim INTEGER NOT NULL CHECK (claim >= 0),
    outcome TEXT,
    body TEXT NOT NULL CHECK (json_valid(body)),
    CHECK (state <> 'CLOSED' OR outcome IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX one_open_order ON orders ((1)) WHERE state <> 'CLOSED';
CREATE TABLE issues (
    key TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    line INTEGER NOT NULL,
    copy INTEGER NOT NULL,
    type_code TEXT NOT NULL,
    fee INTEGER NOT NULL CHECK (fee >= 0),
    sheets INTEGER NOT NULL CHECK (sheets > 0),
    state TEXT NOT NULL,
    number TEXT NOT NULL,
    UNIQUE (order_id, line, copy)
) STRICT;
CREATE UNIQUE INDEX one_issue_per_number ON issues (number) WHERE number <> '';
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY REFERENCES journal (seq)
) STRICT;
CREATE TABLE claims (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    code TEXT NOT NULL UNIQUE,
    amount INTEGER NOT NULL CHECK (amount > 0),
    disputed INTEGER NOT NULL CHECK (disputed IN (0, 1))
) STRICT;
CREATE TABLE positions (
    device TEXT PRIMARY KEY,
    body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;
CREATE TABLE surplus (
    seq INTEGER PRIMARY KEY REFERENCES journal (seq),
    what TEXT NOT NULL,
    amount INTEGER NOT NULL
) STRICT;
"""

# name -> (how to set it, what reading it back must give)
PRAGMAS: dict[str, tuple[str, object]] = {
    "locking_mode": ("EXCLUSIVE", "exclusive"),
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),
    "foreign_keys": ("ON", 1),
    "secure_delete": ("ON", 1),
    "trusted_schema": ("OFF", 0),
    "cell_size_check": ("ON", 1),
    "mmap_size": ("0", 0),
    "wal_autocheckpoint": ("1000", 1000),
    "journal_size_limit": ("4194304", 4194304),
}

# The same rules that tests check on physical truth, as queries that must stay empty.
INVARIANTS: dict[str, str] = {
    "M1 conservation": (
        "SELECT id FROM orders WHERE state = 'CLOSED' AND outcome <> 'DISPUTED' "
        "AND credit + coalesce(json_extract(body, '$.card.captured'), 0) <> earned + paid + claim "
        "AND coalesce(json_extract(body, '$.redeems'), 0) = 0"
    ),
    "M1 a card is charged for what was delivered, and what it held is free again": (
        "SELECT id FROM orders WHERE state = 'CLOSED' AND outcome <> 'DISPUTED' "
        "AND json_extract(body, '$.card.state') IN ('CARD?', 'AUTHORISED', 'CAPTURE?', 'REVERSE?')"
    ),
    "M1 no more redeemed than was held": (
        "SELECT id FROM orders WHERE paid > credit AND paid > credit + coalesce(json_extract(body, '$.redeem'), 0)"
    ),
    "M2 fee kept if and only if delivered": (
        "SELECT o.id FROM orders o WHERE o.earned <> "
        "(SELECT coalesce(sum(fee), 0) FROM issues i WHERE i.order_id = o.id AND i.state = 'DELIVERED')"
    ),
    "M3 one number, one issue": "SELECT number FROM issues WHERE number <> '' GROUP BY number HAVING count(*) > 1",
    "M9 no gap in the journal": (
        "SELECT seq FROM journal j WHERE seq > 1 AND NOT EXISTS "
        "(SELECT 1 FROM journal p WHERE p.seq = j.seq - 1 AND p.hash = j.prev)"
    ),
}

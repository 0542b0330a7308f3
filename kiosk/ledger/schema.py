"""The ledger's tables and the PRAGMAs it must run under. STRICT, checked money, an append-only journal.

WAL with synchronous=FULL survives a power cut at any write; NORMAL loses acknowledged commits. One connection in one
process with exclusive locking keeps clear of SQLite's WAL-reset bug (fixed in 3.51.3).
"""

FIRST_TABLES = """
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

# Version 2: the hash has no index any more (nothing looks for it, and a random place for each row is what made the
# step slow after years); segments, whose ends stay when their rows are dropped; when an order ended; whose it is.
# A claim in open_claims stays with its order, however old they are.
SECOND_TABLES = """
CREATE TABLE journal_of_2 (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    boot TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    mono_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    prev TEXT NOT NULL CHECK (length(prev) = 64),
    hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;
INSERT INTO journal_of_2 SELECT seq, boot, at_ms, mono_ms, kind, body, prev, hash FROM journal ORDER BY seq;
DROP TABLE journal;
ALTER TABLE journal_of_2 RENAME TO journal;
CREATE TABLE segments (
    first INTEGER PRIMARY KEY CHECK (first > 0),
    last INTEGER NOT NULL CHECK (last >= first),
    prev TEXT NOT NULL CHECK (length(prev) = 64),
    head TEXT NOT NULL CHECK (length(head) = 64),
    closed_ms INTEGER NOT NULL,
    dropped INTEGER NOT NULL DEFAULT 0 CHECK (dropped IN (0, 1)),
    sums TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(sums))
) STRICT;
CREATE TABLE about (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
ALTER TABLE orders ADD COLUMN closed_seq INTEGER;
UPDATE orders SET closed_seq = ended.seq FROM
    (SELECT json_extract(body, '$.order') AS id, max(seq) AS seq FROM journal WHERE kind = 'order-closed' GROUP BY 1)
    AS ended WHERE ended.id = orders.id;
CREATE INDEX orders_by_end ON orders (closed_seq) WHERE closed_seq IS NOT NULL;
CREATE VIEW open_claims AS SELECT order_id FROM claims;
CREATE TRIGGER journal_is_append_only_update BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_append_only_delete BEFORE DELETE ON journal
    WHEN coalesce((SELECT dropped FROM segments WHERE first <= OLD.seq AND last >= OLD.seq
                   ORDER BY first DESC LIMIT 1), 0) = 0
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER segments_stay BEFORE DELETE ON segments
    BEGIN SELECT RAISE(ABORT, 'the end of a segment is kept for ever'); END;
CREATE TRIGGER segments_follow_one_another BEFORE INSERT ON segments
    WHEN NEW.first <> coalesce((SELECT max(last) FROM segments), 0) + 1
    BEGIN SELECT RAISE(ABORT, 'a segment begins where the one before it ended'); END;
CREATE TRIGGER segments_are_only_dropped BEFORE UPDATE ON segments
    WHEN OLD.dropped = 1 OR NEW.dropped <> 1 OR (NEW.first, NEW.last, NEW.prev, NEW.head, NEW.closed_ms)
        IS NOT (OLD.first, OLD.last, OLD.prev, OLD.head, OLD.closed_ms)
    BEGIN SELECT RAISE(ABORT, 'a segment can only be dropped'); END;
CREATE TRIGGER segments_are_dropped_when_two_others_have_them BEFORE UPDATE ON segments
    WHEN EXISTS (SELECT 1 FROM outbox WHERE seq <= NEW.last)
        OR coalesce((SELECT CAST(value AS INTEGER) FROM about WHERE name = 'copied-seq'), 0) < NEW.last
        OR EXISTS (SELECT 1 FROM segments WHERE first < NEW.first AND dropped = 0)
    BEGIN SELECT RAISE(ABORT, 'a segment is dropped only when central and the second copy have it, oldest first'); END;
"""

# Orders that wait only for the payment terminal's word lie beside the one that is open.
THIRD_TABLES = """
DROP INDEX one_open_order;
CREATE UNIQUE INDEX one_open_order ON orders ((1)) WHERE state NOT IN ('CLOSED', 'CARD-DUE');
CREATE INDEX orders_card_due ON orders (id) WHERE state = 'CARD-DUE';
"""

# A claim is settled by the row of the journal that says so; from then on it may go with that row's segment. Decisions
# that were entered before are taken from the journal.
FOURTH_TABLES = """
DROP VIEW open_claims;
ALTER TABLE claims ADD COLUMN settled_seq INTEGER;
UPDATE claims SET settled_seq = told.seq FROM
    (SELECT json_extract(body, '$.order') AS id, min(seq) AS seq FROM journal WHERE kind = 'case-resolved'
        AND (json_extract(body, '$.amount') = 0 OR json_extract(body, '$.verdict') = 'void') GROUP BY 1)
    AS told WHERE told.id = claims.order_id;
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
        "(SELECT 1 FROM journal p WHERE p.seq = j.seq - 1 AND p.hash = j.prev) AND NOT EXISTS "
        "(SELECT 1 FROM segments s WHERE s.dropped = 1 AND s.last = j.seq - 1 AND s.head = j.prev)"
    ),
    "M9 segments without a gap": (
        "SELECT s.first FROM segments s WHERE s.first > 1 AND NOT EXISTS "
        "(SELECT 1 FROM segments p WHERE p.last = s.first - 1 AND p.head = s.prev)"
    ),
}

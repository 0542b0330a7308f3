"""Retention: until when an issue is kept, and by which waiver it cost nothing.

What was issued before is kept for five years, as a type is that names no other class. Rows of a tombstone that came
before any issue hold nothing that could run out.
"""

from datetime import UTC, datetime, timedelta, timezone

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SEOUL = timezone(timedelta(hours=9))
_YEARS = 5


def upgrade() -> None:
    """Add both columns, and the end of what is there."""
    op.add_column("issue", sa.Column("waiver", sa.String, nullable=False, server_default=""))
    op.add_column("issue", sa.Column("retain_until_ms", sa.Integer, nullable=False, server_default="0"))
    op.create_index("ix_issue_retain_until_ms", "issue", ["retain_until_ms"])
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT kiosk, key, issued_ms FROM issue WHERE type_code <> ''"))
    ends = [{"kiosk": row.kiosk, "key": row.key, "end": _end(row.issued_ms)} for row in rows]
    if ends:
        connection.execute(
            sa.text("UPDATE issue SET retain_until_ms = :end WHERE kiosk = :kiosk AND key = :key"), ends
        )


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("ix_issue_retain_until_ms", "issue")
    op.drop_column("issue", "retain_until_ms")
    op.drop_column("issue", "waiver")


def _end(issued_ms: int) -> int:
    issued = datetime.fromtimestamp(issued_ms / 1000, UTC).astimezone(_SEOUL)
    return int(datetime(issued.year + 1 + _YEARS, 1, 1, tzinfo=_SEOUL).timestamp() * 1000)

"""Identification: nonces that are out, answers with what their tokens are good for, and whose issue it was."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two tables, and the pseudonym to the issues."""
    op.create_table(
        "challenge",
        sa.Column("nonce", sa.String, primary_key=True),
        *(_text(name) for name in ("kiosk", "order_id")),
        sa.Column("until_ms", sa.Integer, nullable=False),
    )
    op.create_index("ix_challenge_until_ms", "challenge", ["until_ms"])
    op.create_table(
        "identity",
        sa.Column("kiosk", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        *(_text(name) for name in ("order_id", "fingerprint")),
        sa.Column("reply", sa.LargeBinary, nullable=False),
        sa.Column("token_hash", sa.String),
        sa.Column("person", sa.Integer, nullable=False, server_default="0"),
        *(sa.Column(name, sa.String, nullable=False, server_default="") for name in ("worker_hash", "lines")),
        sa.Column("until_ms", sa.Integer, nullable=False),
        sa.UniqueConstraint("token_hash", name=op.f("uq_identity_token_hash")),
    )
    op.create_index("ix_identity_until_ms", "identity", ["until_ms"])
    op.add_column("issue", sa.Column("subject", sa.String, nullable=False, server_default=""))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("issue", "subject")
    for table in ("identity", "challenge"):
        op.drop_table(table)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=False)

"""The first schema: issues and their tombstones, orders, journals, machines, alarms."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_LIVING = sa.text("status = 'issued' AND final <> 'void'")


def _text(name: str, *, default: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=False, server_default="" if default else None)


def _number(name: str, *, default: str | None = "0") -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default=default)


def upgrade() -> None:
    """Make the tables."""
    _issues()
    op.create_table(
        "orders",
        sa.Column("kiosk", sa.String, primary_key=True),
        sa.Column("order_id", sa.String, primary_key=True),
        *(_number(name) for name in ("opened_ms", "closed_ms")),
        _text("outcome"),
        *(_number(name) for name in ("fee", "credit", "paid", "claim")),
        _text("reason"),
    )
    op.create_index("ix_orders_closed_ms", "orders", ["closed_ms"])
    op.create_table(
        "event",
        sa.Column("kiosk", sa.String, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        _text("boot", default=False),
        *(_number(name, default=None) for name in ("at_ms", "mono_ms")),
        *(_text(name, default=False) for name in ("kind", "body", "prev", "hash")),
        _number("received_ms", default=None),
    )
    op.create_table(
        "machine",
        sa.Column("kiosk", sa.String, primary_key=True),
        *(_number(name, default=None) for name in ("received_ms", "alive_since_ms", "journal_seq")),
        sa.Column("heartbeat", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer, primary_key=True),
        *(_text(name, default=False) for name in ("kiosk", "code", "subject")),
        *(_number(name, default=None) for name in ("first_ms", "last_ms")),
        _number("times", default="1"),
        sa.UniqueConstraint("kiosk", "code", "subject", name=op.f("uq_alarm_kiosk")),
    )


def _issues() -> None:
    op.create_table(
        "issue",
        sa.Column("kiosk", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        _text("order_id"),
        *(_number(name) for name in ("line", "copy")),
        *(_text(name) for name in ("type_code", "fingerprint")),
        _text("status", default=False),
        _text("code"),
        sa.Column("number", sa.String),
        _text("draft_hash"),
        *(_number(name) for name in ("sheets", "fee")),
        _number("issued_ms", default=None),
        _number("verify_until_ms"),
        _text("seal"),
        sa.Column("reply", sa.LargeBinary, nullable=False, server_default=""),
        *(_text(name) for name in ("final", "final_reason")),
        _number("final_ms"),
        sa.UniqueConstraint("number", name=op.f("uq_issue_number")),
        sa.CheckConstraint(
            "status IN ('issued', 'changed', 'refused', 'voided')", name=op.f("ck_issue_status")
        ),
        sa.CheckConstraint("final IN ('', 'delivered', 'void')", name=op.f("ck_issue_final")),
        sa.CheckConstraint("(status = 'issued') = (number IS NOT NULL)", name=op.f("ck_issue_number")),
        sa.CheckConstraint("fee >= 0 AND sheets >= 0", name=op.f("ck_issue_sums")),
    )
    op.create_index(
        "ix_issue_one_living_copy",
        "issue",
        ["kiosk", "order_id", "line", "copy"],
        unique=True,
        sqlite_where=_LIVING,
        postgresql_where=_LIVING,
    )


def downgrade() -> None:
    """There is nothing before the first schema."""
    for table in ("alarm", "machine", "event", "orders", "issue"):
        op.drop_table(table)

"""Claims: what is owed about an order, who may have it, which machine holds it; and the redemptions that held them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STATES = "state IN ('open', 'reserved', 'paid', 'counter', 'case', 'kept', 'void')"


def upgrade() -> None:
    """Make both tables; what earlier orders still owe has to be fetched at the counter."""
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kiosk", sa.String, nullable=False),
        sa.Column("order_id", sa.String, nullable=False),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.Column("paid", sa.Integer, nullable=False, server_default="0"),
        sa.Column("holder", sa.String, nullable=False, server_default=""),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False, server_default=""),
        sa.Column("opened_ms", sa.Integer, nullable=False),
        sa.Column("by_kiosk", sa.String, nullable=False, server_default=""),
        sa.Column("by_order", sa.String, nullable=False, server_default=""),
        sa.Column("until_ms", sa.Integer, nullable=False, server_default="0"),
        sa.Column("verdict", sa.String, nullable=False, server_default=""),
        sa.Column("why", sa.String, nullable=False, server_default=""),
        sa.Column("resolved_ms", sa.Integer, nullable=False, server_default="0"),
        sa.Column("told_ms", sa.Integer, nullable=False, server_default="0"),
        sa.UniqueConstraint("kiosk", "order_id", name="uq_claim_kiosk"),
        sa.CheckConstraint(_STATES, name="ck_claim_state"),
        sa.CheckConstraint("amount >= 0 AND paid >= 0 AND paid <= amount", name="ck_claim_sums"),
    )
    op.create_index("ix_claim_holder", "claim", ["holder"])
    op.create_table(
        "redemption",
        sa.Column("kiosk", sa.String, primary_key=True),
        sa.Column("order_id", sa.String, primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("paid", sa.Integer, nullable=False, server_default="0"),
        sa.CheckConstraint("state IN ('reserved', 'closed')", name="ck_redemption_state"),
    )
    op.execute(
        "INSERT INTO claim (kiosk, order_id, amount, state, reason, opened_ms) "
        "SELECT kiosk, order_id, claim, CASE outcome WHEN 'DISPUTED' THEN 'case' ELSE 'counter' END, reason, closed_ms "
        "FROM orders WHERE claim > 0 OR outcome = 'DISPUTED'"
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("redemption")
    op.drop_index("ix_claim_holder", "claim")
    op.drop_table("claim")

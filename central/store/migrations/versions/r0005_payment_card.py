"""Payment by card: what of an order was charged to a card, and what was given back to it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SUMS = ("captured", "reversed")


def upgrade() -> None:
    """Add both sums; nothing before was paid by card."""
    for name in _SUMS:
        op.add_column("orders", sa.Column(name, sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    """Take them away again."""
    for name in _SUMS:
        op.drop_column("orders", name)

"""Where a journal row stands at central: whose it is, and when it happened."""

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from central.alarms import raise_alarm
from central.vocabulary.alarms import Alarm


class RowContext(Struct, frozen=True):
    """Whose a row is and when. `at_ms` is when it happened as far as central believes the machine."""

    connection: AsyncConnection
    kiosk: str
    at_ms: int
    now_ms: int

    async def alarm(self, code: Alarm, subject: str) -> None:
        """Somebody must look."""
        await raise_alarm(self.connection, self.kiosk, code, subject[:100], self.now_ms)

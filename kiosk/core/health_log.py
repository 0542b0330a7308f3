"""What ails the machine, in core's log."""

from kiosk.health.health import Health
from kiosk.log import log_event


def log_health(before: Health, after: Health) -> None:
    """What ails the machine, whenever that is something else than before."""
    if after.ailments != before.ailments:
        ails = ", ".join(f"{ailment.device} {ailment.reason}" for ailment in after.ailments)
        log_event("health", state=after.state.value, ails=ails)

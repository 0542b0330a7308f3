"""Writes the faults of the machine to core's log."""

from kiosk.health.health import Health
from kiosk.log import log_event


def log_health(before: Health, after: Health) -> None:
    """Log the faults of the machine if they have changed."""
    if after.ailments != before.ailments:
        ails = ", ".join(f"{ailment.device} {ailment.reason}" for ailment in after.ailments)
        log_event("health", state=after.state.value, ails=ails)

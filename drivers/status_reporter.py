"""The status of one device: from phase and reasons to a `Status`, told whenever it differs from the one told last."""

import logging
from collections.abc import Callable

from drivers.contract import (
    USABLE,
    DeviceName,
    DeviceState,
    Event,
    Identity,
    Reason,
    ReasonCode,
    Severity,
    Status,
    StatusChanged,
)

Emit = Callable[[Event], None]

log = logging.getLogger(__name__)

# Why a device can't be reached at all.
GONE = (ReasonCode.UNPLUGGED, ReasonCode.PORT_DENIED, ReasonCode.PORT_BUSY, ReasonCode.SILENT)

# What no hand can mend on the spot.
_FOR_TECHNICIANS = frozenset(
    {
        ReasonCode.HARDWARE,
        ReasonCode.SELF_CHECK,
        ReasonCode.OTHER_DEVICE,
        ReasonCode.PROTOCOL,
        ReasonCode.OPTO_FRAUD,
    }
)


class StatusReporter:
    """What a driver knows of its device. Drivers set the parts, then `show()`; equal statuses are told once."""

    def __init__(self, device: DeviceName, emit: Emit, capabilities: frozenset[str] = frozenset()) -> None:
        self.device = device
        self.phase = DeviceState.CONNECTING
        self.identity = Identity()
        self.counters: dict[str, int] = {}
        self.capabilities = capabilities
        self.epoch = 0
        self._reasons: dict[ReasonCode, Reason] = {}
        self._emit = emit
        self._shown: Status | None = None

    def has(self, code: ReasonCode) -> bool:
        """Whether the reason stands."""
        return code in self._reasons

    def raise_reason(self, code: ReasonCode, severity: Severity, detail: str = "") -> None:
        """Say why the device is not simply READY. `detail` must be free of personal data."""
        self._reasons[code] = Reason(code, severity, detail)

    def clear(self, *codes: ReasonCode) -> None:
        """The reasons no longer stand."""
        for code in codes:
            self._reasons.pop(code, None)

    def keep_only(self, reasons: dict[ReasonCode, Reason], of: frozenset[ReasonCode]) -> None:
        """Of the codes in `of`, exactly these stand now."""
        for code in of - reasons.keys():
            self._reasons.pop(code, None)
        self._reasons.update(reasons)

    def enter(self, phase: DeviceState) -> None:
        """Change the phase (ABSENT, CONNECTING, INITIALISING, READY, BUSY) and show."""
        self.phase = phase
        self.show()

    def gone(self, code: ReasonCode, detail: str = "") -> None:
        """The device cannot be reached: ABSENT, with one of GONE and nothing else known to be true."""
        kept = {key: reason for key, reason in self._reasons.items() if reason.severity is Severity.SECURITY}
        self._reasons = {**kept, code: Reason(code, Severity.ERROR, detail)}
        self.enter(DeviceState.ABSENT)

    @property
    def status(self) -> Status:
        """The status as it is now."""
        reasons = tuple(sorted(self._reasons.values(), key=lambda reason: reason.code))
        return Status(
            device=self.device.value,
            state=self._state(),
            reasons=reasons,
            identity=self.identity,
            counters=dict(self.counters),
            capabilities=self.capabilities,
            epoch=self.epoch,
        )

    def show(self) -> None:
        """Tell the status if anything but a counter differs from what was told last."""
        status = self.status
        if self._shown is None or _without_counters(status) != _without_counters(self._shown):
            self._log(status, self._shown)
            self._shown = status
            self._emit(StatusChanged(status))

    def _log(self, now: Status, before: Status | None) -> None:
        """Each change of what is the matter with it, for whoever looks for the cause; not each coin and each sheet."""
        if before is not None and now.reasons == before.reasons and usable(now) == usable(before):
            return
        said = "; ".join(f"{reason.code}: {reason.detail}".rstrip(": ") for reason in now.reasons)
        level = logging.INFO if usable(now) or before is None else logging.WARNING
        log.log(level, "%s is %s%s", self.device, now.state, f" ({said})" if said else "")

    def _state(self) -> DeviceState:
        if self.phase not in (DeviceState.READY, DeviceState.BUSY):
            return self.phase
        severe = {r.code for r in self._reasons.values() if r.severity in (Severity.ERROR, Severity.SECURITY)}
        if severe & _FOR_TECHNICIANS:
            return DeviceState.FAULT
        if severe:
            return DeviceState.BLOCKED
        warned = any(reason.severity is Severity.WARN for reason in self._reasons.values())
        return DeviceState.DEGRADED if warned and self.phase is DeviceState.READY else self.phase


def usable(status: Status) -> bool:
    """Whether it can work as it is."""
    return status.state in USABLE


def _without_counters(status: Status) -> tuple[object, ...]:
    return (status.state, status.reasons, status.identity, status.capabilities, status.epoch)

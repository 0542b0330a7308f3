"""Since when a device does not answer, by its status or because its bus is away."""

from collections.abc import Callable, Iterable

from drivers.contract import DeviceState, Status

_SILENT = frozenset({DeviceState.ABSENT, DeviceState.CONNECTING})


class Silences:
    """Runs on core's thread. A device that has never reported is silent since core began."""

    def __init__(self, wall_ms: Callable[[], int]) -> None:
        self._wall_ms, self._began_ms = wall_ms, wall_ms()
        self._since: dict[str, int] = {}
        self._heard: set[str] = set()

    def heard(self, status: Status) -> None:
        """A device has reported its status."""
        self._heard.add(status.device)
        if status.state in _SILENT:
            self._since.setdefault(status.device, self._wall_ms())
        else:
            self._since.pop(status.device, None)

    def gone(self, devices: Iterable[str]) -> None:
        """The bus of these devices is away: they are silent from now on."""
        for device in devices:
            self._since.setdefault(device, self._wall_ms())

    def since_ms(self, device: str) -> int | None:
        """Since when the device is silent (wall clock); None: it answers."""
        return self._since.get(device, None if device in self._heard else self._began_ms)

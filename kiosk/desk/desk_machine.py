"""The whole machine on a desk: simulators, central and the five programs, kept running, struck and cut on demand.

`DeskMachine` is for the demo and for tests. Whoever holds it can kill any program, press the real buttons through the
robot, do with the simulators what a hand would do, and cut the power.
"""

import contextlib
import importlib.util
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from kiosk.desk import machine_folder, processes
from kiosk.desk.processes import Keeper, WorkerHatch, program
from kiosk.desk.toml_text import Tables, over
from kiosk.environment import lean_environment, wiping_environment
from kiosk.ipc.json_lines import JsonLineError, Server, ask

SIMULATORS = "simulators"
CENTRAL = "central"
READER = "reader"
ALWAYS_THERE = ("cash", "printer", "receipt")
HEADLESS_SCREEN = {"QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
_WIPING = ("core", "ui")
_POLL_S = 0.02
_NOTED_LINES = 12

T = TypeVar("T")

log = logging.getLogger(__name__)


def card_service_trouble() -> str:
    """Why cards can't be served through PC/SC on this machine; "" when they can."""
    if importlib.util.find_spec("smartcard") is None:
        return "pyscard could not be compiled at set-up"
    done = subprocess.run(
        [sys.executable, "-m", "simulators.reader_daemon", "--check", "."],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    return "" if done.returncode == 0 else done.stdout.strip() or "it can't be asked"


class DeskMachineError(Exception):
    """The desk could not be brought to where it was wanted. The message names the part and its log file."""


class DeskMachine:
    """`run`: a short path (Unix sockets hold 107 bytes). `out`: where the simulators leave paper and receipts.

    `screen` is the ui's environment (`HEADLESS_SCREEN`, or a display's), None for no ui program; `ui_arguments` are
    added to its command line. `others`: the tables of kiosk.toml as far as they are other than a desk's own.
    With machine_folder.WITH_TERMINAL among them it has a payment terminal.
    `card_reader`: with a real card service and virtual cards; `direct_cards`: these without the service, for where
    none can run. With `machine_folder.WITH_UPS` in `others` it has a UPS, whose last word turns it off. `lacks`, before
    `start`: what cheaper devices would not have (simulators). Raises DeskMachineError from `start` and `wait_ready`.
    """

    def __init__(
        self,
        run: Path,
        out: Path,
        *,
        screen: Mapping[str, str] | None = HEADLESS_SCREEN,
        ui_arguments: Sequence[str] = (),
        others: Tables = MappingProxyType({}),
        card_reader: bool = False,
        direct_cards: bool = False,
    ) -> None:
        self.run = run
        self.out = out
        self.central_port = 0
        self.web_port = 0
        self._far: dict[str, Keeper] = {}
        self._programs: dict[str, Keeper] = {}
        self._screen = screen
        self._ui_arguments = ui_arguments
        self._card_reader = card_reader
        self.takes_cards = machine_folder.fitted(others, "terminal")
        fitted = (name for name in ("terminal", "ups") if machine_folder.fitted(others, name))
        self._buses = (*ALWAYS_THERE, *(("card",) if card_reader else ()), *fitted)
        self._switch = threading.RLock()
        self._direct_cards = direct_cards
        self.lacks: Sequence[str] = ()
        self.printer = ""
        with_reader = machine_folder.WITH_DIRECT_READER if direct_cards else machine_folder.WITH_READER
        # Where nobody looks nobody listens either.
        self._seen = screen is not None and screen.get("QT_QPA_PLATFORM") != "offscreen"
        sound = {"screen": {"sound": self._seen}}
        self._others = over(sound, others, with_reader if card_reader else {})
        self._hatch = WorkerHatch(
            run / "sock" / "worker.sock",
            program("worker", run=run),
            run / "log" / "worker.log",
            lean_environment(),
        )
        self._power = Server(run / "sock" / "power.sock", self._answer_power)
        self.powered = False

    # --- life ---------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Bring everything up; returns when central and the simulators answer and the programs are started."""
        for _what, bring_up in self.parts():
            bring_up()

    def parts(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """What `start` brings up, in this order: its name for a person, and how."""
        reader = (("the card reader", self._start_reader),) if self._card_reader else ()
        return (
            ("the screen", self._prepare),
            *reader,
            ("the simulated devices", self._launch_simulators),
            ("the central server", self._start_central),
            ("the wires", self._connect_simulators),
            ("the programs", self._start_programs),
        )

    @property
    def closed(self) -> bool:
        """Whether a person has closed the kiosk's window."""
        return "ui" in self._programs and self._programs["ui"].closed

    def stop(self) -> None:
        """End everything, the citizen's side first, central last; truth.json is complete afterwards."""
        self._power.stop()
        self._programs_down(signal.SIGTERM)
        for name in (SIMULATORS, CENTRAL, READER):
            if name in self._far:
                self._far[name].stop()

    def wait_ready(self, within_s: float = machine_folder.READY_WITHIN_S) -> None:
        """Until every program serves its socket, and the ui (if there is one) shows the first screen ready for use."""
        served = ["ui", *self._buses, "courier"]
        self.until(
            lambda: all((self.run / "sock" / f"{name}.sock").exists() for name in served),
            within_s,
            "the programs' sockets",
        )
        if self._screen is not None:
            self.until(lambda: self.shows("attract"), within_s, "the first screen")

    def until(self, condition: Callable[[], T], within_s: float, what: str) -> T:
        """Poll until `condition()` is true and return it. Raises DeskMachineError: `what` did not come."""
        end = time.monotonic() + within_s
        while not (value := condition()):
            if time.monotonic() > end:
                raise DeskMachineError(f"waited {within_s:.0f} s for {what}\n{self.notes()}")
            time.sleep(_POLL_S)  # it is asked of other processes, which tell nothing by themselves
        return value

    def notes(self) -> str:
        """The last lines that core wrote: what it was doing when something did not come."""
        try:
            lines = self._log("core").read_text("utf-8", "replace").splitlines()[-_NOTED_LINES:]
        except OSError:
            lines = []
        return "\n".join([*lines, f"see {self.run / 'log'}"])

    def ails(self) -> str:
        """What ails the machine now, as core wrote it down last; "" when nothing does, or it has not said."""
        with contextlib.suppress(OSError):
            for line in reversed(self._log("core").read_text("utf-8", "replace").splitlines()):
                if '"event": "health"' in line:
                    return str(json.loads(line)["ails"])
        return ""

    # --- hands --------------------------------------------------------------------------------------------------------

    def sim(self, within_s: float = 10.0, **request: object) -> dict[str, Any]:
        """What a hand would do: `sim(do="coin", value=500)` (docs/protocol.md §3.5). Raises JsonLineError."""
        return ask(self.run / "sock" / "sim.sock", within_s, **request)

    def robot(self, within_s: float = 30.0, **request: object) -> dict[str, Any]:
        """What a finger would do: `robot(do="press", control="home")`. Raises JsonLineError."""
        return ask(self.run / "sock" / "robot.sock", within_s, **request)

    def shows(self, screen: str) -> bool:
        """Whether the ui shows this screen now."""
        try:
            return bool(self.robot(2.0, do="tree")["screen"] == screen)
        except JsonLineError:
            return False

    def kill(self, name: str, number: int = signal.SIGKILL) -> int:
        """Strike a program (`core`, `ui`, `courier`, `cash`, `printer`, `receipt`, `worker`, `central`, `simulators`).

        The pid that was struck. It comes back by itself (a worker when core connects again). Raises ProcessLookupError.
        """
        if name != "worker":
            return {**self._programs, **self._far}[name].strike(number)
        pids = self._hatch.pids()
        if not pids:
            raise ProcessLookupError("no worker is running")
        for pid in pids:
            os.killpg(pid, number)
        return pids[-1]

    def recast(self, name: str, argv: Sequence[str]) -> Sequence[str]:
        """Let another command line play a program from its next start on; the one that did until now."""
        keeper = self._programs[name]
        before, keeper.argv = keeper.argv, argv
        return before

    def pids(self) -> dict[str, int]:
        """The machine's own programs running now, without workers, central and simulators."""
        found = {name: keeper.pid for name, keeper in self._programs.items()}
        return {name: pid for name, pid in found.items() if pid is not None}

    def worker_pids(self) -> list[int]:
        """The workers alive now, oldest first."""
        return self._hatch.pids()

    def power_cut(self) -> None:
        """The mains go: every program of the machine is gone at once, and the devices forget what they can forget."""
        with self._switch:
            self.powered = False
            self._programs_down(signal.SIGKILL)
            self.sim(do="power", up=False)

    def power_on(self) -> None:
        """The mains are back: devices and programs start as after any other boot."""
        with self._switch:
            if not self.powered:
                self.sim(do="ups", mains="line")
                self.sim(do="power", up=True)
                self._programs_up()

    def halt(self) -> None:
        """The machine is turned off in good order: each program is told to end, the screen first; then no power."""
        with self._switch:
            if self.powered:
                self.powered = False
                self._programs_down(signal.SIGTERM)
                self.sim(do="power", up=False)

    # --- parts --------------------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        """Where somebody looks, the screen says from the first moment that the machine is getting ready."""
        machine_folder.make_directories(self.run, self.out)
        for name, arguments in self._command_lines().items():
            environment = wiping_environment() if name in _WIPING else lean_environment()
            screen = dict(self._screen or {}) if name == "ui" else {}
            self._programs[name] = Keeper(
                name,
                arguments,
                self._log(name),
                environment | screen,
                until_closed=name == "ui" and self._seen,
            )
        if self._seen:
            # It reads of the site and the panel; what the wires lead to is written when it is known.
            machine_folder.write_settings(
                self.run,
                central_port=1,
                printer_uri="ipp://127.0.0.1:1/ipp/print",
                others=machine_folder.with_wires(self.run, self._others, {}),
            )
            self._programs["ui"].start()

    def _start_programs(self) -> None:
        self._power.start()
        self._programs_up()

    def _launch_simulators(self) -> None:
        """They get ready beside central, which has most to do at a first start."""
        (self.run / "sim" / "ports.json").unlink(missing_ok=True)
        argv = [sys.executable, "-m", "simulators", "--run", str(self.run), "--out", str(self.out)]
        argv += [word for lack in self.lacks for word in ("--lacks", lack)]
        argv += ["--printer", self.printer] if self.printer else []
        if self._card_reader:
            argv += ["--card-reader", str(self.run / machine_folder.READER / "card.sock")]
        cash = self._others.get("cash", {})
        hoppers = cash.get("hoppers", ())
        for more in hoppers[1:]:
            argv += ["--second-hopper", str(more["fill"])]
        argv += ["--acceptor", cash.get("acceptor", "cctalk")]
        argv += ["--hopper", hoppers[0].get("protocol", "cctalk") if hoppers else "cctalk"]
        argv += ["--validator", cash.get("notes", {}).get("protocol", "cctalk")]
        self._far_end(SIMULATORS, argv)

    def _start_reader(self) -> None:
        """The card service (it says in its log why it can't run here), or the reader that does without."""
        folder = self.run / machine_folder.READER
        module = "simulators.reader_direct" if self._direct_cards else "simulators.reader_daemon"
        self._far_end(READER, [sys.executable, "-m", module, str(folder)])
        self.until((folder / "card.sock").exists, 20, f"the card service (see {self._log(READER)})")

    def _connect_simulators(self) -> None:
        """Lay the cable to central, and tell the machine where its wires end."""
        ports = self.run / "sim" / "ports.json"
        self.until(ports.exists, 20, "the simulators")
        found = json.loads(ports.read_bytes())
        self.sim(do="network", target=self.central_port)
        self._far[SIMULATORS].argv = [*self._far[SIMULATORS].argv, "--central-port", str(self.central_port)]
        machine_folder.write_settings(
            self.run,
            central_port=found["network_port"],
            printer_uri=found["printer_uri"],
            others=machine_folder.with_wires(self.run, self._others, found),
        )

    def _start_central(self) -> None:
        home = str(self.run / "central")
        if not (self.run / "pki" / "kiosk.pem").exists():
            self._central("init", "--data", home)
            self._central("enrol", machine_folder.KIOSK_ID, "--data", home, "--out", str(self.run / "pki"))
            if self._card_reader:
                self._central("cards", "--data", home, "--out", str(self.run / "sim" / "cards"))
        ready = self.run / "central" / "ready.json"
        ready.unlink(missing_ok=True)
        # Any free ports, and the same ones again if it has to be started again.
        argv = [sys.executable, "-m", "central.cli", "serve", "--data", home, "--ready-file", str(ready)]
        self._far_end(CENTRAL, [*argv, "--api-port", "0", "--web-port", "0"])
        self.until(ready.exists, 20, "the central server")
        ports = json.loads(ready.read_bytes())
        self.central_port, self.web_port = ports["api_port"], ports["web_port"]
        again = ["--api-port", str(self.central_port), "--web-port", str(self.web_port)]
        self._far[CENTRAL].argv = [*argv, *again]

    def publish(self, phase: int, *others: Path) -> None:
        """A clerk publishes the certificate types of this round and before, and other ones. Raises DeskMachineError."""
        added = [word for other in others for word in ("--add", str(other))]
        self._central("bundle", "publish", "--data", str(self.run / "central"), "--phase", str(phase), *added)

    def central_export(self) -> dict[str, Any]:
        """Central's own books about this machine. Raises DeskMachineError."""
        found: dict[str, Any] = json.loads(self._central("export", "--data", str(self.run / "central")))
        return found

    def _central(self, *arguments: str) -> bytes:
        done = processes.asked([sys.executable, "-m", "central.cli", *arguments])
        if done.returncode != 0:
            text = done.stderr.decode(errors="replace").strip()
            raise DeskMachineError(f"central {arguments[0]} failed: {text}")
        return done.stdout

    def _far_end(self, name: str, argv: Sequence[str]) -> None:
        if name not in self._far:
            self._far[name] = Keeper(name, argv, self._log(name), lean_environment())
        self._far[name].start()

    def _command_lines(self) -> dict[str, list[str]]:
        lines = {bus: program("devices", bus, run=self.run) for bus in self._buses}
        lines["courier"] = program("courier", run=self.run)
        lines["core"] = program("core", run=self.run)
        if self._screen is not None:
            robot = str(self.run / "sock" / "robot.sock")
            lines["ui"] = [*program("ui", run=self.run), "--robot", robot, *self._ui_arguments]
        return lines

    def _programs_up(self) -> None:
        self._hatch.start()
        for keeper in self._programs.values():
            keeper.start()
        self.powered = True

    def _programs_down(self, number: int) -> None:
        # With a power cut nobody may notice that the others are gone: strike all, core first, then wait for each.
        if number == signal.SIGKILL:
            for keeper in reversed(self._programs.values()):
                keeper.doom()
        self._hatch.stop()
        for keeper in reversed(self._programs.values()):
            keeper.stop(number)

    def _log(self, name: str) -> Path:
        return self.run / "log" / f"{name}.log"

    def _answer_power(self, request: dict[str, Any]) -> dict[str, Any]:
        match request.get("do"):
            case "power-cut":
                self.power_cut()
            case "power-on":
                self.power_on()
            case "halt":  # answered first: who asks is ended by it
                threading.Thread(target=self.halt, name="halt", daemon=True).start()
            case "state":
                pass
            case other:
                raise JsonLineError(f"nobody can {other!r}; known: power-cut, power-on, halt, state")
        return {"powered": self.powered, "programs": self.pids()}

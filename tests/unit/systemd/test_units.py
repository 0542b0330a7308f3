"""The units say what the picture says: who starts, with which command, touching what, and locked in how tightly."""

import re
import shutil
import subprocess
import tomllib
from collections import defaultdict
from pathlib import Path

import msgspec
import pytest

from kiosk import cli
from kiosk.bundles.installed import FOLDER
from kiosk.environment import WIPING
from kiosk.programs import names
from kiosk.protocol.trust_files import TAKEN
from kiosk.settings import Cash, Settings, Validator, load

ROOT = Path(__file__).resolve().parents[3]
SYSTEMD = ROOT / "systemd"
SERVICES = sorted(path.name for path in SYSTEMD.glob("*.service"))
PROGRAMS = {"kiosk-ui.service", "kiosk-core.service", "kiosk-courier.service", "kiosk-devices@.service"}
PROGRAMS_AND_WORKER = PROGRAMS | {"kiosk-worker@.service"}

# What every program is locked in with; the exposure that systemd itself counts (0 none, 10 all), at most.
LOCKS = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateUsers": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelLogs": "yes",
    "ProtectControlGroups": "yes",
    "ProtectClock": "yes",
    "ProtectHostname": "yes",
    "ProtectProc": "invisible",
    "ProcSubset": "pid",
    "RestrictNamespaces": "yes",
    "RestrictRealtime": "yes",
    "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes",
    "MemoryDenyWriteExecute": "yes",
    "SystemCallArchitectures": "native",
    "CapabilityBoundingSet": "",
    "RemoveIPC": "yes",
    "UMask": "0077",
    "KeyringMode": "private",
    "LimitCORE": "0",
    "MemorySwapMax": "0",
}
EXPOSURE_AT_MOST = {"kiosk-courier.service": 10, "kiosk-ui.service": 10}


def read(name: str) -> dict[str, list[str]]:
    """Every setting of a unit with its values in order, whatever the section."""
    settings: dict[str, list[str]] = defaultdict(list)
    for line in (SYSTEMD / name).read_text().splitlines():
        if line and not line.startswith(("#", ";", "[")):
            key, sign, value = line.partition("=")
            assert sign, f"{name}: {line}"
            settings[key].append(value)
    return settings


def test_every_program_has_its_unit_and_the_target_wants_it() -> None:
    assert set(SERVICES) == PROGRAMS_AND_WORKER
    wanted = set(" ".join(read("changgu.target")["Wants"]).split())
    buses = {f"kiosk-devices@{bus}.service" for bus in names.BUSES}
    assert wanted == (PROGRAMS - {"kiosk-devices@.service"}) | buses | {"kiosk-worker.socket"}


def test_core_begins_after_all_that_it_talks_to() -> None:
    before = set(" ".join(read("kiosk-core.service")["After"]).split())
    buses = {f"kiosk-devices@{bus}.service" for bus in names.BUSES}
    assert before == buses | {"kiosk-courier.service", "kiosk-worker.socket"}


@pytest.mark.parametrize("name", sorted(PROGRAMS_AND_WORKER))
def test_a_unit_starts_a_command_that_there_is(name: str) -> None:
    command = read(name)["ExecStart"][0].replace("%i", "cash").split("/bin/kiosk ")[1].split()
    assert command[0] in names.PROGRAMS
    assert cli.plain_command(command) is not None


@pytest.mark.parametrize("name", sorted(PROGRAMS_AND_WORKER))
def test_a_unit_is_locked_in(name: str) -> None:
    settings = read(name)
    assert {key: settings[key][-1] for key in LOCKS if settings.get(key)} == LOCKS
    assert settings["SystemCallFilter"] == ["@system-service", "~@privileged @resources"]
    assert settings["User"] == ["changgu"]
    assert settings["DevicePolicy"] == ["closed"]
    assert settings["IPAddressDeny"] == ["any"]
    assert settings["MemoryMax"]


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_a_program_comes_back_for_ever(name: str) -> None:
    settings = read(name)
    assert settings["Restart"] == ["always"]
    assert settings["StartLimitIntervalSec"] == ["0"]


def test_the_courier_alone_of_the_services_reaches_a_network() -> None:
    assert {name for name in SERVICES if read(name)["PrivateNetwork"] != ["yes"]} == {"kiosk-courier.service"}
    drop_ins = {str(path.relative_to(SYSTEMD)): path.read_text() for path in SYSTEMD.glob("*.d/*.conf")}
    reaching = {name for name, text in drop_ins.items() if re.search("Network|Address", text)}
    assert reaching == {
        "kiosk-devices@printer.service.d/network.conf",
        "kiosk-devices@terminal.service.d/network.conf",
        "kiosk-devices@ups.service.d/network.conf",
    }
    assert read("kiosk-devices@ups.service.d/network.conf")["IPAddressAllow"] == ["localhost"]


def test_the_terminals_bus_reaches_the_network_and_sees_no_device() -> None:
    drop_in = read("kiosk-devices@terminal.service.d/network.conf")
    assert (drop_in["PrivateDevices"], drop_in["DeviceAllow"]) == (["yes"], [""])
    assert drop_in["IPAddressAllow"] == read("kiosk-devices@printer.service.d/network.conf")["IPAddressAllow"]


def test_the_cards_bus_sees_no_device_and_its_user_may_use_the_card_service() -> None:
    drop_in = read("kiosk-devices@card.service.d/service.conf")
    assert (drop_in["PrivateDevices"], drop_in["DeviceAllow"]) == (["yes"], [""])
    assert drop_in["After"] == drop_in["Wants"] == ["pcscd.socket"]
    rule = (SYSTEMD / "50-changgu-pcscd.rules").read_text()
    assert f'subject.user == "{read("kiosk-devices@.service")["User"][0]}"' in rule


def test_the_bus_of_the_ups_runs_where_there_is_one_and_may_turn_the_machine_off() -> None:
    (condition,) = read("kiosk-devices@ups.service.d/network.conf")["ExecCondition"]
    pattern = condition.split("'")[1]
    shipped = (ROOT / "config" / "kiosk.toml").read_text()
    assert re.search(pattern, shipped, re.MULTILINE) is None
    terminal = shipped.replace('# address = ""', 'address = "192.0.2.20:20007"', 1)
    assert re.search(pattern, terminal, re.MULTILINE) is None
    for ups in (
        '[ups]\naddress = "kiosk@localhost"',
        '[ups]\n  address="kiosk@localhost"',
        'ups.address = "kiosk@localhost"',
        'ups = {user = "u", address = "kiosk@localhost"}',
        'ups = "kiosk@localhost"',
    ):
        assert re.search(pattern, f"{shipped}{ups}\n", re.MULTILINE) is not None, ups
    rule = (SYSTEMD / "51-changgu-poweroff.rules").read_text()
    assert f'subject.user == "{read("kiosk-devices@.service")["User"][0]}"' in rule


def test_the_ledger_is_cores_alone_and_the_key_the_couriers() -> None:
    for name in SERVICES:
        hidden = " ".join(read(name)["InaccessiblePaths"])
        written = " ".join(read(name)["ReadWritePaths"])
        assert ("/var/lib/changgu/ledger" in written) == (name == "kiosk-core.service")
        assert ("/var/lib/changgu/ledger" in hidden) == (name != "kiosk-core.service")
        assert ("/var/lib/changgu/pki" in hidden) == (name != "kiosk-courier.service")


def test_the_courier_writes_what_it_fetches_and_never_what_it_is_judged_by() -> None:
    folders = {FOLDER, TAKEN, "sock"}
    written = {
        path.removeprefix("/var/lib/changgu/")
        for path in read("kiosk-courier.service")["ReadWritePaths"][0].split()
    }
    made = re.findall(r"^d /var/lib/changgu/(\w+)", (SYSTEMD / "tmpfiles.conf").read_text(), re.MULTILINE)
    assert written == folders
    assert folders | {"pki"} <= set(made)


def test_what_core_and_ui_free_is_overwritten_as_on_the_desk() -> None:
    wiping = {f"{name}={value}" for name, value in WIPING.items()}
    told = {name: wiping & set(" ".join(read(name)["Environment"]).split()) for name in SERVICES}
    assert {name for name, found in told.items() if found} == {"kiosk-core.service", "kiosk-ui.service"}
    assert told["kiosk-core.service"] == told["kiosk-ui.service"] == wiping


def test_the_worker_writes_nowhere_and_gets_a_process_a_connection() -> None:
    assert "ReadWritePaths" not in read("kiosk-worker@.service")
    assert read("kiosk-worker@.service")["StandardInput"] == ["socket"]
    assert read("kiosk-worker.socket")["Accept"] == ["yes"]
    assert read("kiosk-worker.socket")["ListenStream"] == ["/var/lib/changgu/sock/worker.sock"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
@pytest.mark.parametrize("name", SERVICES)
def test_systemd_counts_little_exposure(name: str) -> None:
    """--threshold is in tenths: 10 is an exposure of 1.0; a bare service has 9.0."""
    threshold = EXPOSURE_AT_MOST.get(name, 5)
    run = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", f"--threshold={threshold}", str(SYSTEMD / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout.splitlines()[-1] + run.stderr
    assert "Unknown key" not in run.stderr


def test_the_commented_defaults_are_the_defaults() -> None:
    file = ROOT / "config" / "kiosk.toml"
    shown = tomllib.loads(re.sub(r"(?m)^# (\w+ = |\[[\w.]+\]$)", r"\1", file.read_text("utf-8")))
    shown.pop("run_dir")
    # That it is there says that there is a validator; what stands in it is what such a machine has by default.
    assert msgspec.convert(shown["cash"].pop("notes"), Validator) == Validator()
    plain = load(file)
    full = msgspec.convert({**shown, "run_dir": plain.run_dir}, Settings)
    assert full == plain
    assert set(shown) | {"run_dir"} == set(Settings.__struct_fields__)
    assert plain.cash == Cash()


@pytest.mark.parametrize(
    "name", ["kiosk-core.service", "kiosk-ui.service", "kiosk-devices@.service", "kiosk-courier.service"]
)
def test_a_program_that_hangs_is_killed(name: str) -> None:
    unit = read(name)
    assert unit["WatchdogSec"][0] in ("5s", "10s")
    assert (unit["NotifyAccess"], unit["WatchdogSignal"]) == (["main"], ["SIGKILL"])

"""A fault of the world is one sentence; a mistake of ours leaves its trail, names nobody, and ends the program."""

import contextlib
import errno
import os
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.faults import border, own_words, trail
from kiosk.ledger.problems import LedgerError, at_the_file
from kiosk.protocol import exits
from kiosk.protocol.exits import MISTAKE
from kiosk.protocol.fault import EnvironmentFault
from tests.rig.machines import enrol_nothing, machine_folder
from tests.unit.courier.pki import Authority

SOMEBODY = "홍길동"


def kiosk(*arguments: str) -> subprocess.CompletedProcess[str]:
    return python("from kiosk import cli; cli.app()", *arguments)


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


def no_folder_for_sockets(run: Path) -> None:
    (run / "sock").write_text("a file")


def no_folder_for_the_ledger(run: Path) -> None:
    (run / "ledger").write_text("a file")


def damaged_ledger(run: Path) -> None:
    (run / "ledger").mkdir()
    (run / "ledger" / "ledger.db").write_bytes(b"this was a ledger once" * 400)


def ledger_is_a_folder(run: Path) -> None:
    (run / "ledger" / "ledger.db").mkdir(parents=True)


def settings_are_no_text(run: Path) -> None:
    (run / "kiosk.toml").write_bytes(b"site = '\xff'")


def odd_printer(run: Path) -> None:
    file = run / "kiosk.toml"
    file.write_text(file.read_text().replace('"ipp://127.0.0.1:1/"', '"lpt1"'))


WORLDS_DOING: list[tuple[tuple[str, ...], Callable[[Path], None], int, str]] = [
    (("core",), no_folder_for_the_ledger, exits.USAGE, "ledger"),
    (("core",), damaged_ledger, exits.MISSING, "damaged"),
    (("core",), ledger_is_a_folder, exits.MISSING, "ledger.db"),
    (("core",), no_folder_for_sockets, exits.USAGE, "sock"),
    (("core",), settings_are_no_text, exits.USAGE, "kiosk.toml"),
    (("devices", "cash"), no_folder_for_sockets, exits.USAGE, "sock"),
    (("devices", "receipt"), no_folder_for_sockets, exits.USAGE, "sock"),
    (("devices", "printer"), odd_printer, exits.USAGE, "printer.uri"),
    (("courier",), no_folder_for_sockets, exits.USAGE, "pki"),
    (("worker",), enrol_nothing, exits.MISSING, "standard input"),
]


@pytest.mark.parametrize(("program", "happens", "code", "names"), WORLDS_DOING)
def test_what_the_world_does_is_one_sentence(
    program: tuple[str, ...], happens: Callable[[Path], None], code: int, names: str, tmp_path: Path
) -> None:
    run = machine_folder(tmp_path)
    happens(run)
    done = kiosk(*program, "--run", str(run))
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert names in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


@pytest.mark.parametrize(
    "typed",
    [
        ("core", "--run", "{run}"),
        ("worker", "--run", "{run}/gone"),
        ("ledger", "check", "--run", "{run}/gone"),
        ("verify", "--trust", "{run}/gone", "KC1:0"),
        ("trust", "{run}/gone"),
        ("reconcile", "--out", "{run}"),
    ],
    ids=" ".join,
)
def test_where_a_fault_was_met_is_shown_above_the_same_sentence_to_who_asks(
    typed: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = machine_folder(tmp_path)
    damaged_ledger(run)
    words = [word.format(run=run) for word in typed]
    usual = kiosk(*words)
    assert usual.stderr.count("\n") == 1, usual.stderr
    monkeypatch.setenv(exits.TRACEBACK_VARIABLE, "1")
    shown = kiosk(*words)
    assert shown.returncode == usual.returncode in (exits.USAGE, exits.MISSING)
    assert "Traceback (most recent call last):" in shown.stderr
    assert shown.stderr.endswith(f"\n{usual.stderr}")


def test_no_panel_of_that_name_is_one_sentence(tmp_path: Path) -> None:
    run = machine_folder(tmp_path)
    done = kiosk("ui", "--panel", "none-of-ours", "--run", str(run))
    assert (done.returncode, "Traceback" in done.stderr) == (exits.USAGE, False)
    assert "none-of-ours" in done.stderr


PROGRAMS = {
    ("core",): "kiosk.programs.core.Core",
    ("devices", "cash"): "kiosk.programs.devices.Server",
    ("courier",): "kiosk.programs.courier.Courier",
    ("worker",): "kiosk.programs.worker.hear_hello",
    ("ui",): "ui.program.run",
}
# What a mistake of ours may look like, and what of it must not be in the journal.
MISTAKES = {
    "ValueError": f"ValueError('{SOMEBODY}')",
    "KeyError": f"KeyError('{SOMEBODY}')",
    "OSError of ours": f"OSError(9, '{SOMEBODY}')",
    "sqlite3.OperationalError of ours": f"__import__('sqlite3').OperationalError('no such table: {SOMEBODY}')",
    "a chain": f"chained('{SOMEBODY}')",
}
PLANT = """
import importlib, socket
from kiosk import cli
module, _, name = {place!r}.rpartition(".")
def chained(who):
    try:
        raise KeyError(who)
    except KeyError as first:
        second = ValueError(who)
        second.__cause__ = first
        return second
def planted(*_, **__):
    raise {mistake}
setattr(importlib.import_module(module), name, planted)
if sys.argv[1] == "worker":
    ours, theirs = socket.socketpair()
    import os
    os.dup2(theirs.fileno(), 0)
cli.app()
"""


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("program", PROGRAMS, ids=" ".join)
def test_a_mistake_of_ours_leaves_its_trail_and_names_nobody(
    program: tuple[str, ...], mistake: str, tmp_path: Path
) -> None:
    run = machine_folder(tmp_path)
    code = PLANT.format(place=PROGRAMS[program], mistake=MISTAKES[mistake])
    done = python(code, *program, "--run", str(run))
    assert done.returncode == MISTAKE, done.stderr
    assert "a mistake of ours" in done.stderr
    assert "Traceback (most recent call last)" in done.stderr
    assert "in planted" in done.stderr
    assert SOMEBODY not in done.stdout + done.stderr


THREAD = """
import threading, time
from kiosk.programs.running import run
def forgets():
    raise LookupError("{somebody}")
def program():
    threading.Thread(target=forgets, name="a-thread", daemon=True).start()
    time.sleep(30)
    return 0
raise SystemExit(run("it", program))
"""


def test_a_mistake_on_any_thread_ends_the_program() -> None:
    done = python(THREAD.format(somebody=SOMEBODY))
    assert done.returncode == MISTAKE
    assert "in forgets" in done.stderr
    assert "LookupError" in done.stderr
    assert SOMEBODY not in done.stderr


LISTENER = """
import time
from pathlib import Path
from kiosk.ipc.listener import Listener
from kiosk.programs.running import run
def program():
    listener = Listener(Path({folder!r}) / "it.sock", lambda caller, _number: caller.close())
    listener.start()
    listener._server.shutdown(2)  # somebody else's mistake: the socket is of no use any more
    time.sleep(30)
    return 0
raise SystemExit(run("it", program))
"""


def test_a_loop_that_lets_nobody_in_any_more_ends_the_program() -> None:
    # It ends at once, without a clean-up of its own.
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as folder:
        done = python(LISTENER.format(folder=folder))
    assert done.returncode == MISTAKE, done.stderr
    assert "in callers" in done.stderr


def test_a_border_names_what_the_world_did_and_lets_mistakes_through() -> None:
    with (
        pytest.raises(EnvironmentFault, match=r"the tray has no room left; .* \(ENOSPC\)"),
        border("the tray"),
    ):
        raise OSError(28, "No space left on device")
    with pytest.raises(OSError, match="Bad file descriptor"), border("the tray"):
        raise OSError(9, "Bad file descriptor")


def failed_handshake(folder: Path) -> BaseException:
    """What a client says to a server whose certificate it does not know."""
    office = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    office.load_cert_chain(*Authority(folder).issue("office"))
    to_office, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = office.wrap_bio(to_office, to_client, server_side=True)
    client = ssl.create_default_context().wrap_bio(to_client, to_office, server_hostname="127.0.0.1")
    try:
        for end in (client, server, client):
            with contextlib.suppress(ssl.SSLWantReadError):
                end.do_handshake()
    except ssl.SSLError as error:
        return error
    raise AssertionError("the client trusts it")


def unknown_name(_folder: Path) -> BaseException:
    with pytest.raises(socket.gaierror) as raised:
        socket.getaddrinfo(None, None)
    return raised.value


def unknown_host(_folder: Path) -> BaseException:
    return socket.herror(1, "Unknown host")  # HOST_NOT_FOUND of netdb.h


@pytest.mark.parametrize("meets", [failed_handshake, unknown_name, unknown_host])
def test_a_number_that_is_not_the_kernels_is_not_taken_for_one(
    meets: Callable[[Path], BaseException], tmp_path: Path
) -> None:
    error = meets(tmp_path)
    assert isinstance(error, OSError)
    assert error.errno, "else there is nothing to take for another"
    assert exits.fault_of(error) is None
    assert own_words(error) == ""
    kind = type(error)
    assert trail(error).splitlines()[-1] == f"{kind.__module__}.{kind.__qualname__}"
    with pytest.raises(kind), border("the line to central"):
        raise error


def test_whatever_subclass_python_has_for_a_number_of_the_kernel_it_stays_one() -> None:
    for number in exits.FAULTS:
        error = OSError(number, os.strerror(number))
        assert exits.fault_of(error) is exits.FAULTS[number]
        assert own_words(error) == errno.errorcode[number]


def test_a_mistake_in_our_sql_is_no_fault_of_the_file(tmp_path: Path) -> None:
    with sqlite3.connect(":memory:") as db:
        with pytest.raises(sqlite3.OperationalError), at_the_file(tmp_path):
            db.execute("SELECT * FROM nowhere")
        (tmp_path / "no").write_bytes(b"garbage" * 1000)
    db.close()
    with pytest.raises(LedgerError) as damaged, at_the_file(tmp_path):
        sqlite3.connect(tmp_path / "no").execute("SELECT * FROM nowhere")
    assert damaged.value.code == "damaged"


def test_a_trail_says_where_and_not_what() -> None:
    with pytest.raises(ValueError, match=SOMEBODY) as raised:
        int(SOMEBODY)
    told = trail(raised.value)
    assert "test_running.py" in told
    assert told.rstrip().endswith("ValueError")
    assert SOMEBODY not in told.replace("int(SOMEBODY)", "")


# How a program ends, and with which code: whether or not somebody can be told.
ENDINGS = {
    "mistaken-thread": ("on_thread(mistaken)", MISTAKE),
    "faulty-thread": ("on_thread(faulty)", exits.MISSING),
    "mistaken": ("mistaken()", MISTAKE),
    "faulty": ("faulty()", exits.MISSING),
    "mistaken-destructor": ("0 if Mistaken() else 1", exits.DONE),
}
ENDING = """
import threading, time
from kiosk.programs.running import run
from kiosk.ledger.problems import LedgerError
def mistaken():
    raise LookupError
def faulty():
    raise LedgerError("no room", "no-room")
def on_thread(what):
    threading.Thread(target=what, daemon=True).start()
    time.sleep(30)
    return 0
class Mistaken:
    __del__ = mistaken
raise SystemExit(run("it", lambda: {ends}))
"""


def nobody_reads() -> int:
    """The end of a pipe whose other end is closed."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


# What standard error leads to, and how the program is started on it.
UNWRITABLE: dict[str, tuple[Callable[[], int], str]] = {
    "full": (lambda: os.open("/dev/full", os.O_WRONLY), 'exec "$@"'),
    "nobody-reads": (nobody_reads, 'exec "$@"'),
    "not-open": (lambda: os.open(os.devnull, os.O_WRONLY), 'exec "$@" 2>&-'),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("stderr", UNWRITABLE)
def test_a_program_ends_with_its_code_although_it_can_tell_nobody(stderr: str, ending: str) -> None:
    ends, code = ENDINGS[ending]
    assert told_nobody(stderr, [sys.executable, "-c", ENDING.format(ends=ends)]) == (code, b"")


@pytest.mark.parametrize("stderr", UNWRITABLE)
def test_a_program_that_can_not_even_begin_ends_with_its_code_although_it_can_tell_nobody(
    stderr: str, tmp_path: Path
) -> None:
    program = [sys.executable, "-m", "kiosk.cli", "core", "--run", str(tmp_path / "nowhere")]
    assert told_nobody(stderr, program) == (exits.USAGE, b"")


def told_nobody(stderr: str, program: list[str]) -> tuple[int, bytes]:
    """Its exit code and what it has said on standard output."""
    opened, start = UNWRITABLE[stderr]
    with os.fdopen(opened(), "wb") as journal:
        done = subprocess.run(
            ["/bin/sh", "-c", start, "sh", *program],
            stdout=subprocess.PIPE,
            stderr=journal,
            check=False,
            timeout=20,
        )
    return done.returncode, done.stdout

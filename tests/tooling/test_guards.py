"""The guards of tests/conftest.py bite: each of these inner tests does something forbidden, and must fail."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FORBIDDEN = {
    "a_log_record": 'import logging; logging.getLogger("kiosk.order").error("lost a coin")',
    "a_structlog_record": 'import structlog; structlog.get_logger("kiosk.order").error("lost a coin")',
    "a_warning": 'import warnings; warnings.warn("old", DeprecationWarning)',
    "a_qt_warning": 'from PySide6.QtCore import qWarning; qWarning("no such property")',
    "the_network": 'import socket; socket.create_connection(("192.0.2.1", 80), timeout=1)',
    "a_datagram": "import socket\n    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:\n"
    '        s.sendto(b"", ("192.0.2.1", 9))',
    "an_open_file": "import gc; open(__file__); gc.collect()",
}

ALLOWED = {
    "a_library_that_logs": 'import logging; logging.getLogger("urllib3").error("not ours")',
    "the_loopback": 'import socket; s = socket.create_server(("127.0.0.1", 0)); '
    "socket.create_connection(s.getsockname()).close(); s.close()",
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("guards")
    bodies = {**FORBIDDEN, **ALLOWED}
    text = "\n".join(f"def test_{name}():\n    {body}\n" for name, body in bodies.items())
    text += (
        "import pytest\n@pytest.mark.logs_errors\ndef test_announced():\n    "
        + FORBIDDEN["a_log_record"]
        + "\n"
    )
    (folder / "test_inner.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)]
    command += [
        "-p",
        "tests.conftest",
        "-rA",
        "--tb=no",
        "-p",
        "no:cacheprovider",
        str(folder / "test_inner.py"),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def verdicts(outcome: str, name: str) -> set[str]:
    lines = [line for line in outcome.splitlines() if line.partition(" - ")[0].endswith(f"::test_{name}")]
    assert lines, outcome
    return {line.split()[0] for line in lines}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_test_fails_that_causes(name: str, outcome: str) -> None:
    assert verdicts(outcome, name) & {"FAILED", "ERROR"}, outcome


@pytest.mark.parametrize("name", [*ALLOWED, "announced"])
def test_a_test_may_cause(name: str, outcome: str) -> None:
    assert verdicts(outcome, name) == {"PASSED"}, outcome

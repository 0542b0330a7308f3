"""The page printer against CUPS' own conformance tool, where it is installed (cups-ipp-utils)."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .desk import pdf
from .test_process import Machine, started

IPPTOOL = shutil.which("ipptool")
pytestmark = pytest.mark.skipif(
    IPPTOOL is None, reason="ipptool is not installed (apt package cups-ipp-utils)"
)


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with started() as machine:
        yield machine


@pytest.mark.parametrize(
    "suite",
    [
        "get-printer-attributes",
        "validate-job",
        "print-job",
        "create-job",
        "get-jobs",
        "cancel-current-job",
        "ipp-1.1",
    ],
)
def test_it_passes(machine: Machine, suite: str, tmp_path: Path) -> None:
    document = tmp_path / "page.pdf"
    document.write_bytes(pdf("page"))
    uri = machine.do("state")["printer"]["uri"]
    file = Path(str(IPPTOOL)).parent.parent / "share" / "cups" / "ipptool" / f"{suite}.test"
    options = ["-t", "-f", str(document), "-d", "filetype=application/pdf"]
    run = subprocess.run(
        [str(IPPTOOL), *options, uri, str(file)],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert run.returncode == 0, run.stdout

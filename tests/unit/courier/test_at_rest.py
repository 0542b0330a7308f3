"""A courier at rest carries only what it needs: the libraries of a look are loaded by the look."""

import subprocess
import sys

LOADED = "import sys, kiosk.programs.courier; print(sorted({name.partition('.')[0] for name in sys.modules}))"


def test_the_program_starts_without_the_update_framework() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, timeout=30
    )
    assert "requests" in done.stdout
    assert "'tuf'" not in done.stdout
    assert "'securesystemslib'" not in done.stdout

"""What root would never notice: the plug is pulled on the desk of a user without rights, and all comes back.

`make test-user` runs each test that cuts power in this way; here is a slice of them, and (`make campaign`) the demo
that shows it.
"""

import os
import subprocess
import sys

import pytest

from tests.rig.plain_user import NOT_POSSIBLE, UID, is_root, run_as_plain_user

DEMO = 'exec "$0" -m kiosk.cli demo --headless --power-cut --out "$HOME/out"'
SLICE = ("tests/e2e/test_notes.py",)


def as_plain_user(*argv: str, within_s: float) -> str:
    """Run it so; what it printed. Where it can't be run so that is said, and in CI it is a failure."""
    done = run_as_plain_user(argv, within_s)
    if done.returncode == NOT_POSSIBLE:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(done.stdout.strip())
    assert done.returncode == 0, _end_of(done)
    return done.stdout


def _end_of(done: subprocess.CompletedProcess[str]) -> str:
    return f"ended with {done.returncode}\n{done.stdout[-6_000:]}"


@pytest.mark.skipif(not is_root(), reason="who runs these tests is such a user")
def test_such_a_user_has_no_rights_and_can_run_our_programs() -> None:
    asks = "import os, kiosk.cli; print(os.getuid(), os.getgroups(), os.access('/etc/shadow', os.R_OK))"
    assert as_plain_user(sys.executable, "-c", asks, within_s=60).split() == [str(UID), "[]", "False"]


@pytest.mark.campaign
@pytest.mark.timeout(400)
def test_the_demo_of_power_cuts_ends_well() -> None:
    shown = as_plain_user("sh", "-c", DEMO, sys.executable, within_s=380)
    assert "yes  each order that the plug cut short has ended" in shown
    assert "NO " not in shown


@pytest.mark.timeout(400)
@pytest.mark.skipif(not is_root(), reason="who runs these tests is such a user")
def test_tests_that_cut_power_pass_there_too() -> None:
    pytest_of = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    shown = as_plain_user(*pytest_of, "-m", "plain_user", *SLICE, within_s=380)
    assert " passed" in shown
    assert "skipped" not in shown

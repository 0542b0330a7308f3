"""`python -m tests.rig.settled demo …`: the real `kiosk`, its central server set up once for this run of tests.

For tests of what comes after the start: the first demo of a desk has its town to grow, which takes most of its time.
"""

from unittest.mock import patch

from kiosk.cli import app
from kiosk.desk.desk_machine import DeskMachine
from tests.rig import town


class Settled(DeskMachine):
    """Begins with the central server that the tests share."""

    def _start_central(self) -> None:
        town.enrol(self.run, cards=True)
        super()._start_central()


if __name__ == "__main__":
    with patch("kiosk.desk.demo.DeskMachine", Settled):
        app()

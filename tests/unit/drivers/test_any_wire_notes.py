"""Whatever wire and validator do (answers lost, a reset, a pulled plug), each note in the stacker is booked once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.drivers.test_any_core_notes import ACTS, Core

MISHAPS = ("power_cut", "plug_out", "unplug", "plug_in", *["no_answer", "not_heard"] * 2)
STACK, EVENTS, COUNT = 154, 159, 225
# Longer than it takes a driver to find its way back to a validator, which then sends back what it holds.
QUIET_S = 20.0


class CoreOnABadWire(Core):
    """The same core; now the next of each answer that matters may be lost, too, or the question before it."""

    def power_cut(self) -> None:
        self.bench.far.bill.power(False)
        self.bench.far.bill.power(True)

    def plug_out(self) -> None:
        """The validator's own plug; the wire is well."""
        self.bench.far.bill.plug(False)

    def unplug(self) -> None:
        self.bench.wire.plugged = False

    def plug_in(self) -> None:
        self.bench.wire.plugged = True
        self.bench.far.bill.plug(True)

    def no_answer(self) -> None:
        for header in (STACK, EVENTS, COUNT):
            self.bench.far.bill.lose_reply(header)

    def not_heard(self) -> None:
        for header in (STACK, EVENTS, COUNT):
            self.bench.far.bill.lose_request(header)

    def at_rest(self) -> None:
        self.plug_in()
        self.bench.pass_time(QUIET_S)
        self.die()
        super().at_rest()


@settings(max_examples=60)
@given(st.lists(st.sampled_from((*ACTS, *MISHAPS)), min_size=10, max_size=60))
def test_each_note_is_booked_once_whatever_the_wire_does(acts: list[str]) -> None:
    core = CoreOnABadWire()
    core.live(acts)
    assert core.notes == len(core.bench.in_the_stacker())

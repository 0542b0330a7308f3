"""Paper that nobody took: the screen says that it was taken back in, and where its fee is; not that nobody knows."""

from kiosk.core.order_view import view
from kiosk.order.effects import Effect, RetractPaper
from kiosk.order.model import OrderOutcome
from kiosk.order.saga import Move, Stage
from kiosk.visit.following import trouble_code
from kiosk.visit.order_view import OrderView, Phase
from tests.unit.order.world import World


class Watching(World):
    """Keeps what the screen was told."""

    def apply(self, move: Move) -> None:
        super().apply(move)
        self.told = [*getattr(self, "told", ()), view(move.saga)]

    told: list[OrderView]


def endings(world: Watching) -> list[tuple[OrderOutcome | None, str]]:
    """What was shown as an end, in its order."""
    return [(one.outcome, trouble_code(one)) for one in world.told if one.phase is Phase.CLOSED]


def test_it_is_shown_as_taken_back_and_never_as_doubtful() -> None:
    world = Watching(collected=False)
    world.serve()
    assert endings(world) == [(OrderOutcome.CLAIM, "uncollected")]
    assert any(one.clearing for one in world.told)


class Stuck(Watching):
    """The paper does not go in for a long time."""

    tries = 0

    def do(self, effect: Effect) -> None:
        if isinstance(effect, RetractPaper):
            self.tries += 1
            if self.tries < 100:
                return
        super().do(effect)


def test_paper_that_does_not_go_in_keeps_nobody_waiting_at_the_screen() -> None:
    world = Stuck(collected=False)
    order = world.serve()
    world.check()
    assert endings(world)[0] == (OrderOutcome.DISPUTED, "disputed")
    assert world.told[-1].outcome is OrderOutcome.CLAIM
    assert order.issues[0].reason == "presenter-stuck"
    assert world.saga is not None
    assert world.saga.stage is Stage.OVER

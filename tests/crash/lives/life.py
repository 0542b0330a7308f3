"""One life: its name, its run, its verdict. The same name is the same life, on any machine."""

from contextlib import redirect_stdout
from functools import cache
from io import StringIO

from msgspec import Struct

from tests.crash import vfs
from tests.crash.lives.editions import NEWEST, drawn
from tests.crash.lives.plan import Plan
from tests.crash.lives.verdict import judge
from tests.crash.lives.world import World, provisioned


class Life(Struct, frozen=True):
    """`seed` draws who comes and what fails; `cuts` are the steps of the blows, each counted from the last boot.

    `edition`: what lives could have when it was drawn (editions.py).
    """

    seed: int
    cuts: tuple[int, ...] = ()
    edition: int = NEWEST

    @property
    def name(self) -> str:
        """As it is printed and kept: 1834:57+12@2."""
        return f"{self.seed}:{'+'.join(map(str, self.cuts))}@{self.edition}"


def named(name: str) -> Life:
    """The life of that name; of the newest edition, if it does not say of which."""
    life, _, edition = name.partition("@")
    seed, _, cuts = life.partition(":")
    return Life(int(seed), tuple(int(cut) for cut in cuts.split("+") if cut), int(edition or NEWEST))


class Ended(Struct, frozen=True):
    """What came of it: the most steps between two boots, how many blows fell, what is wrong, and the story."""

    steps: int
    blows: int
    wrongs: tuple[str, ...]
    story: tuple[str, ...]


@cache
def _files() -> dict[str, bytes]:
    return provisioned()


def live(life: Life, plan: Plan | None = None, *, lies: float = 0.0) -> Ended:
    """Live it. `plan` is drawn from the seed where none is given."""
    vfs.seed_randomness(life.seed + 1)
    lived = plan if plan is not None else drawn(life.seed, life.edition)
    world = World(lived, life.seed, life.cuts, _files(), lies=lies)
    try:
        with redirect_stdout(StringIO()):
            world.live()
            wrongs = judge(world)
        return Ended(world.power.most, world.power.fallen, tuple(wrongs), tuple(world.truth.story))
    finally:
        world.end()

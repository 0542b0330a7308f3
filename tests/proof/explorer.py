"""Every state that can be reached, each looked at once; the shortest way to what must not be, told as a story.

Breadth first, so that a counter-example is as short as it can be. Afterwards M7 is looked at backwards: from every
state an order must be able to end by itself, without a citizen's or a technician's hand.
"""

import time
from array import array
from collections.abc import Iterator
from itertools import chain

from msgspec import Struct

from tests.proof import coins, far_end, heart, losses, rules, sheets, terminal
from tests.proof.world import Next, Power, Setting, Step, Who, World

HANDS = (Who.CITIZEN, Who.TROUBLE)


class Story(Struct, frozen=True):
    """How a rule was broken: the steps from the open order, and the state at their end."""

    rule: str
    steps: tuple[str, ...]
    end: World

    def __str__(self) -> str:
        lines = (f"  {number:2}. {step}" for number, step in enumerate(self.steps, start=1))
        return "\n".join((self.rule, *lines))


class Found(Struct, frozen=True):
    """What a search found. `stuck`: states from which no end can be reached."""

    setting: Setting
    states: int
    transitions: int
    seconds: float
    stories: tuple[Story, ...]
    stuck: tuple[Story, ...]

    def __str__(self) -> str:
        wrong = len(self.stories) + len(self.stuck)
        return (
            f"{self.states} states, {self.transitions} transitions, {self.seconds:.1f} s, violations={wrong}"
        )


def following(setting: Setting, world: World) -> Iterator[Next]:
    """Everything that can happen next."""
    if world.core.power is not Power.UP:
        back = "the power is back" if world.core.power is Power.DARK else "core is started again"
        for fate, after in heart.boot(setting, world):
            yield Step(Who.POWER, back + fate), after
    else:
        yield from heart.ticks(setting, world)
        if world.core.losses < setting.losses:
            for cut in losses.dark(setting, world):
                yield Step(Who.TROUBLE, "the power fails"), cut
            yield Step(Who.TROUBLE, "core dies"), losses.down(world)
    rooms = (coins, sheets, far_end, terminal)
    yield from chain.from_iterable(room.steps(setting, world) for room in rooms)


class Search:
    """One search. `limit`: stories of broken rules after which it stops."""

    def __init__(self, setting: Setting, *, limit: int = 1, most: int = 20_000_000) -> None:
        self._setting, self._limit, self._most = setting, limit, most
        self._numbers: dict[World, int] = {}
        self._worlds: list[World] = []
        self._parents = array("l")
        self._steps: list[Step | None] = []
        self._back: list[array[int]] = []
        self._stories: dict[str, int] = {}

    @property
    def worlds(self) -> tuple[World, ...]:
        """Every state that was reached."""
        return tuple(self._worlds)

    def run(self) -> Found:
        """Look at everything within the setting's bounds."""
        began, transitions = time.perf_counter(), 0
        for world in heart.start(self._setting):
            self._reach(world, -1, None)
        number = 0
        while number < len(self._worlds) and len(self._stories) < self._limit and number < self._most:
            world = self._worlds[number]
            for step, after in following(self._setting, world):
                transitions += 1
                reached = self._reach(after, number, step)
                if step.who not in HANDS:
                    self._back[reached].append(number)
            number += 1
        stuck = self._stuck() if not self._stories else ()
        return Found(
            self._setting,
            len(self._worlds),
            transitions,
            time.perf_counter() - began,
            tuple(self._story(rule, at) for rule, at in self._stories.items()),
            stuck,
        )

    def _reach(self, world: World, parent: int, step: Step | None) -> int:
        number = self._numbers.get(world)
        if number is not None:
            return number
        number = self._numbers[world] = len(self._worlds)
        self._worlds.append(world)
        self._parents.append(parent)
        self._steps.append(step)
        self._back.append(array("l"))
        rule = rules.broken(self._setting, world)
        if rule and rule not in self._stories:
            self._stories[rule] = number
        return number

    def _stuck(self) -> tuple[Story, ...]:
        """States from which the order's end can't be reached by devices, network, clock and power alone."""
        ends = [number for number, world in enumerate(self._worlds) if rules.at_rest(world)]
        can_end = bytearray(len(self._worlds))
        for number in ends:
            can_end[number] = 1
        while ends:
            for before in self._back[ends.pop()]:
                if not can_end[before]:
                    can_end[before] = 1
                    ends.append(before)
        first = next((number for number, good in enumerate(can_end) if not good), None)
        return () if first is None else (self._story("M7: this order can never end", first),)

    def _story(self, rule: str, number: int) -> Story:
        end, steps = self._worlds[number], list[str]()
        while number >= 0:
            step = self._steps[number]
            if step is not None:
                steps.append(step.what)
            number = self._parents[number]
        return Story(rule, tuple(reversed(steps)), end)

"""What can be typed, as the programs' own groups have it: every command, and every place that it lets one name."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import typer
from typer.main import get_command

from central.cli import app as central_app
from kiosk.commands.commands import commands as kiosk_app


class Named(NamedTuple):
    """A place that one may name. `how`: its option, or "" where it is named by itself."""

    command: str
    how: str

    def __str__(self) -> str:
        return f"{self.command} {self.how}".rstrip()


def names() -> list[str]:
    """Every command that can be typed."""
    return [name for name, _ in _commands()]


def places() -> list[Named]:
    """Every option and argument that is a path, of every command; one that has two names under the first."""
    return [
        Named(name, parameter.opts[0] if parameter.param_type_name == "option" else "")
        for name, command in _commands()
        for parameter in command.params
        if "pathlib.Path" in str(parameter.type_descriptor.annotation)
    ]


def with_option(option: str) -> list[str]:
    """The commands that have it, under whichever of its names."""
    return [
        name for name, command in _commands() if any(option in parameter.opts for parameter in command.params)
    ]


def _commands() -> Iterator[tuple[str, Any]]:
    yield from _below(kiosk_app, "kiosk")
    yield from _below(central_app, "central")


def _below(app: typer.Typer, program: str) -> Iterator[tuple[str, Any]]:
    def below(group: Any, path: str) -> Iterator[tuple[str, Any]]:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from below(command, f"{path} {name}")
            else:
                yield f"{path} {name}", command

    return below(get_command(app), program)

"""`kiosk --help` and `central --help`: each command in its panel, on one line that a technician understands."""

import re
from collections.abc import Iterator

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from central.cli import app as central_app
from kiosk.commands.commands import commands as kiosk_app

KIOSK_PANELS = (
    "The machine",
    "Documents",
    "Money and ledger",
    "The desk (development)",
    "Programs (started by systemd)",
)
CENTRAL_PANELS = ("The server", "Certificate types and keys", "Registers and money", "The desk (development)")
APPS = {"kiosk": (kiosk_app, KIOSK_PANELS), "central": (central_app, CENTRAL_PANELS)}
# What a technician at a terminal of the usual width sees.
WIDTH = 80


def helps(app: typer.Typer, *path: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each group's help, as it stands in a terminal."""
    # Not by TERMINAL_WIDTH: typer reads that once, at its first help, and keeps it for all later ones of the process.
    done = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": str(WIDTH)})
    assert done.exit_code == 0
    yield path, done.output
    for name, command in children(app, *path):
        if hasattr(command, "commands"):
            yield from helps(app, *path, name)


def children(app: typer.Typer, *path: str) -> list[tuple[str, object]]:
    group = get_command(app)
    for name in path:
        group = group.commands[name]  # type: ignore[attr-defined]
    return list(getattr(group, "commands", {}).items())


def panels(text: str) -> dict[str, list[str]]:
    """The boxes of a help by their titles, and the lines in each."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if title := re.fullmatch(r"╭─ (.*?) ─*╮", line.strip()):
            found[title[1]] = []
        elif line.startswith("│"):
            list(found.values())[-1].append(line.strip("│ "))
    return {title: lines for title, lines in found.items() if title not in ("Options", "Arguments")}


@pytest.mark.parametrize("name", APPS)
def test_every_command_stands_in_a_panel_and_the_panels_in_their_order(name: str) -> None:
    app, titles = APPS[name]
    for path, text in helps(app):
        shown = panels(text)
        if not path:
            assert tuple(shown) == titles
        named = {line.split()[0] for lines in shown.values() for line in lines}
        hidden = {command for command, found in children(app, *path) if getattr(found, "hidden", False)}
        assert named == {command for command, _ in children(app, *path)} - hidden


@pytest.mark.parametrize("name", APPS)
def test_every_command_also_a_hidden_one_names_a_panel(name: str) -> None:
    app, titles = APPS[name]
    for command, found in children(app):
        assert getattr(found, "rich_help_panel", None) in titles, command


@pytest.mark.parametrize("name", APPS)
def test_what_a_command_does_is_told_on_one_line(name: str) -> None:
    app, _ = APPS[name]
    for path, text in helps(app):
        for lines in panels(text).values():
            for line in lines:
                command, _, said = line.partition(" ")
                assert said.strip().endswith("."), (*path, command)
                assert said.strip()[0].isupper(), (*path, command)


def test_the_exit_codes_stand_in_both() -> None:
    for app, _ in APPS.values():
        text = CliRunner().invoke(app, ["--help"], env={"COLUMNS": str(WIDTH)}).output
        for code in ("0 ", "1 ", "2 ", "3 ", "4 ", "70 ", "128"):
            assert code in text[text.index("Exit codes") :]

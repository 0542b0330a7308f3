"""The group of commands that `kiosk` and `central` are: in panels, in their order, and with the house's endings."""

import sys
from contextlib import redirect_stdout
from inspect import cleandoc
from typing import Any, ClassVar

from typer.core import TyperGroup

from kiosk.console.endings import endings, mistakes


class Group(TyperGroup):
    """A group whose help has lines of the terminal's own; asked for nothing, it is no result and goes to stderr."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Without a word the help, on stderr."""
        if args:
            return super().parse_args(ctx, args)
        with redirect_stdout(sys.stderr):
            return super().parse_args(ctx, args)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command, its help without the line ends of the source."""
        found = super().get_command(ctx, cmd_name)
        if found is not None and found.help:
            paragraphs = cleandoc(found.help).split("\n\n")
            found.help = "\n\n".join(" ".join(each.split()) for each in paragraphs)
        return found


class Commands(Group):
    """All commands of a program by their panels; each ends in the house's way when the world is against it."""

    program: ClassVar[str]
    panels: ClassVar[tuple[str, ...]]

    # `ctx` is of a class that typer keeps to itself.
    def list_commands(self, ctx: Any) -> list[str]:
        """By panel, and in each as they were written down."""
        return sorted(self.commands, key=self._place)

    def main(self, *arguments: Any, **more: Any) -> Any:
        """The whole run, from the words to the exit code."""
        with mistakes():
            return super().main(*arguments, **more)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Wrong words end in a sentence."""
        with endings(self.program):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run what was asked for."""
        with endings(self.program):
            return super().invoke(ctx)

    def _place(self, name: str) -> int:
        return self.panels.index(getattr(self.commands[name], "rich_help_panel", ""))

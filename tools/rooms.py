"""The rooms of the house, one sentence and the lines of code of each: `python tools/rooms.py --write` puts the table
into docs/architecture.md.

A room is a folder or module directly below kiosk/ or central/, in the order of the import rules, the highest first;
each of the other packages is a room of its own. The sentence is the first of the room's docstring, with
"Pure." where it is.
"""

import ast
import configparser
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- rooms: tools/rooms.py --write -->\n", "<!-- /rooms -->\n"
LAYERED = {"kiosk": "rooms", "central": "central-rooms"}
SINGLE = ("drivers", "simulators", "ui")
CODE = (".py", ".qml", ".js")


def rooms() -> Iterator[tuple[str, Path]]:
    """Each room's name and where it lies."""
    rules = configparser.ConfigParser(interpolation=None)
    rules.read(ROOT / ".importlinter", encoding="utf-8")
    for package, rule in LAYERED.items():
        for name in re.findall(r"\w+", rules[f"importlinter:contract:{rule}"]["layers"]):
            folder = ROOT / package / name
            yield f"{package}/{name}", folder if folder.is_dir() else folder.with_suffix(".py")
    for package in SINGLE:
        yield package, ROOT / package


def sentence(place: Path) -> str:
    """The first sentence of its docstring."""
    text = (place / "__init__.py" if place.is_dir() else place).read_text("utf-8")
    said = " ".join((ast.get_docstring(ast.parse(text)) or "").partition("\n\n")[0].split())
    first = re.split(r"(?<=[.]) (?=[A-Z`0-9])", said)[0]
    return first + " Pure." if re.search(r"\bPure\b", said) and "Pure" not in first else first


def lines(place: Path) -> int:
    """Of code, with its comments and empty lines."""
    files = sorted(place.rglob("*")) if place.is_dir() else [place]
    return sum(len(file.read_text("utf-8").splitlines()) for file in files if file.suffix in CODE)


def table() -> str:
    """As Markdown."""
    rows = [f"| `{name}` | {sentence(place)} | {lines(place):,} |" for name, place in rooms()]
    return "\n".join(("| room | what it is | lines |", "|---|---|---:|", *rows, ""))


def main() -> None:
    """Print the table, or put it into the page."""
    if sys.argv[1:] != ["--write"]:
        print(table(), end="")
        return
    page = PAGE.read_text("utf-8")
    before, rest = page.split(BEGIN)
    PAGE.write_text(before + BEGIN + table() + END + rest.split(END)[1], "utf-8")


if __name__ == "__main__":
    main()

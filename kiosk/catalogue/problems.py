"""What is wrong with a catalogue file, in a clerk's words: file, field, what, and how to mend it."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from kiosk.protocol.fault import EnvironmentFault


class Problem(Struct, frozen=True):
    """One thing to mend: in which file, field and line (0: not known), what is wrong, and how to put it right."""

    file: str
    field: str
    what: str
    mend: str
    line: int = 0

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}: {self.field}: {self.what}. {self.mend}."


def located(problem: Problem, text: str) -> Problem:
    """The problem with the line of its field, as far as the text has it: `option history.default`, `fee #2.base`.

    TOML's reader keeps no lines; what the text does not have as it stands is left without one.
    """
    lines = text.splitlines()
    at = -1
    for step in problem.field.split("."):
        name, _, entry = step.partition(" ")
        rows = [row for row in range(at + 1, len(lines)) if re.match(_pattern(name, entry), lines[row])]
        nth = int(entry[1:]) - 1 if entry.startswith("#") else 0
        if nth >= len(rows):
            return problem
        at = rows[nth]
    return msgspec.structs.replace(problem, line=at + 1)


def _pattern(name: str, entry: str) -> str:
    """How a line begins that opens this field, or this entry of a list."""
    if entry and not entry.startswith("#"):
        return rf'[\s{{]*code\s*=\s*"{re.escape(entry)}"|.*\bko = "{re.escape(entry)}"'
    return rf"\s*(\[+{re.escape(name)}\]+|{re.escape(name)}\s*=)"


class CatalogueError(EnvironmentFault):
    """The catalogue can't be used. `problems` has everything that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


_KINDS = {
    "int": "a whole number",
    "str": "a text in quotation marks",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "float": "a number with a point",
}


def from_shape(file: str, raw: dict[str, Any], error: msgspec.ValidationError) -> Problem:
    """A field that is missing, unknown or of another kind. `raw` is the file's content, to call entries by name."""
    message, _, path = str(error).partition(" - at ")
    field = _name(raw, path.strip("`"))
    if match := re.fullmatch(r"Object missing required field `(.+)`", message):
        return Problem(
            file, field, f"{match[1]} is missing", f"Add “{match[1]} = …” as the other entries have it"
        )
    if match := re.fullmatch(r"Object contains unknown field `(.+)`", message):
        return Problem(file, field, f"{match[1]} is not known", "Look for a spelling mistake, or take it out")
    if match := re.fullmatch(r"Expected `(\w+)`, got `(\w+)`", message):
        wanted, found = _KINDS.get(match[1], match[1]), _KINDS.get(match[2], match[2])
        return Problem(file, field, f"there is {found}", f"Write {wanted}")
    if match := re.fullmatch(r"Invalid enum value (.+)", message):
        what = f"this machine can't do {match[1].lower()}"
        return Problem(file, field, what, "Use a value that another entry has")
    return Problem(file, field, message, "Compare with another entry of the file")


def _name(raw: object, path: str) -> str:
    """`$.type[0].fee` as `type land.fee`: entries are called by their code, not by their number."""
    names: list[str] = []
    for key, index in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        raw = raw.get(key) if isinstance(raw, dict) and key else raw
        if key:
            names.append(key)
        elif isinstance(raw, list) and int(index) < len(raw) and names:
            raw = raw[int(index)]
            code = raw.get("code") if isinstance(raw, dict) else None
            names[-1] += f" {code}" if isinstance(code, str) else f" #{int(index) + 1}"
    return ".".join(names) or "whole file"

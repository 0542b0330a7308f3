"""What is wrong with a catalogue file, in a clerk's words: file, field, what, and how to mend it."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct


class Problem(Struct, frozen=True):
    """One thing to mend: in which file and field, what is wrong, and how to put it right."""

    file: str
    field: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}: {self.field}: {self.what}. {self.mend}."


class CatalogueError(Exception):
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


def _name(raw: Any, path: str) -> str:
    """`$.type[0].fee` as `type land.fee`: entries are called by their code, not by their number."""
    names: list[str] = []
    for key, index in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        raw = raw.get(key) if isinstance(raw, dict) and key else raw
        if key:
            names.append(key)
        elif isinstance(raw, list) and int(index) < len(raw) and names:
            raw = raw[int(index)]
            code = raw.get("code") if isinstance(raw, dict) else None
            names[-1] += f" {code}" if isinstance(code, str) else f" no. {int(index) + 1}"
    return ".".join(names) or "whole file"

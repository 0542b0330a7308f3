"""Whether a certificate's data is fit for paper: the fields that its form knows, of their kind and length, printable.

Data is refused, never mended: what is printed is what central's hash covers. Why the character rules: a direction
override reverses a printed name; a newline or a control character vanishes on paper.
"""

import re
import unicodedata
from typing import Any

from kiosk.protocol.fields import values_at
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.templates import Template

_MAX_NUMBER = 10**15
_COMPATIBILITY_IDEOGRAPH = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")


def check_contents(template: Template, data: dict[str, Any]) -> None:
    """Raises WorkError: data-invalid (naming the field, never its value) or text-unprintable."""
    lists = {name: data.get(name) for name in template.lists}
    _check_group(template.data, {name: value for name, value in data.items() if name not in lists}, "")
    for name, entries in lists.items():
        rule = dict(template.lists[name])
        most = rule.pop("most")
        if not isinstance(entries, list) or len(entries) > most:
            raise WorkError(Code.DATA_INVALID, f"{name}: not a list of at most {most}")
        for position, entry in enumerate(entries):
            _check_group(rule, entry, f"{name}[{position}].")
    _check_left_out(template, data)


def _check_group(rule: dict[str, Any], group: Any, path: str) -> None:
    if not isinstance(group, dict) or group.keys() != rule.keys():
        raise WorkError(Code.DATA_INVALID, f"{path or 'data'}: not the fields of this form")
    for name, limit in rule.items():
        value = group[name]
        if isinstance(limit, dict):
            _check_group(limit, value, f"{path}{name}.")
        elif isinstance(limit, list):
            if not isinstance(value, list) or len(value) > limit[0] or not all(map(_whole_number, value)):
                raise WorkError(Code.DATA_INVALID, f"{path}{name}: not at most {limit[0]} whole numbers")
        elif limit == 0:
            if not _whole_number(value):
                raise WorkError(Code.DATA_INVALID, f"{path}{name}: not a whole number")
        elif not isinstance(value, str) or len(value) > limit:
            raise WorkError(Code.DATA_INVALID, f"{path}{name}: not a text of at most {limit} characters")
        elif not printable(value):
            raise WorkError(Code.TEXT_UNPRINTABLE, f"{path}{name}")


def _whole_number(value: object) -> bool:
    return type(value) is int and 0 <= value < _MAX_NUMBER


def _check_left_out(template: Template, data: dict[str, Any]) -> None:
    """Personal data that was not asked for is not there: it would be printed, and handed on by whoever relies on it."""
    for rule, paths in template.left_out.items():
        option, _, choice = rule.partition(" = ")
        if data["options"][option] != choice:
            continue
        for path in paths:
            if any(values_at(data, path)):
                raise WorkError(Code.DATA_INVALID, f"{path}: there, although {rule}")


def printable(text: str) -> bool:
    """Composed text without control, format (direction!), private or unassigned characters; spaces are U+0020, inside.

    Compatibility ideographs (U+F900 …) stay as they are: the normal form would turn a name into another spelling of it.
    """
    if text != text.strip(" "):
        return False
    kept = _COMPATIBILITY_IDEOGRAPH.sub(" ", text)
    return kept.isprintable() and unicodedata.is_normalized("NFC", kept)

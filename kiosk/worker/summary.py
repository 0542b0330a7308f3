"""What the check screen shows of a draft: rows that the form's type.toml names, filled from the data."""

import re
from collections.abc import Iterator
from typing import Any

from kiosk.protocol.fields import value_at
from kiosk.worker.templates import Template

_PLACE = re.compile(r"\{([a-z0-9_.|]+)\}")


def summary_rows(template: Template, data: dict[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    """Label and value of each row; a row whose value the data does not have (an empty list) or has left
    empty is not there.
    """
    labels = template.labels(lang)
    for name, pattern in template.summary.items():
        values = [value_at(data, path) for path in _PLACE.findall(pattern)]
        if None not in values and any(values):
            yield labels[name], " ".join(_PLACE.sub("{}", pattern).format(*values).split())

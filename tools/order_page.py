"""The tables of stages and events in docs/orders.md: `python tools/order_page.py --write`."""

import ast
import sys
from pathlib import Path

from kiosk.order import saga
from kiosk.order.reduce import HANDLERS
from kiosk.order.saga import Stage
from kiosk.order.unheard import PARTS, UNHEARD

PAGE = Path(__file__).resolve().parents[1] / "docs" / "orders.md"
BEGIN, END = "<!-- stages: tools/order_page.py --write -->\n", "<!-- /stages -->\n"


def sentences(stages: ast.ClassDef) -> dict[str, str]:
    """What is said below each member."""
    found = {}
    for member, said in zip(stages.body, stages.body[1:], strict=False):
        if isinstance(member, ast.Assign) and isinstance(said, ast.Expr):
            name, text = member.targets[0], said.value
            if isinstance(name, ast.Name) and isinstance(text, ast.Constant):
                found[name.id] = str(text.value)
    return found


def tables() -> str:
    """Stages with what each waits for and handles; events with where and why core ignores them."""
    tree = ast.parse(Path(saga.__file__).read_text("utf-8"))
    (stages,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Stage")
    said = sentences(stages)
    rows = ["| stage | what it waits for | handles |", "|---|---|---|"]
    for part, members in PARTS.items():
        rows += [f"| {stage.name} ({part}) | {said[stage.name]} | {_heard(stage)} |" for stage in members]
    everywhere = ", ".join(event.__name__ for at, event in HANDLERS if at is None)
    ignored = ["| event | ignored in | why |", "|---|---|---|"]
    for one in UNHEARD:
        ignored.append(f"| {one.event.__name__} | {_where(one.stages)} | {one.why} |")
    return "\n".join((*rows, "", f"Every stage handles these events: {everywhere}.", "", *ignored, ""))


def _heard(stage: Stage) -> str:
    return ", ".join(event.__name__ for at, event in HANDLERS if at is stage)


def _where(stages: tuple[Stage, ...]) -> str:
    """The stages, or those that are left out where they are fewer."""
    others = [stage for part in PARTS.values() for stage in part if stage not in stages]
    names = stages if len(stages) <= len(others) else others
    listed = ", ".join(stage.name for stage in names)
    return listed if names is stages else f"all but {listed}"


def written(text: str) -> str:
    """The page with its tables."""
    before, rest = text.split(BEGIN)
    return before + BEGIN + tables() + END + rest.split(END)[1]


def main() -> None:
    """Print the tables, or put them into the page."""
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
    else:
        print(tables(), end="")


if __name__ == "__main__":
    main()

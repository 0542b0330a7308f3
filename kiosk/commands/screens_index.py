"""The page that leads through the pictures of `kiosk screens`: by screen, languages and ways of display side by side.

One file that needs nothing from anywhere: its links lead to the pictures beside it.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from msgspec import Struct

INDEX = "index.html"
_STYLE = """
:root { --paper: #f4f3ef; --ink: #1d1f21; --dim: #6b6e70; --line: #d9d7cf; --card: #fff; --mark: #0b5cad }
@media (prefers-color-scheme: dark) {
  :root { --paper: #17191b; --ink: #ececea; --dim: #9a9d9f; --line: #35383b; --card: #212427; --mark: #7db8f5 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 Pretendard, "Noto Sans CJK KR", "Noto Sans KR", system-ui, sans-serif }
header { position: sticky; top: 0; z-index: 1; padding: .9rem 2rem; background: var(--paper);
  border-bottom: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: .4rem 2rem; align-items: baseline }
h1 { font-size: 1.15rem; margin: 0; font-weight: 650 }
header p { margin: 0; color: var(--dim) }
fieldset { border: 0; margin: 0; padding: 0; display: flex; gap: .9rem; color: var(--dim) }
label { cursor: pointer }
input { accent-color: var(--mark); vertical-align: -1px }
.frame { display: grid; grid-template-columns: 13rem minmax(0, 1fr) }
nav { position: sticky; top: 3.6rem; align-self: start; max-height: calc(100vh - 3.6rem); overflow-y: auto;
  padding: 1.5rem 1rem 2rem 2rem }
nav a { display: flex; justify-content: space-between; gap: 1rem; padding: .18rem 0; color: inherit;
  text-decoration: none }
nav a:hover { color: var(--mark) }
nav span { color: var(--dim); font-variant-numeric: tabular-nums }
main { padding: 1.5rem 2rem 4rem 1rem; min-width: 0 }
section { scroll-margin-top: 4.5rem }
h2 { margin: 2.6rem 0 .2rem; font-size: 1.4rem; font-weight: 650 }
section:first-child h2 { margin-top: 0 }
article { padding: 1.1rem 0 1.5rem; border-top: 1px solid var(--line); scroll-margin-top: 4.5rem }
h3 { margin: 0 0 .7rem; font-size: 1rem; font-weight: 600 }
h3 a { color: inherit; text-decoration: none }
.row { display: flex; gap: .9rem; overflow-x: auto; padding-bottom: .4rem }
figure { margin: 0; flex: 1 1 0; min-width: 8rem; max-width: 18rem }
figure img { display: block; width: 100%; aspect-ratio: 9 / 16; object-fit: contain; background: var(--card);
  border: 1px solid var(--line); border-radius: 6px }
figure a:hover img, figure a:focus img { border-color: var(--mark); outline: 2px solid var(--mark) }
figcaption { margin-top: .35rem; font-size: 13px; color: var(--dim) }
.off { display: none }
@media (max-width: 60rem) { .frame { display: block } nav { display: none } main { padding: 1rem } }
"""
# A choice of languages and ways of display, kept for as long as the page is open.
_SCRIPT = """
const boxes = [...document.querySelectorAll("input")];
function show() {
  const off = boxes.filter(box => !box.checked).map(box => box.name + ":" + box.value);
  for (const figure of document.querySelectorAll("figure"))
    figure.classList.toggle("off",
      off.includes("lang:" + figure.dataset.lang) || off.includes("mode:" + figure.dataset.mode));
}
for (const box of boxes) box.addEventListener("change", show);
show();
"""


class Picture(Struct, frozen=True):
    """One picture: which screen and example of it, in which language and way of display; `file` beside the page."""

    screen: str
    example: str
    lang: str
    mode: str
    file: str


def index_page(pictures: Sequence[Picture]) -> str:
    """The page as HTML. Screens and examples stand in the order in which they came first."""
    screens = _ranks(picture.screen for picture in pictures)
    examples = _ranks(picture.example for picture in pictures)
    ordered = sorted(pictures, key=lambda one: (screens[one.screen], examples[one.example]))
    return "\n".join(
        _page(ordered, list(_ranks(one.lang for one in pictures)), list(_ranks(one.mode for one in pictures)))
    )


def _ranks(names: Iterator[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        found.setdefault(name, len(found))
    return found


def _page(pictures: Sequence[Picture], langs: Sequence[str], modes: Sequence[str]) -> Iterator[str]:
    groups = [(screen, list(some)) for screen, some in groupby(pictures, key=lambda one: one.screen)]
    examples = len({one.example for one in pictures})
    yield '<!doctype html><html lang="en"><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width"><title>Changgu · screens</title>'
    yield f"<style>{_STYLE}</style><header><h1>Changgu · screens</h1>"
    yield f"<p>{len(groups)} screens, {examples} examples, {len(pictures)} pictures</p>"
    yield _choice("lang", langs)
    yield _choice("mode", modes)
    yield '</header><div class="frame"><nav>'
    for screen, some in groups:
        count = len({one.example for one in some})
        yield f'<a href="#{escape(screen)}">{escape(screen)} <span>{count}</span></a>'
    yield "</nav><main>"
    for screen, some in groups:
        yield f'<section id="{escape(screen)}"><h2>{escape(screen)}</h2>'
        for example, each in groupby(some, key=lambda one: one.example):
            yield from _article(
                example, sorted(each, key=lambda one: (modes.index(one.mode), langs.index(one.lang)))
            )
        yield "</section>"
    yield f"</main></div><script>{_SCRIPT}</script></html>"


def _choice(name: str, values: Sequence[str]) -> str:
    boxes = "".join(
        f'<label><input type="checkbox" name="{name}" value="{escape(value)}" checked> {escape(value)}</label>'
        for value in values
    )
    return f"<fieldset>{boxes}</fieldset>"


def _article(example: str, pictures: Sequence[Picture]) -> Iterator[str]:
    name = escape(example)
    yield f'<article id="{name}."><h3><a href="#{name}.">{name}</a></h3><div class="row">'
    for one in pictures:
        said = f"{escape(one.lang)} · {escape(one.mode)}"
        yield (
            f'<figure data-lang="{escape(one.lang)}" data-mode="{escape(one.mode)}"><a href="{escape(one.file)}">'
            f'<img loading="lazy" src="{escape(one.file)}" alt="{name}, {said}"></a>'
            f"<figcaption>{said}</figcaption></figure>"
        )
    yield "</div></article>"

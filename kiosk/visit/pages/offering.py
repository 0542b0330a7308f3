"""The screen on which a certificate is chosen: among all of a few, or of many by its group or by its name."""

from kiosk.catalogue.catalogue import Category, CertificateType
from kiosk.catalogue.initials import INITIALS, initials
from kiosk.protocol.screen import Control, Role, Row, ScreenName, Tone
from kiosk.visit.basket import MOST_LINES, entry_of, has_room_for_one
from kiosk.visit.grouping import in_groups
from kiosk.visit.items import Item
from kiosk.visit.pages.first_notices import unusual_ways
from kiosk.visit.pages.page import FEW_TYPES, Page, Scene, bilingual, name_of, primary, whose
from kiosk.visit.screens import Choose

# Up to here certificates of one group are found by looking, beyond it by typing initial consonants.
MANY_TYPES = 12
# So many hits are looked through; of more the next letter is asked.
_MANY_HITS = 8
# As far as so many letters go, the names of its certificates tell what a group is about.
_ROOM = 44


def choose(scene: Scene, screen: Choose) -> Page:
    """Which certificate? Of many the group is asked first; each tile says what it costs or why not now."""
    basket = scene.state.basket
    title, sentence, narrowing, kinds = _view(scene, screen)
    return Page(
        ScreenName.CHOOSE,
        title,
        # Very large letters leave room for the question, and for what can be pressed.
        "" if scene.large and (kinds or (screen.by_name and not screen.typed)) else sentence,
        tone=Tone.ACTION,
        pictogram="document",
        rows=tuple(_set_aside(scene, item) for item in basket),
        notices=unusual_ways(scene),
        controls=(
            *narrowing,
            *kinds,
            *((primary("go-on", scene.words.say("basket.go-on", n=len(basket))),) if basket else ()),
        ),
    )


_View = tuple[str, str, list[Control], list[Control]]
"""Title, sentence, what narrows the choice, what is chosen from."""


def _view(scene: Scene, screen: Choose) -> _View:
    if not in_groups(scene.catalogue):
        return _all(scene, screen)
    if screen.typed:
        return _found(scene, screen)
    if screen.by_name:
        return _letters(scene)
    category = next((one for one in scene.catalogue.categories if one.code == screen.category), None)
    return _groups(scene) if category is None else _group(scene, category)


def _all(scene: Scene, screen: Choose) -> _View:
    """All of a few, which tabs may narrow; with many in one group the letters do."""
    words, catalogue = scene.words, scene.catalogue
    if screen.typed:
        shown = catalogue.search(screen.typed, words.lang)
    elif screen.category:
        shown = catalogue.in_category(screen.category)
    else:
        shown = catalogue.types
    narrowing = _categories(scene, screen)
    if len(catalogue.types) > MANY_TYPES:
        narrowing += _keys(scene, screen.typed)
    sentence = words.say("choose.sentence" if shown else "choose.nothing")
    return _question(scene), sentence, narrowing, _tiles(scene, shown)


def _groups(scene: Scene) -> _View:
    words = scene.words
    room = has_room_for_one(scene.state)
    by_name = Control(
        "by-name",
        Role.TILE,
        words.say("choose.by-name"),
        detail=words.say("choose.by-name-about"),
        icon="search",
        group="groups",
        enabled=room,
        note="" if room else words.say("basket.full", n=MOST_LINES),
    )
    tiles = [_group_tile(scene, category) for category in scene.catalogue.categories]
    return _question(scene), words.say("choose.groups"), [], [*tiles, by_name]


def _group_tile(scene: Scene, category: Category) -> Control:
    """A group: how many certificates, the first of them by name; why not, where none of them can be had."""
    words, kinds = scene.words, scene.catalogue.in_category(category.code)
    reasons = {health.reason for kind in kinds if not (health := scene.state.health.of(kind.code)).sellable}
    none = not any(scene.state.health.of(kind.code).sellable for kind in kinds)
    if not has_room_for_one(scene.state):
        note = words.say("basket.full", n=MOST_LINES)
    elif none:
        note = words.first(*(f"why.{reason}" for reason in reasons if len(reasons) == 1), "why.other")
    else:
        note = ""
    return Control(
        f"category:{category.code}",
        Role.TILE,
        category.name.text(words.lang),
        detail=_contents(scene, kinds),
        note=note,
        icon=category.icon,
        group="groups",
        enabled=not note,
    )


def _contents(scene: Scene, kinds: tuple[CertificateType, ...]) -> str:
    """How many there are, and what the first are called."""
    words = scene.words
    first, *others = (kind.name.text(words.lang) for kind in kinds)
    shown = [first, *others[:1]] if _room(first) + sum(map(_room, others[:1])) <= _ROOM else [first]
    told = "choose.some" if len(kinds) > len(shown) else "choose.these"
    return words.say(told, n=len(kinds), names=", ".join(shown))


def _room(text: str) -> int:
    """How many letters wide it is: a syllable is as wide as two letters."""
    return sum(1 if letter.isascii() else 2 for letter in text)


def _group(scene: Scene, category: Category) -> _View:
    words = scene.words
    title = words.say("choose.group", group=category.name.text(words.lang))
    tiles = _tiles(scene, scene.catalogue.in_category(category.code))
    return title, words.say("choose.sentence"), _to_groups(scene), tiles


def _letters(scene: Scene) -> _View:
    words = scene.words
    narrowing = [*_to_groups(scene), *_keys(scene, "")]
    return words.say("choose.letter"), words.say("choose.letter-sentence"), narrowing, []


def _found(scene: Scene, screen: Choose) -> _View:
    """What begins with the letters; of many hits the next letter may be told."""
    words, typed = scene.words, screen.typed
    hits = scene.catalogue.search(typed, words.lang)
    again = _way(scene, "delete", "choose.other-letter")
    keys = [key for key in _keys(scene, typed) if key.id != "delete"] if len(hits) > _MANY_HITS else []
    found = words.say("choose.found", n=len(hits), typed=typed.upper())
    sentence = found if hits else words.say("choose.nothing")
    return words.say("choose.title"), sentence, [*again, *keys], _tiles(scene, hits)


def _question(scene: Scene) -> str:
    return scene.words.say("basket.title" if scene.state.basket else "choose.title")


def _to_groups(scene: Scene) -> list[Control]:
    return _way(scene, "category:", "choose.all-groups")


def _way(scene: Scene, control: str, label: str) -> list[Control]:
    """One step up again. Where there is little room the bar's own way back is enough."""
    if scene.brief:
        return []
    return [Control(control, Role.TAB, scene.words.say(label), icon="back", group="way")]


def _set_aside(scene: Scene, item: Item) -> Row:
    """One that was chosen before: what, whose as far as it is known, how many."""
    words, chosen = scene.words, entry_of(item)
    told = (whose(scene, item), words.say("copies.value", n=chosen.copies))
    return Row(name_of(scene, chosen), " · ".join(part for part in told if part))


def _tiles(scene: Scene, kinds: tuple[CertificateType, ...]) -> list[Control]:
    return [_tile(scene, kind, brief=len(kinds) > FEW_TYPES) for kind in kinds]


def _tile(scene: Scene, kind: CertificateType, *, brief: bool) -> Control:
    """A certificate to choose. Of many only what tells them apart: what it is good for is told where there is room."""
    words = scene.words
    health = scene.state.health.of(kind.code)
    room = has_room_for_one(scene.state)
    full = "" if room else words.say("basket.full", n=MOST_LINES)
    fee = words.say("fee.each", fee=kind.fee.base) if kind.fee.base else words.say("fee.free")
    by_card = words.say("choose.by-card") if kind.identification == "card" else ""
    about = "" if brief or scene.brief else kind.about.text(words.lang)
    told = ("" if scene.large else bilingual(scene, kind), about, by_card, fee)
    detail = " · ".join(part for part in told if part)
    return Control(
        f"type:{kind.code}",
        Role.TILE,
        kind.name.text(words.lang),
        detail=detail,
        note=full if health.sellable else words.first(f"why.{health.reason}", "why.other"),
        icon=kind.icon,
        group="types",
        enabled=health.sellable and room,
    )


def _categories(scene: Scene, screen: Choose) -> list[Control]:
    """Tabs, where there is more than one category."""
    if len(scene.catalogue.categories) < 2:
        return []
    everything = Control(
        "category:",
        Role.TAB,
        scene.words.say("choose.all"),
        group="category",
        selected=not screen.category and not screen.typed,
    )
    tabs = [
        Control(
            f"category:{category.code}",
            Role.TAB,
            category.name.text(scene.words.lang),
            group="category",
            selected=category.code == screen.category,
        )
        for category in scene.catalogue.categories
    ]
    return [everything, *tabs]


def _keys(scene: Scene, typed: str) -> list[Control]:
    """A tab for each letter that leads on, with those before it: with them a word of some name begins."""
    lang = scene.words.lang
    names = [initials(kind.name.text(lang)) for kind in scene.catalogue.types]
    letters = {
        letter
        for name in names
        for letter in name
        if letter in INITIALS or (letter.isascii() and letter.isalpha())
    }
    keys = [
        Control(f"initial:{letter}", Role.TAB, (typed + letter).upper(), group="initials")
        for letter in sorted(letters)
        if scene.catalogue.search(typed + letter, lang)
    ]
    erase = Control("delete", Role.TAB, scene.words.say("key.delete"), icon="backspace", group="initials")
    return [*keys, *([erase] if typed else [])]

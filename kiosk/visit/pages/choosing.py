"""The screens on which the questions about a certificate are answered."""

from kiosk.protocol.certificates import Choice, Option
from kiosk.protocol.screen import Control, Field, Role, Row, ScreenName, Tone
from kiosk.visit.basket import MOST_LINES, has_room
from kiosk.visit.choosing import most_copies
from kiosk.visit.pages.page import (
    Page,
    Scene,
    kind_of,
    location,
    primary,
    secondary,
)
from kiosk.visit.screens import Options, Question

_KEYPAD = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "dash", "0", "delete")


def options(scene: Scene, screen: Options) -> Page:
    """One question of several."""
    match screen.question:
        case Question.AREA:
            return _area(scene, screen)
        case Question.PLACE:
            return _place(scene, screen)
        case Question.LOT:
            return _lot(scene, screen)
        case Question.CONTENT:
            return _content(scene, screen)


def _kind_row(scene: Scene, screen: Options) -> Row:
    return Row(scene.words.say("row.certificate"), kind_of(scene, screen.entry).name.text(scene.words.lang))


def _area(scene: Scene, screen: Options) -> Page:
    words = scene.words
    controls = tuple(
        Control(
            f"area:{at}",
            Role.CHOICE,
            area.name.text(words.lang),
            group="area",
            selected=screen.entry.area == at,
        )
        for at, area in enumerate(scene.catalogue.areas)
    )
    return Page(
        ScreenName.OPTIONS,
        words.say("options.area.title"),
        words.say("options.area.sentence", where=scene.catalogue.municipality.name.text(words.lang)),
        tone=Tone.ACTION,
        pictogram="map",
        rows=(_kind_row(scene, screen),),
        controls=controls,
    )


def _place(scene: Scene, screen: Options) -> Page:
    words = scene.words
    area = scene.catalogue.areas[screen.entry.area or 0]
    controls = tuple(
        Control(
            f"place:{place.code}",
            Role.CHOICE,
            place.name.text(words.lang),
            group="place",
            selected=screen.entry.place == place.code,
        )
        for place in area.places
    )
    return Page(
        ScreenName.OPTIONS,
        words.say("options.place.title", area=area.name.text(words.lang)),
        words.say("options.place.sentence"),
        tone=Tone.ACTION,
        pictogram="map",
        rows=(_kind_row(scene, screen),),
        controls=controls,
    )


def _lot(scene: Scene, screen: Options) -> Page:
    words, entry = scene.words, screen.entry
    kind = kind_of(scene, entry)
    place = scene.catalogue.place(entry.place)
    forest = kind.subject == "forest"
    fields = (
        Field(
            "main",
            words.say("lot.main-forest" if forest else "lot.main"),
            entry.main,
            placeholder=words.say("lot.main-example"),
            active=not entry.on_sub,
        ),
        Field(
            "sub",
            words.say("lot.sub"),
            entry.sub,
            placeholder=words.say("lot.sub-example"),
            active=entry.on_sub,
        ),
    )
    where = Row(words.say("row.place"), place.name.text(words.lang) if place else "")
    return Page(
        ScreenName.OPTIONS,
        words.say("options.lot.title"),
        words.say("options.lot.sentence-forest" if forest else "options.lot.sentence"),
        tone=Tone.ACTION,
        pictogram=kind.icon,
        rows=(_kind_row(scene, screen), where),
        fields=fields,
        controls=(
            *(_key(scene, screen, key) for key in _KEYPAD),
            primary("next", words.say("action.next"), note="" if entry.main else words.say("lot.empty")),
        ),
    )


def _key(scene: Scene, screen: Options, key: str) -> Control:
    words, entry = scene.words, screen.entry
    typed = entry.sub if entry.on_sub else entry.main
    if key == "dash":
        usable = bool(entry.main) and not entry.on_sub
        return Control("key:dash", Role.KEY, "-", detail=words.say("lot.sub"), group="lot", enabled=usable)
    if key == "delete":
        usable = bool(entry.main)
        return Control(
            "key:delete", Role.KEY, words.say("key.delete"), icon="backspace", group="lot", enabled=usable
        )
    fits = len(typed) < 4 and (bool(typed) or key != "0")
    return Control(f"key:{key}", Role.KEY, key, group="lot", enabled=fits)


def _content(scene: Scene, screen: Options) -> Page:
    words, entry = scene.words, screen.entry
    kind = kind_of(scene, entry)
    health = scene.state.health.of(kind.code)
    most = most_copies(scene.state, kind)
    copies = Field("copies", words.say("row.copies"), words.say("copies.value", n=entry.copies))
    asked = [option for option in kind.option if len(_applying(screen, option)) > 1]
    headings = tuple(Field(option.code, option.name.text(words.lang)) for option in asked)
    note = "" if health.sellable else words.first(f"why.{health.reason}", "why.other")
    return Page(
        ScreenName.OPTIONS,
        words.say("options.content.title"),
        words.say("options.content.sentence"),
        tone=Tone.ACTION,
        pictogram="document",
        rows=(_kind_row(scene, screen), *_where(scene, screen)),
        fields=(*headings, copies),
        notices=(words.say("copies.limited", n=most),) if most < kind.max_copies else (),
        controls=(
            *(control for option in asked for control in _choices(scene, screen, option)),
            _stepper(scene, "less", "" if entry.copies > 1 else words.say("copies.least")),
            _stepper(scene, "more", "" if entry.copies < most else words.say("copies.most", n=most)),
            primary("next", words.say("action.next"), note=note, unseen=words.say("action.unseen")),
            _add(scene, note),
        ),
    )


def _add(scene: Scene, note: str) -> Control:
    """Set this one aside and choose another."""
    full = "" if has_room(scene.state) else scene.words.say("basket.full", n=MOST_LINES)
    unseen = scene.words.say("action.unseen")
    return secondary("add", scene.words.say("basket.add"), icon="plus", note=note or full, unseen=unseen)


def _where(scene: Scene, screen: Options) -> tuple[Row, ...]:
    if kind_of(scene, screen.entry).personal:
        return ()
    return (Row(scene.words.say("row.where"), location(scene, screen.entry)),)


def _applying(screen: Options, option: Option) -> list[Choice]:
    """The choices that go together with what else is chosen. An option with only one of them is not asked."""
    chosen = dict(screen.entry.options)
    return [choice for choice in option.choices if choice.applies(chosen)]


def _choices(scene: Scene, screen: Options, option: Option) -> list[Control]:
    chosen = dict(screen.entry.options).get(option.code)
    return [
        Control(
            f"option:{option.code}:{choice.code}",
            Role.CHOICE,
            choice.name.text(scene.words.lang),
            group=option.code,
            selected=choice.code == chosen,
        )
        for choice in _applying(screen, option)
    ]


def _stepper(scene: Scene, direction: str, note: str) -> Control:
    icon = "plus" if direction == "more" else "minus"
    label = scene.words.say(f"copies.{direction}")
    return Control(
        f"copies:{direction}", Role.STEPPER, label, note=note, icon=icon, group="copies", enabled=not note
    )

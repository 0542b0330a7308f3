"""The screens for nobody: inviting, or saying what does not work and since when."""

from kiosk.catalogue.catalogue import Catalogue, CertificateType
from kiosk.health.power import Power
from kiosk.protocol.certificates import Hours
from kiosk.protocol.screen import Control, Role, Row, ScreenName, Tone
from kiosk.visit.pages.first_notices import first_notices
from kiosk.visit.pages.page import FEW_TYPES, Page, Scene, primary, secondary
from kiosk.visit.refund import can_ask
from kiosk.visit.state import Since
from kiosk.words.words import LANGUAGES

_MINUTE_MS = 60_000
_ALL_DAY = ("00:00", "24:00")


def attract(scene: Scene) -> Page:
    """Start, in one's own language; what there is, what it costs, what can't be had now."""
    words = scene.words
    return Page(
        ScreenName.ATTRACT,
        words.say("attract.title"),
        words.say("attract.sentence"),
        tone=Tone.ACTION,
        pictogram="attract",
        rows=tuple(_offers(scene)),
        notices=first_notices(scene),
        controls=(primary("start", words.say("attract.start")), *_languages(scene), *_money_back(scene)),
    )


def _offers(scene: Scene) -> list[Row]:
    """What there is and what it costs: each certificate while they are few, then each group; in large letters all."""
    if len(scene.catalogue.types) > FEW_TYPES and scene.large:
        return [_offer(scene, scene.words.say("attract.all"), scene.catalogue.types)]
    if len(scene.catalogue.types) <= FEW_TYPES:
        return [
            _offer(scene, kind.name.text(scene.words.lang), (kind,), counted=False)
            for kind in scene.catalogue.types
        ]
    return [
        _offer(scene, category.name.text(scene.words.lang), scene.catalogue.in_category(category.code))
        for category in scene.catalogue.categories
    ]


def _offer(scene: Scene, name: str, kinds: tuple[CertificateType, ...], *, counted: bool = True) -> Row:
    """A group with how many it has, be it one; a certificate by itself (not `counted`) with what it costs."""
    words = scene.words
    unwell = [health for kind in kinds if not (health := scene.state.health.of(kind.code)).sellable]
    if len(unwell) == len(kinds):
        return Row(
            name, words.say("attract.not-now"), note=words.first(f"why.{unwell[0].reason}", "why.other")
        )
    fees = sorted({kind.fee.base for kind in kinds})
    least, most = (words.won(fee) if fee else words.say("fee.free") for fee in (fees[0], fees[-1]))
    cost = least if len(fees) == 1 else words.say("attract.from-to", least=least, most=most)
    told = words.say("attract.kinds", n=len(kinds), cost=cost) if counted else cost
    return Row(name, told, note=words.say("attract.some-not-now", n=len(unwell)) if unwell else "")


def _languages(scene: Scene) -> list[Control]:
    """Each language by its own name; a press starts in it."""
    return [
        Control(
            f"start:{lang}",
            Role.LANGUAGE,
            scene.words.say(f"language.{lang}"),
            selected=lang == scene.words.lang,
        )
        for lang in LANGUAGES
    ]


def _money_back(scene: Scene) -> tuple[Control, ...]:
    """For who has money to get back: only where it can be known who they are, and there are coins."""
    return (
        (secondary("refund", scene.words.say("attract.refund"), icon="return"),)
        if can_ask(scene.state)
        else ()
    )


def out_of_service(scene: Scene) -> Page:
    """Why not, since when, and whom to call. A machine that only just wakes up says so calmly, and nothing else: what
    is broken is told as soon as all is known, and at once where only a worker is waited for.
    """
    words, health = scene.words, scene.state.health
    reasons = {kind.reason for kind in health.types}
    broken = [since for since in scene.state.since if since.reason != "starting"]
    if scene.state.power:
        case, tone, pictogram = f"power-{scene.state.power.value}", Tone.WARNING, "out-of-service"
    elif reasons == {"closed-hours"}:
        case, tone, pictogram = "closed", Tone.CALM, "clock"
    elif health.waking or reasons <= {"starting"}:
        case, tone, pictogram = "starting", Tone.CALM, "clock"
        broken = [] if health.waking else broken
    else:
        case, tone, pictogram = "broken", Tone.WARNING, "out-of-service"
    return Page(
        ScreenName.OUT_OF_SERVICE,
        words.say(f"out-of-service.{case}.title"),
        words.say(f"out-of-service.{case}.sentence"),
        tone=tone,
        pictogram=pictogram,
        rows=tuple(_ailing(scene, since) for since in broken) + (_hours(scene) if case == "closed" else ()),
        notices=(
            *(() if case == "starting" else (words.say("out-of-service.no-money"),)),
            *(() if scene.state.power is Power.HALTING else (words.say("out-of-service.still"),)),
        ),
    )


def _ailing(scene: Scene, since: Since) -> Row:
    words = scene.words
    minutes = (scene.now_ms - since.since_ms) // _MINUTE_MS
    if minutes < 1:
        note = words.say("since.now")
    elif minutes < 120:
        note = words.say("since.minutes", n=minutes)
    else:
        note = words.say("since.hours", n=minutes // 60)
    reason = words.first(f"reason.{since.reason}", "reason.other")
    return Row(words.say(f"device.{since.device}"), reason, note=note)


def _hours(scene: Scene) -> tuple[Row, ...]:
    """When to come again: certificates of the same hours in one row, those that most share last."""
    words, of_hours = scene.words, _by_hours(scene.catalogue)
    *few, (usual, _kinds) = sorted(of_hours.items(), key=lambda hours: len(hours[1]))
    most = words.say("hours.others" if few else "hours.all")
    named = ((hours, _named(scene, kinds)) for hours, kinds in few)
    return tuple(Row(name, _open(scene, hours)) for hours, name in (*named, (usual, most)))


def _by_hours(catalogue: Catalogue) -> dict[Hours, tuple[CertificateType, ...]]:
    all_hours = dict.fromkeys(kind.hours for kind in catalogue.types)
    return {hours: tuple(kind for kind in catalogue.types if kind.hours == hours) for hours in all_hours}


def _named(scene: Scene, kinds: tuple[CertificateType, ...]) -> str:
    """Whole groups by their name, other certificates by theirs."""
    lang, codes = scene.words.lang, {kind.code for kind in kinds}
    members = {one.code: scene.catalogue.in_category(one.code) for one in scene.catalogue.categories}
    shared = {
        group for group, of_it in members.items() if len(of_it) > 1 and codes >= {kind.code for kind in of_it}
    }
    whole = [one.name for one in scene.catalogue.categories if one.code in shared]
    single = [kind.name for kind in kinds if kind.category not in shared]
    return ", ".join(name.text(lang) for name in (*whole, *single))


def _open(scene: Scene, hours: Hours) -> str:
    if (hours.opens, hours.closes) == _ALL_DAY:
        return scene.words.say("hours.all-day")
    return scene.words.say("hours.value", opens=hours.opens, closes=hours.closes)

"""A screen's own content, before bar, overlay and machine facts are put around it."""

from msgspec import Struct

from kiosk.catalogue.catalogue import Catalogue, CertificateType
from kiosk.catalogue.money_back import MONEY_BACK
from kiosk.protocol.screen import Chime, Control, Field, Money, Role, Row, ScreenName, Secret, Step, Tone
from kiosk.visit.basket import entry_of
from kiosk.visit.items import Drafted, Entry, Item
from kiosk.visit.private import has_a_reason
from kiosk.visit.refund import wants_money
from kiosk.visit.state import Visit
from kiosk.words.words import Words

# So many certificates are told one by one, with a line each; of more only what tells them apart.
FEW_TYPES = 4
# Up to this size (percent) a screen holds what it holds in usual letters.
_LARGE = 130


class MachineFacts(Struct, frozen=True):
    """What stays while the machine runs: where it stands, its name, whom to call, the coins it takes and gives."""

    site: str
    machine: str
    help_phone: str
    coins: tuple[int, ...] = (100, 500)
    change: tuple[int, ...] = (100,)


class Scene(Struct, frozen=True):
    """All that a page may look at."""

    state: Visit
    words: Words
    facts: MachineFacts
    now_ms: int

    @property
    def large(self) -> bool:
        """Whether the letters are so large that only what matters most has room."""
        return self.state.display.text_scale > _LARGE

    @property
    def brief(self) -> bool:
        """Whether what can be pressed has to share little room: very large letters, or the lowest part of the panel."""
        return self.large or self.state.display.low_reach

    @property
    def catalogue(self) -> Catalogue:
        """The certificate types."""
        return self.state.catalogue

    def seconds_until(self, at_ms: int | None) -> int | None:
        """Whole seconds left, rounded up, never below 0; None without an end."""
        return None if at_ms is None else max(0, -(-(at_ms - self.now_ms) // 1000))


class Page(Struct, frozen=True):
    """One screen's content; the fields are Snapshot's."""

    screen: ScreenName
    title: str
    sentence: str = ""
    tone: Tone = Tone.CALM
    pictogram: str = ""
    rows: tuple[Row, ...] = ()
    fields: tuple[Field, ...] = ()
    steps: tuple[Step, ...] = ()
    money: Money | None = None
    notices: tuple[str, ...] = ()
    controls: tuple[Control, ...] = ()
    code: str = ""
    remaining_s: int | None = None
    secret: Secret | None = None
    chime: Chime = Chime.NONE


def primary(control_id: str, label: str, *, icon: str = "next", note: str = "", unseen: str = "") -> Control:
    """The one clear next step. With a `note` it can't be pressed now, and the note says why; `unseen` as in Control."""
    return Control(control_id, Role.PRIMARY, label, icon=icon, note=note, enabled=not note, unseen=unseen)


def secondary(control_id: str, label: str, *, icon: str = "", note: str = "", unseen: str = "") -> Control:
    """Another way to go on. With a `note` it can't be pressed now; `unseen` as in Control."""
    return Control(control_id, Role.SECONDARY, label, icon=icon, note=note, enabled=not note, unseen=unseen)


def kind_of(scene: Scene, entry: Entry) -> CertificateType:
    """The entry's type. Raises LookupError: the catalogue that offered it no longer has it."""
    kind = MONEY_BACK if wants_money(entry) else scene.catalogue.type(entry.type_code)
    if kind is None:
        raise LookupError(entry.type_code)
    return kind


def location(scene: Scene, entry: Entry) -> str:
    """Where the parcel lies as people write it: 여의도동 60-1, 신길동 산 12."""
    lang = scene.words.lang
    place = scene.catalogue.place(entry.place)
    name = place.name.text(lang) if place else ""
    lot = f"{entry.main}-{entry.sub}" if entry.sub else entry.main
    mountain = scene.words.say("lot.mountain") if kind_of(scene, entry).subject == "forest" else ""
    return " ".join(part for part in (name, mountain, lot) if part)


def order_rows(scene: Scene, drafts: tuple[Drafted, ...]) -> tuple[Row, ...]:
    """What is being made, a line each, while machine and citizen are at it."""
    return tuple(Row(name_of(scene, draft.entry), whose(scene, draft)) for draft in drafts)


def name_of(scene: Scene, entry: Entry) -> str:
    """The certificate's name in the visit's language."""
    if wants_money(entry):
        return scene.words.say("refund.name")
    return kind_of(scene, entry).name.text(scene.words.lang)


def whose(scene: Scene, item: Item) -> str:
    """For whom, or which parcel, and which of several things, as far as it is known yet."""
    entry = entry_of(item)
    holder = item.holder if isinstance(item, Drafted) else ""
    about = holder if kind_of(scene, entry).personal else location(scene, entry)
    return " · ".join(part for part in (about, *(picked.label for picked in entry.picked)) if part)


def bilingual(scene: Scene, kind: CertificateType) -> str:
    """The Korean name under a foreign one: it is what stands on the paper. Empty in Korean."""
    return "" if scene.words.lang == "ko" else kind.name.ko


def waiver_of(scene: Scene, draft: Drafted) -> str:
    """Why this person pays nothing, as the catalogue names it; that they do, where this machine's does not know why."""
    words, known = scene.words, kind_of(scene, draft.entry).waiver
    name = next((row.name.text(words.lang) for row in known if row.code == draft.waiver), "")
    return words.say("waiver.named", who=name) if name else words.say("waiver.other")


def see_why(scene: Scene) -> tuple[Control, ...]:
    """The press behind which the person alone is told, where there is something to tell."""
    if not has_a_reason(scene.state):
        return ()
    return (Control("why", Role.CHOICE, scene.words.say("private.show")),)

"""The kiosk's screens have words for everything that can ail a machine, in every language, and none for anything else.

A new code fails here until it has its words in kiosk/words/*.toml.
"""

import pytest

from drivers.contract import DeviceName
from kiosk.words.words import LANGUAGES, load
from tests.unit.vocabulary import made

OTHER = (
    "other"  # said if a code ever came without words: a screen stays, and these tests keep it from happening
)


def words_of(section: str, lang: str) -> set[str]:
    """The keys of one table of a language."""
    start = f"{section}."
    return {key.removeprefix(start) for key in load(lang).texts if key.startswith(start)}


def test_every_place_that_makes_an_ailment_can_be_read() -> None:
    """Else its code could be without words: write it as text or a constant, or name the place in made.py."""
    assert made.written_ailments()[1] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_device_has_a_name(lang: str) -> None:
    can_be_named = {ailment.device for ailment in made.ailments()} | set(map(str, DeviceName))
    assert can_be_named - words_of("device", lang) == set(), f"add to [device] in kiosk/words/{lang}.toml"
    assert words_of("device", lang) - can_be_named == set(), f"nothing is called so: {lang}.toml, [device]"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_ailment_has_a_reason_in_words(lang: str) -> None:
    made_today = {ailment.reason for ailment in made.ailments()}
    assert made_today - words_of("reason", lang) == set(), f"add to [reason] in kiosk/words/{lang}.toml"
    assert words_of("reason", lang) - made_today == {OTHER}, f"nothing ails so: {lang}.toml, [reason]"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whatever_is_not_sold_has_a_reason_in_words(lang: str) -> None:
    made_today = made.type_reasons()
    assert made_today - words_of("why", lang) == set(), f"add to [why] in kiosk/words/{lang}.toml"
    assert words_of("why", lang) - made_today == {OTHER}, f"nothing is withheld so: {lang}.toml, [why]"

"""What the demo at a display tells whoever sits at it."""

from kiosk.desk.demo import WITHOUT_SERVICE, about_cards


def test_with_a_card_service_it_says_where_cards_and_pins_are() -> None:
    assert "drawer" in " ".join(about_cards(""))


def test_without_one_it_says_what_is_other_than_in_the_field_and_why() -> None:
    told = " ".join(about_cards("pcscd is not installed (apt-get install pcscd)"))
    assert WITHOUT_SERVICE in told
    assert "apt-get install pcscd" in told
    assert "drawer" in told

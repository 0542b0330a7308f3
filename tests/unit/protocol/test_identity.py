"""What the card signs changes with everything that it is about."""

import msgspec
import pytest

from kiosk.protocol.identity import NONCE_BYTES, AskedLine, lines_hash, statement

LINES = (
    AskedLine(1, "resident-household", {}, {"past_addresses": "none", "reason": "yes"}),
    AskedLine(2, "land", {"dong": "1156011000", "mountain": "0", "main": "60", "sub": "0"}, {}),
)
NONCE = bytes(range(NONCE_BYTES))
SAID = statement(NONCE, LINES, b"k" * 32, "YDP-0063", "O1")


def test_the_same_request_gives_the_same_statement_in_any_order_of_its_parts() -> None:
    turned = tuple(
        msgspec.structs.replace(line, options=dict(reversed(line.options.items())))
        for line in reversed(LINES)
    )
    assert statement(NONCE, turned, b"k" * 32, "YDP-0063", "O1") == SAID


@pytest.mark.parametrize(
    "other",
    [
        statement(NONCE[::-1], LINES, b"k" * 32, "YDP-0063", "O1"),
        statement(NONCE, LINES[:1], b"k" * 32, "YDP-0063", "O1"),
        statement(NONCE, LINES, b"l" * 32, "YDP-0063", "O1"),
        statement(NONCE, LINES, b"k" * 32, "YDP-0064", "O1"),
        statement(NONCE, LINES, b"k" * 32, "YDP-0063", "O2"),
    ],
    ids=["nonce", "lines", "worker's key", "machine", "order"],
)
def test_another_nonce_request_worker_machine_or_order_is_another_statement(other: bytes) -> None:
    assert other != SAID


@pytest.mark.parametrize(
    "change",
    [{"line": 3}, {"type_code": "resident-abstract"}, {"subject": {"a": "b"}}, {"options": {"reason": "no"}}],
    ids=["line", "type", "subject", "options"],
)
def test_every_part_of_a_line_counts(change: dict[str, object]) -> None:
    assert lines_hash((msgspec.structs.replace(LINES[0], **change), LINES[1])) != lines_hash(LINES)


def test_a_short_nonce_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        statement(b"short", LINES, b"k" * 32, "YDP-0063", "O1")

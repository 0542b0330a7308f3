"""Base45 (RFC 9285): bytes in the alphanumeric alphabet of QR codes, three characters for two bytes."""

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}


def encode(data: bytes) -> str:
    """Upper-case text of the alphabet above."""
    out: list[str] = []
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        rest, low = divmod(int.from_bytes(pair, "big"), 45)
        high, middle = divmod(rest, 45)
        out += _ALPHABET[low] + _ALPHABET[middle] + (_ALPHABET[high] if len(pair) == 2 else "")
    return "".join(out)


def decode(text: str) -> bytes:
    """The bytes that `encode` made this text of. Raises ValueError for any other text."""
    try:
        values = [_VALUES[character] for character in text]
    except KeyError as error:
        raise ValueError("a character that is not of the Base45 alphabet") from error
    out = bytearray()
    for at in range(0, len(values), 3):
        group = values[at : at + 3]
        if len(group) == 1:
            raise ValueError("Base45 text ends in the middle")
        number = sum(value * 45**place for place, value in enumerate(group))
        size = len(group) - 1
        if number >= 256**size:
            raise ValueError("a Base45 group past its range")
        out += number.to_bytes(size, "big")
    return bytes(out)

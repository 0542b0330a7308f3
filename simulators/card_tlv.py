"""BER-TLV as smart cards use it (ISO/IEC 7816-4 §5.2.2; ISO/IEC 8825-1): tags as whole numbers, definite lengths."""


class BadTlv(ValueError):
    """The bytes are no whole sequence of data objects."""


def tlv(tag: int, *values: bytes) -> bytes:
    """One data object: `tag` (0x5C, 0x5FC102, …) around `values`, which follow each other."""
    value = b"".join(values)
    size = len(value)
    if size < 0x80:
        length = bytes((size,))
    else:
        digits = _digits(size)
        length = bytes((0x80 | len(digits),)) + digits
    return _digits(tag) + length + value


def read_tlv(data: bytes) -> list[tuple[int, bytes]]:
    """The data objects that follow each other in `data`, as (tag, value). Raises BadTlv."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(data):
        tag, at = _read_tag(data, at)
        size, at = _read_length(data, at)
        if at + size > len(data):
            raise BadTlv(f"{tag:X} is cut short")
        found.append((tag, data[at : at + size]))
        at += size
    return found


def _digits(number: int) -> bytes:
    return number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")


def _read_tag(data: bytes, at: int) -> tuple[int, int]:
    end = at + 1
    if data[at] & 0x1F == 0x1F:  # the tag goes on while bit 8 of its bytes is set
        while end < len(data) and data[end] & 0x80:
            end += 1
        end += 1
    if end > len(data):
        raise BadTlv("a tag is cut short")
    return int.from_bytes(data[at:end], "big"), end


def _read_length(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise BadTlv("a length is missing")
    first = data[at]
    if first < 0x80:
        return first, at + 1
    end = at + 1 + (first & 0x7F)
    if first == 0x80 or end > len(data):
        raise BadTlv("a length is cut short or indefinite")
    return int.from_bytes(data[at + 1 : end], "big"), end

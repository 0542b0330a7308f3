"""One way to write a value as bytes, so that two sides can hash the same thing."""

import hashlib

import msgspec

_encoder = msgspec.json.Encoder(order="sorted")


def canonical_json(value: object) -> bytes:
    """UTF-8 JSON without white space, keys sorted. The value is made of dict, list, str, int, bool, None only."""
    return _encoder.encode(value)


def content_hash(data: object) -> str:
    """SHA-256 of the canonical JSON, 64 hex digits. What a draft, a document and its seal are compared by."""
    return hashlib.sha256(canonical_json(data)).hexdigest()

"""The number of a transaction as it is said on the telephone: six characters, made of the order's own long id.

The long id stays the key of every book. The short one is not kept anywhere: whoever has the orders makes it of each and
compares. At 400 orders a day two of one machine have the same number about once in 300 days; then both are found, and
the time on the paper or the sum tells them apart.
"""

from hashlib import sha256

# No two of these look or sound alike, in Korean (2 and E are both "i") or in English, on paper or over a bad line.
ALPHABET = "23456789FHKMRTWXY"
SIZE = 6
# Of the order's id, on the paper of money that is owed (kiosk.ledger).
CLAIM_SIZE = 8


def spoken(order: str) -> str:
    """Two times three characters: K7M-2WX."""
    rest, letters = int.from_bytes(sha256(order.encode()).digest()[:8]), []
    for _ in range(SIZE):
        rest, at = divmod(rest, len(ALPHABET))
        letters.append(ALPHABET[at])
    return f"{''.join(letters[:3])}-{''.join(letters[3:])}"


def same(order: str, heard: str) -> bool:
    """Whether somebody who said `heard` may mean this order: however it was typed; its long id, and the end of that
    which a claim is found by, do as well.
    """
    plain = "".join(letter for letter in heard.upper() if letter.isalnum())
    known = order.upper()
    return bool(plain) and plain in (spoken(order).replace("-", ""), known, known[-CLAIM_SIZE:])

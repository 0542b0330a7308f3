"""Korean particles follow the sound before them: 토지대장을, 임야도를. One pure function."""

_FIRST, _LAST, _FINALS = 0xAC00, 0xD7A3, 28
_RIEUL = 8
# How a digit or a letter ends when it is read aloud in Korean: 1 일, 3 삼 …; L 엘, M 엠, N 엔, R 알.
_CLOSED = frozenset("013678LMNRlmnr")
_CLOSED_BY_RIEUL = frozenset("178LRlr")


def particle(word: str, pair: str) -> str:
    """The half of `pair` ("을/를": after a consonant, after a vowel) that follows `word`. 으로/로 is 로 after ㄹ."""
    closed, _, open_ = pair.partition("/")
    sounds = [character for character in word if character.isalnum()]
    if not sounds:
        return open_
    last = sounds[-1]
    if _FIRST <= ord(last) <= _LAST:
        final = (ord(last) - _FIRST) % _FINALS
        return open_ if final == 0 or (final == _RIEUL and closed == "으로") else closed
    if last in _CLOSED:
        return open_ if closed == "으로" and last in _CLOSED_BY_RIEUL else closed
    return open_

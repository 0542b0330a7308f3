"""Finding a Korean name by its initial consonants (초성): ㅌㅈ finds 토지대장."""

_FIRST_SYLLABLE = 0xAC00
_LAST_SYLLABLE = 0xD7A3
_SYLLABLES_PER_INITIAL = 588

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
# Doubled consonants share the plain one's key.
_PLAIN = str.maketrans("ㄲㄸㅃㅆㅉ", "ㄱㄷㅂㅅㅈ")


def initials(text: str) -> str:
    """Each Hangul syllable as its plain initial consonant; letters in lower case; everything else as it is."""
    return "".join(_initial(character) for character in text)


def _initial(character: str) -> str:
    code = ord(character)
    if _FIRST_SYLLABLE <= code <= _LAST_SYLLABLE:
        return INITIALS[(code - _FIRST_SYLLABLE) // _SYLLABLES_PER_INITIAL].translate(_PLAIN)
    return character.translate(_PLAIN).lower()


def matches(name: str, typed: str) -> bool:
    """Whether a word of the name, or the name without spaces, begins with what was typed. Nothing typed: yes."""
    typed = typed.replace(" ", "")
    if not typed:
        return True
    starts = [*name.split(), name.replace(" ", "")]
    return any(_begins(word, typed) for word in starts)


def _begins(word: str, typed: str) -> bool:
    if len(word) < len(typed):
        return False
    return all(
        wanted.lower() == found.lower() or initials(found) == wanted.translate(_PLAIN).lower()
        for wanted, found in zip(typed, word, strict=False)
    )

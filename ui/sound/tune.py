"""The chimes as WAV: two soft tones each, calculated here. All of them below 1 kHz, which old ears still hear well."""

import io
import math
import wave
from array import array
from collections.abc import Iterator

from kiosk.protocol.screen import Chime

RATE_HZ = 16_000
TONE_S = 0.42
_ATTACK_S = 0.008
_FADE_S = 0.14
_OVERTONE = 0.25
_PEAK = 32_000
_D5, _E5, _G5, _B5 = 587.3, 659.3, 784.0, 987.8
# Down for the card, up for paper, up twice when it is urgent; the same tone twice, as coins fall.
TONES: dict[Chime, tuple[float, ...]] = {
    Chime.CARD: (_G5, _D5),
    Chime.PAPER: (_D5, _G5),
    Chime.PAPER_LATE: (_G5, _B5, _G5, _B5),
    Chime.CHANGE: (_E5, _E5),
}


def wav(chime: Chime, loudness: int) -> bytes:
    """A chime as a WAV file: mono, 16 bits. `loudness` is 0 to 100. Raises KeyError for NONE, which has no sound."""
    samples = array("h", (sample for tone in TONES[chime] for sample in _tone(tone, _peak(loudness))))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(samples.itemsize)
        out.setframerate(RATE_HZ)
        out.writeframes(samples.tobytes())
    return file.getvalue()


def _peak(loudness: int) -> float:
    """The ear hears ratios: half the number is a quarter of the height (12 dB less)."""
    return _PEAK * (loudness / 100) ** 2


def _tone(hertz: float, peak: float) -> Iterator[int]:
    """A struck bell: quickly there, fading out, a little of its octave in it; ends at silence, without a click."""
    count = round(TONE_S * RATE_HZ)
    for at in range(count):
        seconds = at / RATE_HZ
        turn = 2 * math.pi * hertz * seconds
        strike = min(1.0, seconds / _ATTACK_S) * min(1.0, (TONE_S - seconds) / _ATTACK_S)
        height = strike * math.exp(-seconds / _FADE_S) / (1 + _OVERTONE)
        yield round(peak * height * (math.sin(turn) + _OVERTONE * math.sin(2 * turn)))

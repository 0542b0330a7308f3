"""What a bad cable does to bytes: some are lost, some change, some appear from nowhere."""

import random


class LineFaults:
    """Damage at given rates (0..1 a byte), from a seeded source so that a run can be repeated."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self.drop = 0.0
        self.flip = 0.0
        self.noise = 0.0

    def set(self, fault: str, rate: float) -> None:
        """Set one kind of damage; ValueError for a kind that there is not."""
        if fault not in {"drop", "flip", "noise"}:
            raise ValueError(f"no line fault {fault!r}")
        setattr(self, fault, rate)

    @property
    def armed(self) -> tuple[str, ...]:
        """The kinds of damage that are set."""
        rates = {"drop": self.drop, "flip": self.flip, "noise": self.noise}
        return tuple(kind for kind, rate in rates.items() if rate > 0)

    def clear(self) -> None:
        """A good cable again."""
        self.drop = self.flip = self.noise = 0.0

    def damage(self, data: bytes) -> bytes:
        """What arrives of `data`."""
        if not (self.drop or self.flip or self.noise):
            return data
        arrived = bytearray()
        for byte in data:
            if self._random.random() < self.noise:
                arrived.append(self._random.randrange(256))
            if self._random.random() < self.drop:
                continue
            flipped = self._random.random() < self.flip
            arrived.append(byte ^ (1 << self._random.randrange(8)) if flipped else byte)
        return bytes(arrived)

"""Many images of one recording, and the sum of what was found in them."""

import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from tests.crash.blocks.images import Image, cuts
from tests.crash.blocks.log import Recording
from tests.crash.blocks.mounts import MountError
from tests.crash.blocks.recording import record
from tests.crash.blocks.trial import Found, Verdict, trial

_SHOWN = 10


class Sum(Struct):
    """What was found, how often, how fast, and the first stories of what is wrong."""

    recording: Recording
    found: Counter[Found]
    stories: list[str]
    repaired: int = 0
    seconds: float = 0.0

    @property
    def line(self) -> str:
        """All of it in one line."""
        images = self.found.total()
        return (
            f"images={images} commits={self.recording.commits} flushes={self.recording.flushes} "
            f"repaired={self.repaired} lost={self.found[Found.LOST]} damaged={self.found[Found.DAMAGED]} "
            f"{images / self.seconds:.1f} images/s"
        )


def campaign(images: int, seed: int, orders: int, synchronous: str = "FULL") -> Sum:
    """Sell on the disk that notes all, then boot from so many images of it. Raises MountError."""
    total = Sum(record(orders, synchronous), Counter(), [])
    began = time.monotonic()
    with TemporaryDirectory(prefix="changgu-blocks-") as folder:
        for image in cuts(total.recording, images, seed):
            _count(total, image, Path(folder))
    total.seconds = time.monotonic() - began
    return total


def _count(total: Sum, image: Image, folder: Path) -> None:
    try:
        verdict = trial(image, folder)
    except MountError as error:  # not even after a repair
        verdict = Verdict(Found.DAMAGED, str(error))
    total.found[verdict.found] += 1
    total.repaired += verdict.repaired
    if verdict.found is not Found.ALL and len(total.stories) < _SHOWN:
        total.stories.append(f"cut at {image.at}, left {image.left}: {verdict.found}: {verdict.why}")

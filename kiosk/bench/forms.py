"""What each form costs: to set its sample, the whole chain with seal, void ground and read-back, and its size."""

import statistics
import time
from collections.abc import Callable
from functools import partial

import msgspec

from kiosk.bench.bar import Bar
from kiosk.worker.read_back import expected_of, read_back, sheets_of
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.templates import Template, load_templates
from kiosk.worker.typesetter import sample_job

ROUNDS = 3
WARM_MS, CHAIN_MS, SIZE_KB = 60.0, 450.0, 400.0


class _Form:
    """One form with its sample, as a draft and as it is issued."""

    def __init__(self, template: Template, renderer: Renderer) -> None:
        job = sample_job(template)
        self.draft = RenderJob(template.id, job.data)
        pages = sheets_of(renderer.render(self.draft))
        assert job.payload is not None
        self.payload = msgspec.structs.replace(job.payload, pages=pages)
        self.job = msgspec.structs.replace(job, payload=self.payload)
        self.expected = expected_of(template, job.data, self.payload, job.seal)

    def issue(self, renderer: Renderer) -> None:
        """The whole chain: set under its seal and void ground, and read back."""
        read_back(renderer.render(self.job), self.expected)


def measure() -> list[Bar]:
    """Medians over all forms; the size is the largest one's."""
    templates = load_templates()
    renderer = Renderer(templates)
    forms = [_Form(template, renderer) for template in templates.values()]
    warm = [_ms(partial(renderer.render, form.draft)) for form in forms]
    chain = [_ms(partial(form.issue, renderer)) for form in forms]
    sizes = [len(renderer.render(form.job)) / 1000 for form in forms]
    several = f"{len(forms)} forms, worst "
    return [
        Bar("a form set, warm, median", statistics.median(warm), WARM_MS, "ms", f"{several}{max(warm):.0f}"),
        Bar(
            "with seal, void ground and read-back, median",
            statistics.median(chain),
            CHAIN_MS,
            "ms",
            f"{several}{max(chain):.0f}",
        ),
        Bar(
            "the largest form's document", max(sizes), SIZE_KB, "kB", f"median {statistics.median(sizes):.0f}"
        ),
    ]


def _ms(work: Callable[[], object]) -> float:
    """The fastest of several rounds: what the machine can do when nobody else wants it."""
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return min(spent)

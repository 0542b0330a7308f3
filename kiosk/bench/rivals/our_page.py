"""Our turn: RenderJob as JSON on stdin, the PDF on stdout; the argument is the folder of the forms.

The machine's own typesetter, confined as on a machine, with the others' fonts and, as they, without the void ground.
"""

import os
import sys
from pathlib import Path

import msgspec

from kiosk.worker.faces import Faces
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.sandbox import confine
from kiosk.worker.templates import load_templates

FACES = Faces(Path("/usr/share/fonts/truetype/nanum"), ("NanumGothic", "NanumMyeongjo"), "fonts-nanum")


def main(root: Path) -> bytes:
    """The PDF."""
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=RenderJob)
    templates = load_templates(root, job.template.partition("/")[0])
    return Renderer(templates, root, faces=FACES).page_alone(job)


if __name__ == "__main__":
    confine(os.getppid())
    sys.stdout.buffer.write(main(Path(sys.argv[1])))

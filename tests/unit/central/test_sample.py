"""The register speaks the form's language: lot 60 is the form's sample, word for word."""

import json
from pathlib import Path

from central.authority.types import load_types
from central.registers.land import certificate_data
from central.registers.lots import ONE_SHEET, well_known
from central.registers.town import SEED

SAMPLE = Path(__file__).parents[3] / "certs_templates" / "land" / "sample.json"


def test_the_first_well_known_lot_is_the_forms_sample() -> None:
    sample = json.loads(SAMPLE.read_text("utf-8"))
    parcel = next(parcel for parcel in well_known(SEED) if parcel.lot == ONE_SHEET)
    kind = load_types()["land"]
    assert kind.source is not None
    data = certificate_data(parcel, kind.file, kind.source, {"history": "all", "prices": "recent"}, 2026)
    assert data == sample

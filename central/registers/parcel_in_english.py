"""What the land register has in English of a parcel, for a paper of what stands on it."""

from central.registers.categories import IN_ENGLISH
from central.registers.parcel import Parcel, parcel_items
from central.registers.roman import location_in_english, lot_in_english


def parcel_in_english(parcel: Parcel) -> dict[str, str]:
    """By the names of parcel_items; "" where there is no word for it."""
    items = parcel_items(parcel)
    return {
        "location": location_in_english(items["location"]),
        "lot": lot_in_english(items["lot"]),
        "category": IN_ENGLISH.get(items["category"], ""),
    }

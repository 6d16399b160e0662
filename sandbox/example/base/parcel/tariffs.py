"""What the carrier charges: for each zone, (up to this many kg, cents), ascending."""

TARIFFS: dict[str, list[tuple[float, int]]] = {
    "A": [(2, 499), (5, 699), (10, 999), (30, 1699)],
    "B": [(2, 999), (5, 1499), (10, 2199), (30, 3899)],
    "C": [(2, 1599), (5, 2799), (10, 4290)],
}

ZONES = {"DE": "A", "AT": "A", "FR": "B", "NL": "B", "PL": "B", "US": "C", "JP": "C"}


def zone_of(country: str) -> str:
    """The zone of a two-letter country code; unknown countries are the farthest zone."""
    return ZONES.get(country.upper(), "C")

"""A bundle's search settings in a line, for `info` and `export`."""

from __future__ import annotations

from glissando.decoding.settings import BeamSettings


def told(beam: BeamSettings) -> str:
    """What was tuned, in words."""
    literal = (
        f"literal prior {beam.literal_prior:g} and {beam.literal_letter:g} a letter"
        if beam.literal
        else "no literal readings"
    )
    return (
        f"beam {beam.width}, threshold {beam.threshold:g}, prior weight {beam.prior_weight:g}, "
        f"internal weight {beam.internal_weight:g}, temperature {beam.temperature:.2f}, {literal}"
    )

"""The feature vector's names, units, bounds and width, derived and never typed by hand."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from glissando.fields import from_json

KINEMATIC = ("x", "y", "log_dt", "vx", "vy", "ax", "ay", "heading_sin", "heading_cos")
NEAR_NO_KEY = "near_no_key"


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """How points become features; travels with every exported model.

    Lengths are in key units: x in key widths, y in row heights, both from the middle of the
    letter area, so that equal finger movements are equal numbers whatever the screen.

    Attributes:
        letters: Letters that own a key channel, in channel order.
        points: Points that every swipe is resampled to, evenly in time (the last dwell stays).
        sigma: Width of the soft key proximity exp(-d²/2σ²), in key units.
        time_unit: Milliseconds; velocity is in keys per time unit, acceleration per its square.
        reference_dt: Milliseconds; the time step whose logarithm is 0.
        min_dt: Milliseconds; shorter time steps count as this one.
        max_position: Bound of |x| and |y| in key units from the middle.
        max_velocity: Bound of each velocity component, keys per time unit.
        max_acceleration: Bound of each acceleration component, keys per time unit squared.
        max_log_dt: Bound of |log_dt|.
        min_speed: Keys per time unit; slower than this the heading fades to zero.
    """

    letters: str
    points: int = 64
    sigma: float = 0.6
    time_unit: float = 100.0
    reference_dt: float = 1000.0 / 60.0
    min_dt: float = 0.5
    max_position: float = 8.0
    max_velocity: float = 10.0
    max_acceleration: float = 10.0
    max_log_dt: float = 5.0
    min_speed: float = 0.05

    @property
    def names(self) -> tuple[str, ...]:
        """Channel names in order: kinematic, one per letter, near no key."""
        return (*KINEMATIC, *(f"key_{letter}" for letter in self.letters), NEAR_NO_KEY)

    @property
    def width(self) -> int:
        """Features per point, F."""
        return len(self.names)

    def to_json(self) -> dict[str, Any]:
        """The spec as a JSON object, with the derived names for readers in other languages."""
        return {**asdict(self), "names": list(self.names)}

    @classmethod
    def from_json(cls, data: Any) -> FeatureSpec:
        """The inverse of `to_json`.

        Raises:
            ValueError: a field is unknown, missing or of the wrong type, or the names that the
                writer derived are not those derived here (another version of the features).
        """
        if not isinstance(data, dict):
            raise ValueError(f"expected a JSON object, found {type(data).__name__}")
        given = dict(data)
        names = given.pop("names", None)
        spec = from_json(cls, given)
        if names != list(spec.names):
            raise ValueError("names: not the channels that this version derives from the spec")
        if spec.points < 2:
            raise ValueError(f"points: expected at least 2, found {spec.points}")
        return spec

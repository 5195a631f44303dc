"""What a model sees of a swipe: names, units and widths; the graph itself is in `model`."""

from glissando.features.spec import FeatureSpec

__all__ = ["FeatureSpec"]

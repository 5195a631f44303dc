"""What a model sees of a swipe: names, units and widths (`FeatureSpec`); the graph is in `model`."""

from glissando.features.spec import FeatureSpec

__all__ = ["FeatureSpec"]

"""Humanlike synthetic swipes for any word list and keyboard; never evidence of accuracy."""

from glissando.synthesis.batch import SwipeBatch
from glissando.synthesis.generator import synthesize
from glissando.synthesis.parameters import HumanParameters, SynthesisError, load_parameters

__all__ = ["HumanParameters", "SwipeBatch", "SynthesisError", "load_parameters", "synthesize"]

"""Decoders that are not ours to compare with, behind the same protocol."""

from glissando.baselines.shark2 import Shark2, Shark2Parameters

__all__ = ["Shark2", "Shark2Parameters"]

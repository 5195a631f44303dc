"""Decodes swipes with an exported bundle: numpy and onnxruntime, nothing heavier."""

from glissando.runtime.decoder import GestureDecoder

__all__ = ["GestureDecoder"]

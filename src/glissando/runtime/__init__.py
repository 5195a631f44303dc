"""Decodes swipes with an exported bundle: numpy and onnxruntime, nothing heavier."""

from glissando.runtime.decoder import GestureDecoder
from glissando.runtime.live import LiveGesture

__all__ = ["GestureDecoder", "LiveGesture"]

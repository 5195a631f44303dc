"""Stores a graph's weights in fewer bits: half precision, or eight-bit integers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

PRECISIONS = ("fp32", "fp16", "int8")
_KEPT = "features.onnx"  # geometry needs its float32
_SMALLEST = 256  # numbers; below it a cast costs more bytes than it saves


def convert(graphs: Mapping[str, bytes], precision: str) -> dict[str, bytes]:
    """Float32 graphs in another precision; the features stay as they are.

    fp16 halves the weights on disk and computes in float32 as before; int8 quantises the weights of
    matrix products and LSTMs, whose inputs are quantised as they come.

    Raises:
        ValueError: no such precision.
    """
    if precision not in PRECISIONS:
        raise ValueError(f"precision: expected one of {', '.join(PRECISIONS)}, found {precision!r}")
    change = {"fp32": lambda data: data, "fp16": _half, "int8": _eight_bits}[precision]
    return {name: data if name == _KEPT else change(data) for name, data in graphs.items()}


def _half(data: bytes) -> bytes:
    from onnx import TensorProto, helper, load_model_from_string, numpy_helper

    model = load_model_from_string(data)
    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < _SMALLEST:
            continue
        if np.abs(values).max() > np.finfo(np.float16).max:
            raise ValueError(f"{tensor.name}: a weight is too large for half precision")
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
        casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    whole: bytes = model.SerializeToString()
    return whole


def _eight_bits(data: bytes) -> bytes:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with TemporaryDirectory() as folder:
        wide, narrow = Path(folder) / "wide.onnx", Path(folder) / "narrow.onnx"
        wide.write_bytes(data)
        options: dict[str, Any] = {"weight_type": QuantType.QInt8, "per_channel": True}
        quantize_dynamic(str(wide), str(narrow), **options)
        return narrow.read_bytes()

"""Looks through an ONNX graph before onnxruntime sees it, and refuses what no export writes.

Refused are other files, data outside the file, operators that our exports never need (control flow
and custom ones among them), tensors that claim other sizes than they bring, constants that ask for
huge outputs, and graphs that take or give anything but what the runtime feeds and reads.

What cannot be seen without running a graph is how large a tensor becomes whose shape is computed
from others, and how long that takes. `runtime/scorers.py` bounds the memory; nothing bounds the
time but the file's size, the number of nodes and that memory.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from glissando.bundle.description import BundleError
from glissando.bundle.wire import Message, WireError

_MOST_NUMBERS = 1 << 24  # elements that a constant may ask for; no real tensor has a tenth of it
_MOST_NODES = 20_000  # the largest model that we know has 2,000
_MOST_ATTRIBUTE = 1 << 16  # strides, paddings, widths, axes, types

# What our exports use in any architecture and precision, and room for other activations, norms and
# reductions. All of them are plain arithmetic on tensors.
_STANDARD = """
Abs Add And Cast Ceil Celu Clip Concat Constant ConstantOfShape Conv ConvInteger CumSum
DequantizeLinear Div Dropout DynamicQuantizeLinear Elu Equal Erf Exp Expand Flatten Floor GRU Gather
GatherElements GatherND Gelu Gemm Greater GreaterOrEqual HardSigmoid HardSwish Identity
InstanceNormalization IsInf IsNaN LSTM LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax
MatMul MatMulInteger Max Mean Min Mish Mod Mul Neg Not Or PRelu Pad Pow QLinearConv QLinearMatMul
QuantizeLinear Range Reciprocal ReduceL2 ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum Relu
Reshape Round ScatterElements Selu Shape Sigmoid Sign Slice Softmax Softplus Softsign Split Sqrt
Squeeze Sub Sum Tanh Tile Transpose Unsqueeze Where Xor
"""
_MICROSOFT = """
BiasGelu DynamicQuantizeLSTM DynamicQuantizeMatMul FastGelu Gelu MatMulIntegerToFloat QuickGelu
"""
_OPERATORS = {
    "": frozenset(_STANDARD.split()),
    "ai.onnx": frozenset(_STANDARD.split()),
    "com.microsoft": frozenset(_MICROSOFT.split()),
}
# Operators whose output grows with the numbers of some input, and which inputs these are.
_SIZING = {"ConstantOfShape": (0,), "Expand": (1,), "Tile": (1,), "Pad": (1,), "Range": (0, 1, 2)}

_FLOAT, _INT64 = 1, 7
# Bytes of one element by type; and the field, and bytes in it, of elements that are not raw.
_ELEMENT_BYTES = {_FLOAT: 4, 2: 1, 3: 1, 6: 4, _INT64: 8, 9: 1, 10: 2, 11: 8}
_TYPED_FIELD = {_FLOAT: (4, 4), _INT64: (7, 0), 11: (10, 8)}
_NARROW_INTEGERS = (5, 0)


@dataclass(frozen=True, slots=True)
class _Interface:
    """Inputs and outputs in order: name → element type and number of axes."""

    inputs: Mapping[str, tuple[int, int]]
    outputs: Mapping[str, tuple[int, int]]


_INTERFACES = {
    "features.onnx": _Interface(
        {
            "points": (_FLOAT, 3),
            "lengths": (_INT64, 1),
            "centres": (_FLOAT, 2),
            "key_size": (_FLOAT, 1),
        },
        {"features": (_FLOAT, 3)},
    ),
    "encoder.onnx": _Interface({"features": (_FLOAT, 3)}, {"frames": (_FLOAT, 3)}),
    "decoder.onnx": _Interface(
        {"labels": (_INT64, 1), "states": (_FLOAT, 2)},
        {"outputs": (_FLOAT, 2), "next_states": (_FLOAT, 2)},
    ),
    "joiner.onnx": _Interface(
        {"frames": (_FLOAT, 2), "outputs": (_FLOAT, 2)}, {"log_probs": (_FLOAT, 3)}
    ),
}


def check_graph(data: bytes, name: str) -> None:
    """Check one graph of a bundle.

    Args:
        data: The file's content.
        name: Its name in a bundle, which decides its inputs and outputs.

    Raises:
        BundleError: the graph is none or must not be run; the message names the file.
    """
    try:
        _check_model(Message(data), _INTERFACES[name])
    except WireError as error:
        raise BundleError(f"{name}: not an ONNX file: {error}") from error
    except _RefusedError as error:
        raise BundleError(f"{name}: {error}") from error


class _RefusedError(ValueError):
    """What is wrong with a graph that could be read."""


def _check_model(model: Message, interface: _Interface) -> None:
    if 7 not in model:
        raise WireError("it holds no graph")
    for number, what in ((20, "training steps"), (25, "functions of its own")):
        if number in model:
            raise _RefusedError(f"holds {what}")
    graph = model.message(7)
    if 15 in graph:
        raise _RefusedError("holds sparse tensors")
    constants: dict[str, list[int]] = {}
    for tensor in graph.messages(5):
        constants[tensor.text(8)] = _check_tensor(tensor)
    nodes = [*graph.messages(1)]
    if len(nodes) > _MOST_NODES:
        raise _RefusedError(f"{len(nodes)} nodes, expected at most {_MOST_NODES}")
    for node in nodes:
        constants.update(_check_node(node))
    for node in nodes:
        _check_sizes(node, constants)
    _check_values("inputs", [*graph.messages(11)], interface.inputs)
    _check_values("outputs", [*graph.messages(12)], interface.outputs)


def _check_node(node: Message) -> dict[str, list[int]]:
    """Check a node's kind and attributes; returns the constant that it stands for, if any."""
    operator, domain = node.text(4), node.text(7)
    if operator not in _OPERATORS.get(domain, ()):
        shown = f"{domain}:{operator}" if domain else operator
        raise _RefusedError(f"operator {shown!r} is not one that exported models use")
    constants: dict[str, list[int]] = {}
    for attribute in node.messages(5):
        label = f"{operator}.{attribute.text(1)}"
        if any(number in attribute for number in (6, 10, 11, 14, 15, 22, 23)):
            raise _RefusedError(f"{label!r} holds a graph, a type or a list of tensors")
        integers = [attribute.integer(3), *attribute.integers(8)]
        if operator != "Constant" and max(map(abs, integers)) > _MOST_ATTRIBUTE:
            raise _RefusedError(f"{label!r} is beyond {_MOST_ATTRIBUTE}")
        if 5 in attribute:
            integers = _check_tensor(attribute.message(5))
        if operator == "Constant":
            constants = dict.fromkeys(node.texts(2), integers)
    return constants


def _check_tensor(tensor: Message) -> list[int]:
    """Check a tensor's type and size; returns its numbers where they are few integers."""
    what = f"tensor {tensor.text(8)!r}"
    if 13 in tensor or tensor.integer(14):
        raise _RefusedError(f"{what} lies outside the file")
    kind, dims = tensor.integer(2), tensor.integers(1)
    if kind not in _ELEMENT_BYTES:
        raise _RefusedError(f"{what} has element type {kind}, expected plain numbers")
    if len(dims) > 8 or any(not 0 <= size <= 1 << 31 for size in dims):
        raise _RefusedError(f"{what} has the shape {dims[:8]}")
    claimed = math.prod(dims)
    raw = tensor.content(9)
    if raw:
        size = _ELEMENT_BYTES[kind]
        found = len(raw) // size if len(raw) % size == 0 else -1
    else:
        found = tensor.stored(*_TYPED_FIELD.get(kind, _NARROW_INTEGERS))
    if found != claimed:
        raise _RefusedError(f"{what} claims {claimed} numbers, but has other than these")
    if kind != _INT64 or claimed > 64:
        return []
    if raw:
        return [
            int.from_bytes(raw[at : at + 8], "little", signed=True) for at in range(0, len(raw), 8)
        ]
    return tensor.integers(_TYPED_FIELD[_INT64][0])


def _check_sizes(node: Message, constants: Mapping[str, list[int]]) -> None:
    operator, inputs = node.text(4), node.texts(1)
    for place in _SIZING.get(operator, ()):
        numbers = constants.get(inputs[place], []) if place < len(inputs) else []
        if math.prod(max(abs(number), 1) for number in numbers) > _MOST_NUMBERS:
            raise _RefusedError(f"{operator} asks for {numbers}, more than {_MOST_NUMBERS} numbers")


def _check_values(what: str, values: list[Message], wanted: Mapping[str, tuple[int, int]]) -> None:
    found = [value.text(1) for value in values]
    if found != [*wanted]:
        expected = ", ".join(wanted)
        raise _RefusedError(f"{what}: expected {expected}, found {', '.join(map(repr, found))}")
    for name, value in zip(found, values, strict=True):
        tensor = value.message(2).message(1)
        kind, axes = tensor.integer(1), len([*tensor.message(2).messages(1)])
        if (kind, axes) != wanted[name]:
            raise _RefusedError(
                f"{what}: {name}: expected element type and axes {wanted[name]}, "
                f"found {(kind, axes)}"
            )

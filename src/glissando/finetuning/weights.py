"""From a bundle back to the NeMo model that it was exported from: the graphs hold all weights.

An exporter renames, transposes and reorders weights. Instead of knowing how, a model of the same
architecture is exported with a different number in every weight: where such a number comes out, the
bundle's graph has the weight that went in there. Nothing is unpickled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from glissando.alphabet import ENGLISH
from glissando.bundle import Bundle, BundleError
from glissando.export.graphs import export_graphs
from glissando.model.build import build_model
from glissando.model.description import ARCHITECTURE, architecture_from_json
from glissando.model.nemo_config import DatasetFacts, OptimiserFacts, nemo_config

# Weight number k is the float32 whose bits are _FIRST + k: about 1e-29, so that no constant of a
# graph is one of them, products of them are 0 and not infinite, and each is exact.
_FIRST = 0x1000_0000
_MOST = 0x0800_0000

# Nodes that hand a weight on as it is: half precision and shared weights are stored with them.
_ALIASES = ("Cast", "Identity")

Array = NDArray[Any]


def restore_from_bundle(bundle: Bundle) -> Any:
    """The model that a bundle was exported from, with its weights.

    Returns:
        An `EncDecRNNTModel` or `EncDecCTCModel` in evaluation mode.

    Raises:
        BundleError: the bundle does not say what its model was built as, its weights are
            integers, or its graphs are not what this version exports.
    """
    description = bundle.description
    if description.precision == "int8":
        raise BundleError(
            f"{description.name}: its weights are 8-bit integers, too coarse to train on; take "
            "the same model in fp16 or fp32"
        )
    model = _untrained(bundle)
    weights = {name: part for name, part in model.state_dict().items() if part.is_floating_point()}
    count = _number(weights.values())
    with TemporaryDirectory() as folder:
        numbered = export_graphs(model, description.features, Path(folder))
    values = np.full(count, np.nan, np.float32)
    for name, graph in numbered.items():
        for numbers, wanted in _pairs(graph, bundle.files[name], name):
            values[numbers] = wanted
    _fill(weights, values, description.name)
    return model.eval()


def _untrained(bundle: Bundle) -> Any:
    description = bundle.description
    facts = description.facts.get(ARCHITECTURE)
    if facts is None:
        raise BundleError(
            f"{description.name}: bundle.json does not say what the model was built as "
            f"(facts.{ARCHITECTURE}); export the run again"
        )
    try:
        architecture = architecture_from_json(facts)
        # A CTC head beside the transducer serves training alone: no graph has it.
        architecture = replace(architecture, loss=replace(architecture.loss, ctc_weight=0.0))
    except ValueError as error:
        raise BundleError(f"{description.name}: facts.{ARCHITECTURE}: {error}") from error
    none = DatasetFacts("", 1, 0)
    optimiser = OptimiserFacts(1e-3, (0.9, 0.98), 0.0, 0, 1, 0.0, fused=False)
    config = nemo_config(architecture, description.features, ENGLISH, none, none, optimiser)
    return build_model(config)


def _number(weights: Iterable[torch.Tensor]) -> int:
    """Write a number into every weight, in order; how many there are."""
    count = 0
    for weight in weights:
        bits = torch.arange(_FIRST + count, _FIRST + count + weight.numel(), dtype=torch.int32)
        weight.copy_(bits.view(torch.float32).reshape(weight.shape))
        count += weight.numel()
    if count > _MOST:
        raise BundleError(f"{count:,} weights, expected at most {_MOST:,}")
    return count


def _pairs(numbered: bytes, wanted: bytes, name: str) -> Iterator[tuple[Array, Array]]:
    """Numbers of weights, and the weights that stand there in the bundle's graph."""
    ours, theirs = _Graph(numbered), _Graph(wanted)
    if [node.op_type for node in ours.nodes] != [node.op_type for node in theirs.nodes]:
        raise BundleError(
            f"{name}: not the graph that this version exports for that architecture; export the "
            "run again"
        )
    for one, other in zip(ours.nodes, theirs.nodes, strict=True):
        for here, there in zip(one.input, other.input, strict=True):
            if here not in ours.weights:
                continue
            numbers = ours.weights[here].view(np.int32) - _FIRST
            if not ((numbers >= 0) & (numbers < _MOST)).all():
                continue  # a constant
            values = theirs.weights.get(there)
            if values is None or values.shape != numbers.shape:
                found = None if values is None else values.shape
                raise BundleError(f"{name}: {here}: expected {numbers.shape}, found {found}")
            yield numbers, values


class _Graph:
    """The nodes of a graph that compute, and its float32 constants by name."""

    def __init__(self, data: bytes) -> None:
        from onnx import load_model_from_string, numpy_helper

        graph = load_model_from_string(data).graph
        arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
        self.weights: dict[str, Array] = {
            name: np.ascontiguousarray(array, np.float32)
            for name, array in arrays.items()
            if array.dtype in (np.float16, np.float32)
        }
        self.nodes: list[Any] = []
        for node in graph.node:
            if node.op_type in _ALIASES and node.input[0] in self.weights:
                self.weights[node.output[0]] = self.weights[node.input[0]]
            else:
                self.nodes.append(node)


def _fill(weights: Mapping[str, torch.Tensor], values: Array, where: str) -> None:
    """Give every weight its value."""
    start = 0
    for name, weight in weights.items():
        part = values[start : start + weight.numel()]
        start += weight.numel()
        if np.isnan(part).any():
            raise BundleError(
                f"{where}: no graph has the weights {name} as they were (a batch_norm, if there "
                "is one, is folded into others); train on from the run instead, with init="
            )
        weight.copy_(torch.from_numpy(part).reshape(weight.shape))

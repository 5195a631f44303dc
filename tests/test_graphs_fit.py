from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from bundles import bounded, edited, with_files
from onnx import TensorProto, helper, numpy_helper

from glissando import GestureDecoder
from glissando.bundle import Bundle, BundleError
from glissando.bundle.graph_check import check_graph

FLOAT = TensorProto.FLOAT


def encoder(nodes: list[Any], *constants: Any) -> bytes:
    graph = helper.make_graph(
        nodes,
        "hostile",
        [helper.make_tensor_value_info("features", FLOAT, ["B", 37, 32])],
        [helper.make_tensor_value_info("frames", FLOAT, ["B", "T", "P"])],
        [numpy_helper.from_array(value, name) for name, value in constants],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def test_memory_that_only_a_run_shows_is_bounded(bundles: dict[str, Bundle]) -> None:
    tiles = [("features", "a"), ("a", "b"), ("b", "frames")]
    data = encoder(
        [helper.make_node("Tile", [before, "k"], [after]) for before, after in tiles],
        ("k", np.array([1, 8, 8], np.int64)),
    )
    check_graph(data, "encoder.onnx")  # each number is modest; all together ask for 2.5 GB
    with bounded(seconds=5, megabytes=1100), pytest.raises(BundleError, match="cannot be run"):
        GestureDecoder(with_files(bundles["rnnt"], {"encoder.onnx": data}))


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([("Log", "features", "frames")], "numbers that are not finite"),
        (
            [("Identity", "features", "frames")],
            r"expected 1 to 32 of at most \d+ numbers, found 37",
        ),
        ([("Exp", "nowhere", "frames")], "onnxruntime cannot use the graph"),
    ],
)
def test_a_sound_graph_that_answers_nonsense_is_refused(
    bundles: dict[str, Bundle], nodes: list[tuple[str, str, str]], message: str
) -> None:
    data = encoder([helper.make_node(kind, [before], [after]) for kind, before, after in nodes])
    with pytest.raises(BundleError, match=rf"encoder\.onnx.*{message}"):
        GestureDecoder(with_files(bundles["rnnt"], {"encoder.onnx": data}))


def test_scores_that_are_no_probabilities_are_refused(bundles: dict[str, Bundle]) -> None:
    def raw(model: Any) -> None:
        last = model.graph.node[-1]
        assert last.op_type == "LogSoftmax"
        last.op_type = "Identity"
        del last.attribute[:]

    for head, name in (("rnnt", "joiner.onnx"), ("ctc", "encoder.onnx")):
        data = edited(bundles[head], name, raw)
        with pytest.raises(BundleError, match=f"{name}: its scores are not logarithms"):
            GestureDecoder(with_files(bundles[head], {name: data}))


def test_graphs_of_another_model_do_not_fit(bundles: dict[str, Bundle]) -> None:
    ctc, rnnt = bundles["ctc"], bundles["rnnt"]
    swapped = with_files(ctc, {"encoder.onnx": rnnt.files["encoder.onnx"]})
    with pytest.raises(BundleError, match=r"encoder\.onnx: frames: expected the shape \(2, 8, 29"):
        GestureDecoder(swapped)
    swapped = with_files(rnnt, {"encoder.onnx": ctc.files["encoder.onnx"]})
    with pytest.raises(BundleError, match=r"decoder\.onnx: outputs: expected the shape \(1, 29\)"):
        GestureDecoder(swapped)
    swapped = with_files(rnnt, {"decoder.onnx": rnnt.files["joiner.onnx"]})
    with pytest.raises(BundleError, match=r"decoder\.onnx: inputs: expected labels, states"):
        GestureDecoder(swapped)

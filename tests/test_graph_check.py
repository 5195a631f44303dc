from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from bundles import bounded, edited, swipe, with_files
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from glissando import GestureDecoder
from glissando.bundle import Bundle, BundleError
from glissando.bundle.graph_check import check_graph
from glissando.export.precision import PRECISIONS, convert

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64
Edit = Callable[[Any], object]


def onnx_files(bundle: Bundle) -> dict[str, bytes]:
    return {name: data for name, data in bundle.files.items() if name.endswith(".onnx")}


@pytest.mark.parametrize("head", ["rnnt", "ctc"])
@pytest.mark.parametrize("precision", PRECISIONS)
def test_every_precision_that_we_export_passes_and_decodes(
    bundles: dict[str, Bundle], head: str, precision: str
) -> None:
    graphs = convert(onnx_files(bundles[head]), precision)
    for name, data in graphs.items():
        check_graph(data, name)
    decoder = GestureDecoder(with_files(bundles[head], graphs))
    assert decoder.decode(swipe("hello"))


FOREIGN = {
    "pickle": pickle.dumps({"weights": [1.0, 2.0]}),
    "html": b"<!DOCTYPE html><html><body>404</body></html>",
    "git lfs": b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n",
    "zip": b"PK\x03\x04" + bytes(40),
    "nothing": b"",
    "zeros": bytes(1000),
    "onnxruntime's own": b"\x18\x00\x00\x00ORTM" + bytes(64),
    "endless number": b"\x08" + b"\xff" * 50,
    "group": b"\x0b\x0c",
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_what_is_no_onnx_is_refused(bundles: dict[str, Bundle], kind: str) -> None:
    with pytest.raises(BundleError, match=r"encoder\.onnx: not an ONNX file"):
        check_graph(FOREIGN[kind], "encoder.onnx")
    with pytest.raises(BundleError, match=r"encoder\.onnx"):
        GestureDecoder(with_files(bundles["rnnt"], {"encoder.onnx": FOREIGN[kind]}))


def node(operator: str, **attributes: Any) -> Edit:
    domain = attributes.pop("domain", "")
    made = helper.make_node(operator, ["features"], ["extra"], domain=domain, **attributes)
    return lambda model: model.graph.node.append(made)


def constant_into(operator: str, *numbers: int, inline: bool = False) -> Edit:
    tensor = numpy_helper.from_array(np.array(numbers, np.int64), "much")

    def edit(model: Any) -> None:
        if inline:
            model.graph.node.append(helper.make_node("Constant", [], ["much"], value=tensor))
        else:
            model.graph.initializer.append(tensor)
        inputs = ["much"] if operator == "ConstantOfShape" else ["features", "much"]
        model.graph.node.append(helper.make_node(operator, inputs, ["extra"]))

    return edit


def first_weight(**fields: Any) -> Edit:
    def edit(model: Any) -> None:
        tensor = model.graph.initializer[0]
        for name, value in fields.items():
            if name == "dims":
                tensor.dims[:] = value
            else:
                setattr(tensor, name, value)

    return edit


def outside(model: Any) -> None:
    tensor = model.graph.initializer[0]
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/passwd")
    tensor.ClearField("raw_data")


def outside_quietly(model: Any) -> None:
    model.graph.initializer[0].external_data.add(key="location", value="/etc/passwd")


def renamed_input(model: Any) -> None:
    model.graph.input[0].name = "audio_signal"


def another_rank(model: Any) -> None:
    model.graph.input[0].type.tensor_type.shape.dim.add().dim_value = 1


def another_type(model: Any) -> None:
    model.graph.output[0].type.tensor_type.elem_type = TensorProto.DOUBLE


def one_input_more(model: Any) -> None:
    model.graph.input.append(helper.make_tensor_value_info("length", INT64, ["B"]))


def own_function(model: Any) -> None:
    model.functions.append(
        helper.make_function("x", "F", ["a"], ["b"], [], [helper.make_opsetid("", 17)])
    )


BODY = helper.make_graph([], "body", [], [])


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (node("Loop", body=BODY), "operator 'Loop' is not one"),
        (node("If", then_branch=BODY, else_branch=BODY), "operator 'If' is not one"),
        (node("Scan", body=BODY, num_scan_inputs=1), "operator 'Scan' is not one"),
        (node("Resize"), "operator 'Resize' is not one"),
        (node("Relu", domain="evil.example"), "operator 'evil.example:Relu' is not one"),
        (node("Relu", body=BODY), "'Relu.body' holds a graph"),
        (node("Relu", many=[BODY, BODY]), "'Relu.many' holds a graph"),
        (node("Conv", pads=[0, 10**9]), "'Conv.pads' is beyond"),
        (outside, "lies outside the file"),
        (outside_quietly, "lies outside the file"),
        (first_weight(dims=[1 << 20, 1 << 20]), "claims 1099511627776 numbers"),
        (first_weight(dims=[-1]), "has the shape"),
        (first_weight(dims=[1] * 100), "has the shape"),
        (first_weight(dims=[1 << 62]), "has the shape"),
        (first_weight(raw_data=b"\0" * 7), "but has other than these"),
        (first_weight(data_type=TensorProto.STRING), "element type 8"),
        (constant_into("ConstantOfShape", 10**9), "ConstantOfShape asks for"),
        (constant_into("ConstantOfShape", 10**5, 10**5, inline=True), "ConstantOfShape asks for"),
        (constant_into("Expand", 10**9, 1, 1), "Expand asks for"),
        (constant_into("Tile", 1, 10**5, 10**5), "Tile asks for"),
        (constant_into("Pad", 0, 0, 0, 0, 0, 10**9), "Pad asks for"),
        (own_function, "functions of its own"),
        (renamed_input, "inputs: expected features, found 'audio_signal'"),
        (one_input_more, "inputs: expected features, found 'features', 'length'"),
        (another_rank, "inputs: features: expected element type and axes (1, 3), found (1, 4)"),
        (another_type, "outputs: frames: expected element type and axes (1, 3), found (11, 3)"),
        (lambda model: model.graph.ClearField("output"), "outputs: expected frames, found "),
        (lambda model: model.graph.sparse_initializer.add(), "sparse tensors"),
    ],
)
def test_what_no_export_writes_is_refused(
    bundles: dict[str, Bundle], edit: Edit, message: str
) -> None:
    data = edited(bundles["rnnt"], "encoder.onnx", edit)
    with pytest.raises(BundleError) as caught:
        check_graph(data, "encoder.onnx")
    assert str(caught.value).startswith("encoder.onnx: ")
    assert message in str(caught.value)


def test_two_graphs_in_one_file_are_refused(bundles: dict[str, Bundle]) -> None:
    data = bundles["rnnt"].files["joiner.onnx"]
    with pytest.raises(BundleError, match="field 7 comes 2 times"):
        check_graph(data + data, "joiner.onnx")


@given(st.data())
@settings(max_examples=150)
def test_damage_anywhere_is_an_error_or_harmless(
    bundles: dict[str, Bundle], data: st.DataObject
) -> None:
    """With a true hash, as a hostile author would write it: nothing but `BundleError` comes out."""
    bundle = bundles[data.draw(st.sampled_from(["rnnt", "ctc"]))]
    name = data.draw(st.sampled_from(sorted(onnx_files(bundle))))
    content = bytearray(bundle.files[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    try:
        with bounded(seconds=2, megabytes=200):
            check_graph(bytes(content), name)
    except BundleError as error:
        assert str(error).startswith(name)


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(BundleError, match="joiner"):
        check_graph(data, "joiner.onnx")


def test_the_check_is_quick_on_bombs() -> None:
    for bomb in (b"\x3a\x00" * 5_000_000, b"\x08\x01" * 5_000_000):
        with bounded(seconds=2, megabytes=400), pytest.raises(BundleError, match="fields"):
            check_graph(bomb, "encoder.onnx")

"""A model's graph with its weights in 8 bits: the one module that imports onnx.

Multiplications by weights are done on integers. Each token's activations are scaled by the largest
of them, so that a text's vectors depend on nothing but the text; each column of weights by its
largest. Before that, range is moved from activations to weights where a few dimensions are far
larger than the rest, since they would leave the others few of the 256 steps. Source: Xiao et al.,
"SmoothQuant", ICML 2023.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from index.onnx_encoder import WEIGHTS
from index.sessions import session_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["part_weights", "quantise"]

_SHARE = 0.6  # of an activation's range that its weights take over; docs/performance.md
_LEAST = 1e-5
_STEPS = 127
_MICROSOFT = "com.microsoft"  # the domain of ONNX Runtime's own operators


def quantise(
    graph: Path, quantised: Path, samples: Iterable[Mapping[str, NDArray[np.int64]]]
) -> None:
    """Write a graph in 8 bits; `samples` are inputs of the graph that show its usual ranges."""
    model = onnx.load(graph)
    products = _products(model.graph)
    ranges = _ranges(model, list(products), samples)
    weights = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    graph_in_8_bits = _Graph(weights)
    replaced = {node.output[0]: name for name, nodes in products.items() for node in nodes}
    for node in model.graph.node:
        name = replaced.get(node.output[0])
        if name is None:
            graph_in_8_bits.nodes.append(node)
        else:
            graph_in_8_bits.multiply(node, products[name], ranges[name])
    graph_in_8_bits.put_into(model)
    _save(model, quantised)


def part_weights(graph: Path, parted: Path) -> None:
    """Write a graph anew, with its weights in the file beside it that is named `WEIGHTS`."""
    _save(onnx.load(graph), parted)


def _save(model: onnx.ModelProto, path: Path) -> None:
    onnx.save(model, path, save_as_external_data=True, location=WEIGHTS)


def _products(graph: onnx.GraphProto) -> dict[str, list[onnx.NodeProto]]:
    """Return the multiplications by weights, by the name of what is multiplied."""
    weights = {each.name for each in graph.initializer}
    products: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in weights:
            products.setdefault(node.input[0], []).append(node)
    return products


def _ranges(
    model: onnx.ModelProto,
    names: Sequence[str],
    samples: Iterable[Mapping[str, NDArray[np.int64]]],
) -> dict[str, NDArray[np.float32]]:
    """Return the largest magnitude in each dimension of each of these, over all samples."""
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    watched.graph.output.extend(
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names
    )
    session = session_of(watched.SerializeToString())
    ranges: dict[str, NDArray[np.float32]] = {}
    for sample in samples:
        for name, values in zip(names, session.run(names, dict(sample)), strict=True):
            most = np.abs(values).reshape(-1, values.shape[-1]).max(axis=0)
            ranges[name] = np.maximum(ranges.get(name, most), most)
    return ranges


class _Graph:
    """The nodes and constants of the graph that is made."""

    def __init__(self, constants: dict[str, NDArray[Any]]) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self._constants = constants
        self._factors: dict[str, NDArray[np.float32]] = {}
        self._middle = self._constant("8 bits/middle", np.array(_STEPS + 1, np.uint8))
        self._one = self._constant("8 bits/one", np.array(1, np.float32))
        self._steps = self._constant("8 bits/steps", np.array(_STEPS, np.float32))
        self._step = self._constant("8 bits/step", np.array(1 / _STEPS, np.float32))
        self._least = self._constant("8 bits/least", np.array(_LEAST, np.float32))

    def multiply(
        self,
        node: onnx.NodeProto,
        alike: Sequence[onnx.NodeProto],
        largest: NDArray[np.float32],
    ) -> None:
        """Add a multiplication in 8 bits; `alike` are all those of the same activations."""
        name, weights = node.input[0], self._constants[node.input[1]]
        if name not in self._factors:
            self._factors[name] = self._smoothing(alike, largest)
            self._quantise(name, self._factors[name])
        smooth = weights * self._factors[name][:, None]
        scales = np.maximum(np.abs(smooth).max(axis=0), _LEAST) / _STEPS
        own = node.output[0]
        self._add(
            "MatMulIntegerToFloat",
            [
                f"{name}/8 bits",
                self._constant(f"{own}/weights", np.rint(smooth / scales).astype(np.int8)),
                self._step,
                self._constant(f"{own}/scales", scales.astype(np.float32)),
                self._middle,
            ],
            f"{own}/of 1",
            domain=_MICROSOFT,
        )
        self._add("Mul", [f"{own}/of 1", f"{name}/most"], own)

    def _smoothing(
        self, nodes: Sequence[onnx.NodeProto], largest: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return what each dimension of the activations is divided by, and its weights times."""
        weights = [np.abs(self._constants[node.input[1]]).max(axis=1) for node in nodes]
        factors = np.maximum(largest, _LEAST) ** _SHARE / np.maximum(
            np.max(weights, axis=0), _LEAST
        ) ** (1 - _SHARE)
        return np.asarray(factors, np.float32)

    def _quantise(self, name: str, factors: NDArray[np.float32]) -> None:
        """Add the nodes from activations to integers, and to each token's largest."""
        self._add("Mul", [name, self._constant(f"{name}/factors", 1 / factors)], f"{name}/smooth")
        self._add("Abs", [f"{name}/smooth"], f"{name}/size")
        self._add("ReduceMax", [f"{name}/size"], f"{name}/largest", axes=[-1], keepdims=1)
        self._add("Max", [f"{name}/largest", self._least], f"{name}/most")
        self._add("Div", [self._steps, f"{name}/most"], f"{name}/scale")
        self._add("Mul", [f"{name}/smooth", f"{name}/scale"], f"{name}/scaled")
        self._add("QuantizeLinear", [f"{name}/scaled", self._one, self._middle], f"{name}/8 bits")

    def _add(self, kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> None:
        self.nodes.append(helper.make_node(kind, inputs, [output], output, **attributes))

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        self._constants[name] = value
        return name

    def put_into(self, model: onnx.ModelProto) -> None:
        """Put nodes and constants in the place of a model's own."""
        graph = model.graph
        nodes = [onnx.NodeProto.FromString(node.SerializeToString()) for node in self.nodes]
        used = {name for node in nodes for name in node.input}
        del graph.node[:], graph.initializer[:]
        graph.node.extend(nodes)
        graph.initializer.extend(
            numpy_helper.from_array(value, name)
            for name, value in self._constants.items()
            if name in used
        )
        model.opset_import.append(helper.make_opsetid(_MICROSOFT, 1))

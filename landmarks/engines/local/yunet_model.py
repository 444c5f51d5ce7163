"""The YuNet network as a TensorFlow Lite model, built from the weights in its ONNX file.

LiteRT runs it in a third of the time that OpenCV takes (docs/decisions/0038-detector-on-litert.md). The results are the
same: layers without a counterpart are replaced by equal ones, and the four heads of each scale, which read the same
features, are one layer of 16 channels.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from landmarks.engines.local.flatbuffer import Byte, Table, Vector, integers, serialise

Weights = NDArray[np.float32]
Layer = tuple[Weights, Weights]
"""Of a convolution: outputs × inputs × height × width (one input in a convolution by channel), and biases."""

SCALES = (8, 16, 32)
"""Pixels of the input for each place of the model's outputs, in their order."""
SCORE, BOX, OBJECT, MARKS = slice(0, 1), slice(1, 5), slice(5, 6), slice(6, 16)
"""Channels of each output: log odds of a face, its box, log odds of an object, five marks."""
HEADS = 4
NOMINAL = 64
"""Side of the input in the file; any multiple of 32 can be set."""

# Numbers in TensorFlow's schema.fbs.
ADD, CONCATENATION, CONV_2D, DEPTHWISE_CONV_2D, DEPTH_TO_SPACE, MAX_POOL_2D = 0, 2, 3, 4, 5, 17
OPERATORS = (ADD, CONCATENATION, CONV_2D, DEPTHWISE_CONV_2D, DEPTH_TO_SPACE, MAX_POOL_2D)
OPTIONS = {CONV_2D: 1, DEPTHWISE_CONV_2D: 2, MAX_POOL_2D: 5, CONCATENATION: 10, ADD: 11, DEPTH_TO_SPACE: 94}
"""By operator, the kind of its options."""
SAME, VALID = Byte(0), Byte(1)
NO_ACTIVATION, RELU = Byte(0), Byte(1)
SCHEMA_VERSION = 3


@dataclass(frozen=True)
class Tensor:
    """One of the model's tensors: its number, and the size of what passes through it."""

    number: int
    side: int
    channels: int


@dataclass
class Graph:
    """Operators and tensors, added one by one."""

    layers: Iterator[Layer]
    tensors: list[Table] = field(default_factory=list)
    operators: list[Table] = field(default_factory=list)
    buffers: list[Table] = field(default_factory=lambda: [Table({})])

    def tensor(self, side: int, channels: int) -> Tensor:
        self.tensors.append(Table({0: integers(1, side, side, channels), 2: 0}))
        return Tensor(len(self.tensors) - 1, side, channels)

    def constant(self, values: Weights) -> int:
        content = np.ascontiguousarray(values).tobytes()
        self.buffers.append(Table({0: Vector(content, len(content))}))
        self.tensors.append(Table({0: integers(*values.shape), 2: len(self.buffers) - 1}))
        return len(self.tensors) - 1

    def add(self, operator: int, inputs: list[int], output: Tensor, options: dict[int, int | Byte]) -> Tensor:
        self.operators.append(
            Table(
                {
                    0: OPERATORS.index(operator),
                    1: integers(*inputs),
                    2: integers(output.number),
                    3: Byte(OPTIONS[operator]),
                    4: Table(options),
                }
            )
        )
        return output

    def first_convolution(self, image: Tensor) -> Tensor:
        """Every second pixel, from the first on: the input has one row and column of zeros before it."""
        weights, biases = next(self.layers)
        # The input is RGB, the weights are for BGR.
        kernel = weights[:, ::-1].transpose(0, 2, 3, 1)
        output = self.tensor(image.side // 2, len(kernel))
        inputs = [image.number, self.constant(kernel), self.constant(biases)]
        return self.add(CONV_2D, inputs, output, {0: VALID, 1: 2, 2: 2, 3: RELU})

    def convolutions(self, before: Tensor, pointwise: Layer, by_channel: Layer, activation: Byte) -> Tensor:
        """One of all channels at each place, then one of 3 × 3 places in each channel."""
        weights, biases = pointwise
        mixed = self.tensor(before.side, len(weights))
        inputs = [before.number, self.constant(weights.transpose(0, 2, 3, 1)), self.constant(biases)]
        self.add(CONV_2D, inputs, mixed, {0: SAME, 1: 1, 2: 1, 3: NO_ACTIVATION})
        weights, biases = by_channel
        inputs = [mixed.number, self.constant(weights.transpose(1, 2, 3, 0)), self.constant(biases)]
        output = self.tensor(before.side, len(biases))
        return self.add(DEPTHWISE_CONV_2D, inputs, output, {0: SAME, 1: 1, 2: 1, 3: 1, 4: activation})

    def unit(self, before: Tensor) -> Tensor:
        return self.convolutions(before, next(self.layers), next(self.layers), RELU)

    def halved(self, before: Tensor) -> Tensor:
        options: dict[int, int | Byte] = {0: SAME, 1: 2, 2: 2, 3: 2, 4: 2}
        return self.add(MAX_POOL_2D, [before.number], self.tensor(before.side // 2, before.channels), options)

    def doubled(self, before: Tensor) -> Tensor:
        """Each place four times: as channels first, since that works at any size."""
        copies = self.tensor(before.side, 4 * before.channels)
        self.add(CONCATENATION, [before.number] * 4, copies, {0: 3})
        return self.add(DEPTH_TO_SPACE, [copies.number], self.tensor(2 * before.side, before.channels), {0: 2})

    def sum(self, one: Tensor, other: Tensor) -> Tensor:
        return self.add(ADD, [one.number, other.number], self.tensor(one.side, one.channels), {})

    def serialised(self, image: Tensor, outputs: list[Tensor]) -> bytes:
        inputs, results = integers(image.number), integers(*(output.number for output in outputs))
        subgraph = Table({0: self.tensors, 1: inputs, 2: results, 3: self.operators})
        codes = [Table({0: Byte(code), 2: 1, 3: code}) for code in OPERATORS]
        return serialise(Table({0: SCHEMA_VERSION, 1: codes, 2: [subgraph], 4: self.buffers}), b"TFL3")


def to_litert(onnx: NDArray[np.uint8]) -> bytes:
    """A model that takes 1 × (height + 1) × (width + 1) × 3, RGB of 0 to 255 after a row and a column of zeros, and
    gives 16 channels at each place of SCALES.
    """
    graph = Graph(iter(read_layers(onnx)))
    image = graph.tensor(NOMINAL + 1, 3)
    half = graph.unit(graph.first_convolution(image))
    quarter = graph.unit(graph.unit(graph.unit(graph.unit(graph.halved(half)))))
    eighth = graph.unit(graph.unit(graph.halved(quarter)))
    sixteenth = graph.unit(graph.unit(graph.halved(eighth)))
    coarsest = graph.unit(graph.unit(graph.unit(graph.halved(sixteenth))))
    middle = graph.unit(graph.sum(graph.doubled(coarsest), sixteenth))
    finest = graph.unit(graph.sum(graph.doubled(middle), eighth))
    heads = [[(next(graph.layers), next(graph.layers)) for _ in SCALES] for _ in range(HEADS)]
    outputs = [
        graph.convolutions(features, joined(one for one, _ in each), joined(two for _, two in each), NO_ACTIVATION)
        for features, each in zip((finest, middle, coarsest), zip(*heads, strict=True), strict=True)
    ]
    return graph.serialised(image, outputs)


def joined(layers: Iterator[Layer]) -> Layer:
    """One layer with the outputs of all."""
    weights, biases = zip(*layers, strict=True)
    return np.concatenate(weights), np.concatenate(biases)


def read_layers(onnx: NDArray[np.uint8]) -> list[Layer]:
    """The convolutions, in the order of the file."""
    net = cv2.dnn.readNetFromONNX(onnx)
    layers = (net.getLayer(net.getLayerId(name)) for name in net.getLayerNames())
    blobs = (layer.blobs for layer in layers if layer.type == "Convolution")
    return [(np.asarray(weights, np.float32), np.asarray(biases, np.float32).ravel()) for weights, biases in blobs]

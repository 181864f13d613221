"""Writes the trained network as an ONNX file with eight-bit weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.reader.network import Network

OPSET = 17


def export(network: Network, path: Path, metadata: Mapping[str, object]) -> None:
    """Write a network to ``path``.

    Args:
        network: With what it has learned.
        path: Ends in ``.onnx``.
        metadata: Kept in the file, each value as JSON.
    """
    network.eval()
    with TemporaryDirectory() as folder:
        exact = Path(folder) / "exact.onnx"
        pieces = torch.ones(2, 16, dtype=torch.long)
        axes = {0: "windows", 1: "pieces"}
        torch.onnx.export(
            network,
            (pieces, torch.ones_like(pieces)),
            str(exact),
            input_names=["pieces", "mask"],
            output_names=["evidence", "begins", "verdicts"],
            dynamic_axes={"pieces": axes, "mask": axes, "evidence": axes, "begins": axes, "verdicts": axes},
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(exact, path, weight_type=QuantType.QInt8, per_channel=True)
    model = onnx.load(path)
    onnx.helper.set_model_props(model, {name: json.dumps(value) for name, value in metadata.items()})
    onnx.save(model, path)

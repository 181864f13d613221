"""Writes the trained network as an ONNX file with eight-bit weights."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.reader.network import Network

OPSET = 17


def export(network: Network, path: Path) -> None:
    """Write a network to ``path``.

    Args:
        network: With what it has learned.
        path: Ends in ``.onnx``.
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

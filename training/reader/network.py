"""The reader's network: MiniLM, and a line of numbers for each piece that says what its sentence holds.

The answer for a sentence is the mean over its pieces, so that the evidence in any stretch of words can be read off
afterwards without another pass.
"""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel


class Network(nn.Module):
    """Numbers of pieces in, logits out."""

    def __init__(self, weights: Path, evidence: int, verdicts: int) -> None:
        """Load MiniLM.

        Args:
            weights: Folder with ``config.json`` and ``model.safetensors``.
            evidence: How many yes/no questions there are about a sentence.
            verdicts: How many there are about a whole answer.
        """
        super().__init__()
        config = BertConfig.from_json_file(weights / "config.json")
        config._attn_implementation = "sdpa"
        self.encoder = BertModel(config, add_pooling_layer=False)
        known = {
            name: tensor for name, tensor in load_file(weights / "model.safetensors").items() if "pooler" not in name
        }
        self.encoder.load_state_dict(known, strict=False)
        self.dropout = nn.Dropout(0.1)
        self.evidence = nn.Linear(config.hidden_size, evidence)
        self.begins = nn.Linear(config.hidden_size, 1)
        self.verdicts = nn.Linear(config.hidden_size, 2 * verdicts)

    def forward(self, pieces: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return what each piece says.

        Args:
            pieces: Shape (windows, pieces).
            mask: 1 where there is a piece; same shape.

        Returns:
            Logits of the evidence, shape (windows, pieces, evidence); of a sentence beginning here, (windows, pieces);
            and for each verdict how much the piece counts for it, then what it says: (windows, pieces, 2 * verdicts).
            The logit of a verdict is the mean of what is said, weighted by the softmax of how much it counts.
        """
        states = self.dropout(self.encoder(input_ids=pieces, attention_mask=mask).last_hidden_state)
        return self.evidence(states), self.begins(states).squeeze(-1), self.verdicts(states)


def weigh(spoken: Tensor) -> Tensor:
    """Return the logits of the verdicts, shape (verdicts,), from what the pieces of one answer say."""
    counts, says = spoken.float().chunk(2, dim=-1)
    return (counts.softmax(dim=0) * says).sum(dim=0)

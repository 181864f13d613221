"""The reader's network: MiniLM, and a line of numbers for each piece that says what its sentence holds.

The answer for a sentence is the mean over its pieces, so that the evidence in any stretch of words can be read off
afterwards without another pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel

FIXED_LAYERS = 3
"""Of six. Their states are computed once, which halves the time of a pass."""


class Network(nn.Module):
    """Numbers of pieces in, logits out."""

    def __init__(self, weights: Path, evidence: int, verdicts: int, fixed: int = FIXED_LAYERS) -> None:
        """Load MiniLM.

        Args:
            weights: Folder with ``config.json`` and ``model.safetensors``.
            evidence: How many yes/no questions there are about a sentence.
            verdicts: How many there are about a whole answer.
            fixed: How many of MiniLM's layers, from below, keep what they know.
        """
        super().__init__()
        self.fixed = fixed
        config = BertConfig.from_json_file(weights / "config.json")
        config._attn_implementation = "sdpa"
        config.attention_probs_dropout_prob = 0.0  # with it, attention takes three times as long
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
        return self.through_upper_layers(self.through_lower_layers(pieces, mask), mask)

    def through_lower_layers(self, pieces: Tensor, mask: Tensor) -> Tensor:
        """Return the states after the layers that do not learn, shape (windows, pieces, 384)."""
        states = self.encoder.embeddings(input_ids=pieces)
        return self._through(states, mask, self.encoder.encoder.layer[: self.fixed])

    def through_upper_layers(self, states: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return what each piece says, given its state; see ``forward``."""
        states = self.dropout(self.read(states, mask))
        return self.evidence(states), self.begins(states).squeeze(-1), self.verdicts(states)

    def read(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return the states after the last layer, given those after the layers that do not learn."""
        return self._through(states, mask, self.encoder.encoder.layer[self.fixed :])

    @staticmethod
    def _through(states: Tensor, mask: Tensor, layers: Iterable[nn.Module]) -> Tensor:
        hidden = (1.0 - mask[:, None, None, :].to(states.dtype)) * -1e4
        for layer in layers:
            found = layer(states, attention_mask=hidden)
            states = found[0] if isinstance(found, tuple) else found
        return states


def weigh(spoken: Tensor) -> Tensor:
    """Return the logits of the verdicts, shape (verdicts,), from what the pieces of one answer say."""
    counts, says = spoken.float().chunk(2, dim=-1)
    return (counts.softmax(dim=0) * says).sum(dim=0)

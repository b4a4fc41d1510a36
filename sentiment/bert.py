"""The forward pass of BERT and MPNet for scoring, in torch alone, on the weights as they are kept.

Importing the library's classes takes twice as long as importing torch and a hundred megabytes a
process; a person who asks for one score waits for that. Training and all other encoders use the
library, and a test holds this file to what it computes. Nothing here can be trained.

Devlin et al. (2019) for the blocks, Song et al. (2020) for the relative positions of MPNet.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

KINDS = ("bert", "mpnet")
_MPNET_PADDING = 1  # its positions count from here
_NEVER = -1e9  # added to what shall not be attended to
_FARTHEST = 128  # tokens; beyond, MPNet tells no distances apart

# What the kept weights call the parts of a block, and what they are here.
_NAMES = {
    r"^encoder\.layer\.": "layer.",
    r"attention\.(self|attn)\.(query|q)\.": "query.",
    r"attention\.(self|attn)\.(key|k)\.": "key.",
    r"attention\.(self|attn)\.(value|v)\.": "value.",
    r"attention\.(output\.dense|attn\.o)\.": "out.",
    r"attention\.(output\.)?LayerNorm\.": "after_attention.",
    r"intermediate\.dense\.": "widen.",
    r"output\.dense\.": "narrow.",
    r"output\.LayerNorm\.": "after.",
    r"^embeddings\.LayerNorm\.": "after_embedding.",
    r"^embeddings\.": "",
    r"^encoder\.": "",
}


class States(NamedTuple):
    """What the library's encoders give as well: [n_texts, n_tokens, width]."""

    last_hidden_state: Tensor


class Encoder(nn.Module):
    """An encoder of one of `KINDS`, from its `config.json` and its tensors by their kept names.

    Raises KeyError, TypeError, ValueError or RuntimeError where these are not of one encoder.
    """

    def __init__(self, settings: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> None:
        super().__init__()
        if settings.get("hidden_act", "gelu") != "gelu":
            raise ValueError("another activation")
        self.config = SimpleNamespace(**settings)
        width, n_heads = int(settings["hidden_size"]), int(settings["num_attention_heads"])
        self._relative = settings["model_type"] == "mpnet"
        epsilon = float(settings.get("layer_norm_eps", 1e-12))
        size = (int(settings["vocab_size"]), int(settings["max_position_embeddings"]))
        self.word_embeddings = _embedding(size[0], width)
        self.position_embeddings = _embedding(size[1], width)
        if self._relative:
            n_buckets = int(settings.get("relative_attention_num_buckets", 32))
            self.relative_attention_bias = _embedding(n_buckets, n_heads)
        else:
            self.token_type_embeddings = _embedding(int(settings["type_vocab_size"]), width)
        self.after_embedding = nn.LayerNorm(width, epsilon)
        wide, n_blocks = int(settings["intermediate_size"]), int(settings["num_hidden_layers"])
        blocks = (_Block(width, wide, n_heads, epsilon) for _ in range(n_blocks))
        self.layer = nn.ModuleList(blocks)
        named = {_name(name): tensor for name, tensor in tensors.items()}
        self.load_state_dict(named, assign=True)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor | None = None
    ) -> States:
        """States of texts padded on the right; all arguments are [n_texts, n_tokens] int64."""
        n_tokens = input_ids.shape[1]
        positions = torch.arange(n_tokens, device=input_ids.device)
        bias = (1.0 - attention_mask[:, None, None, :].float()) * _NEVER
        states = self.word_embeddings(input_ids)
        if self._relative:
            states = states + self.position_embeddings(positions + _MPNET_PADDING + 1)
            bias = bias + self._distances(positions)
        else:
            segments = torch.zeros_like(input_ids) if token_type_ids is None else token_type_ids
            states = states + self.token_type_embeddings(segments)
            states = states + self.position_embeddings(positions)
        states = self.after_embedding(states)
        for block in self.layer:
            states = block(states, bias)
        return States(states)

    def _distances(self, positions: Tensor) -> Tensor:
        """A number for each head and pair of tokens: [1, n_heads, n_tokens, n_tokens].

        Half of the buckets are for either direction; of these, half tell each near distance apart
        and the rest grow with its logarithm (Raffel et al. 2020).
        """
        half = self.relative_attention_bias.num_embeddings // 2
        near = half // 2
        distance = positions[:, None] - positions[None, :]
        far = distance.abs().clamp(min=1).float().div(near).log()
        far = near + (far / math.log(_FARTHEST / near) * (half - near)).long()
        bucket = torch.where(distance.abs() < near, distance.abs(), far.clamp(max=half - 1))
        bucket = bucket + half * (distance < 0).long()
        found: Tensor = self.relative_attention_bias(bucket).permute(2, 0, 1)
        return found[None]


class _Block(nn.Module):
    """Attention, then two wide layers; a sum and a norm after each."""

    def __init__(self, width: int, wide: int, n_heads: int, epsilon: float) -> None:
        super().__init__()
        self._n_heads = n_heads
        self.query, self.key = _linear(width, width), _linear(width, width)
        self.value, self.out = _linear(width, width), _linear(width, width)
        self.after_attention = nn.LayerNorm(width, epsilon)
        self.widen, self.narrow = _linear(width, wide), _linear(wide, width)
        self.after = nn.LayerNorm(width, epsilon)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        query, key, value = (
            part(states).unflatten(2, (self._n_heads, -1)).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        seen = functional.scaled_dot_product_attention(query, key, value, bias.to(query.dtype))
        states = self.after_attention(states + self.out(seen.transpose(1, 2).flatten(2)))
        widened = functional.gelu(self.widen(states))
        found: Tensor = self.after(states + self.narrow(widened))
        return found


# Without numbers to begin with: to draw them takes a second, and the kept ones replace them.
def _linear(n_in: int, n_out: int) -> nn.Linear:
    return nn.Linear(n_in, n_out, device="meta")


def _embedding(n: int, width: int) -> nn.Embedding:
    empty = torch.empty(n, width)
    found: nn.Embedding = nn.Embedding.from_pretrained(empty, freeze=False)  # type: ignore[no-untyped-call]
    return found


def _name(kept: str) -> str:
    for pattern, here in _NAMES.items():
        kept = re.sub(pattern, here, kept)
    return kept

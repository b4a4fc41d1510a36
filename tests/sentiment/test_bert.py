"""The short way to a score computes what the library computes, for each kind of encoder."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel, PreTrainedModel

from sentiment import bert
from sentiment.encoders import MINILM, MPNET, Base, describe, folder_of
from sentiment.errors import WeightsError
from sentiment.network import encoder_tensors, load_encoder, scoring_encoder

N_TEXTS, N_TOKENS = 5, 300  # far enough apart for every bucket of distances
SMALL: dict[str, Any] = {
    "vocab_size": 50,
    "hidden_size": 24,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 40,
    "layer_norm_eps": 1e-5,
}


@pytest.fixture
def base(tmp_path: Path) -> Base:
    """An encoder of three blocks, in a folder."""
    torch.manual_seed(0)
    MPNetModel(MPNetConfig(**SMALL), add_pooling_layer=False).save_pretrained(tmp_path)
    return describe(str(tmp_path))


def texts(n_words: int) -> tuple[Tensor, Tensor, Tensor]:
    """Token ids, mask and segments of texts of different length, padded with zeros."""
    torch.manual_seed(3)
    ids = torch.randint(2, n_words, (N_TEXTS, N_TOKENS))
    lengths = torch.tensor([N_TOKENS, 200, 33, 7, 1])
    mask = (torch.arange(N_TOKENS)[None] < lengths[:, None]).long()
    segments = (torch.arange(N_TOKENS)[None] > 3).long() * mask
    return ids * mask, mask, segments


def assert_equal(library: PreTrainedModel, ours: torch.nn.Module, segmented: bool) -> None:
    ids, mask, segments = texts(min(library.config.vocab_size, 1_000))
    extra = {"token_type_ids": segments} if segmented else {}
    library.train(False)
    with torch.inference_mode():
        expected = library(ids, attention_mask=mask, **extra).last_hidden_state
        found = ours(ids, attention_mask=mask, **extra).last_hidden_state
    read = mask.bool()
    assert (found[read] - expected[read]).abs().max() < 1e-4


@pytest.mark.parametrize(
    ("library", "segmented"),
    [
        (BertModel(BertConfig(**SMALL), add_pooling_layer=False), True),
        (BertModel(BertConfig(**SMALL), add_pooling_layer=False), False),
        (MPNetModel(MPNetConfig(**SMALL), add_pooling_layer=False), False),
    ],
)
def test_encoder_computes_what_the_library_computes(
    tmp_path: Path, library: PreTrainedModel, segmented: bool
) -> None:
    for parameter in library.parameters():
        torch.nn.init.normal_(parameter, std=0.5)  # so that every part tells
    library.save_pretrained(tmp_path)
    ours = scoring_encoder(tmp_path, encoder_tensors(tmp_path))
    assert isinstance(ours, bert.Encoder)
    assert_equal(library, ours, segmented)


@pytest.mark.parametrize("shipped", [MINILM, MPNET], ids=["minilm", "mpnet"])
def test_encoder_computes_what_the_library_computes_on_the_shipped_weights(shipped: Base) -> None:
    folder = folder_of(shipped)
    ours = scoring_encoder(folder, encoder_tensors(folder))
    assert_equal(load_encoder(shipped)[0], ours, shipped is MINILM)


@pytest.mark.parametrize("short", [True, False])
def test_encoder_stops_after_its_lower_blocks_when_it_is_cut(base: Base, short: bool) -> None:
    whole, folder = load_encoder(base)
    whole.train(False)
    cut = replace(base, blocks=2)
    ids, mask, _ = texts(50)
    with torch.inference_mode():
        known = whole(ids, attention_mask=mask, output_hidden_states=True).hidden_states[2]
        tensors = encoder_tensors(folder, cut.blocks)
        encoder = scoring_encoder(folder, tensors, 2) if short else load_encoder(cut)[0]
        found = encoder.eval()(ids, attention_mask=mask).last_hidden_state
    assert (found - known)[mask.bool()].abs().max() < 1e-4


def test_encoder_says_so_when_it_has_fewer_blocks_than_are_asked(base: Base) -> None:
    with pytest.raises(WeightsError, match="holds 3 blocks and not 4"):
        load_encoder(replace(base, blocks=4))


def test_encoder_refuses_what_it_would_compute_otherwise() -> None:
    settings = {**BertConfig(**SMALL).to_dict(), "hidden_act": "relu"}
    with pytest.raises(ValueError, match="activation"):
        bert.Encoder(json.loads(json.dumps(settings)), {})


def test_scoring_leaves_the_library_away_with_both_shipped_models() -> None:
    """Its import alone takes longer than a person who asks for one score should wait."""
    program = (
        "import sys\nfrom sentiment.scorer import TransformerScorer\n"
        "for name in ('full', 'small'):\n"
        "    print(TransformerScorer.load(name).score([('', 'It works.')])[0].status)\n"
        "print(sorted({'transformers', 'peft'} & set(sys.modules)))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.split("\n")[-2] == "[]"

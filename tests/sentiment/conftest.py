"""One load of the shipped model for all tests, and an encoder small enough to train on."""

import hashlib
import json

import pytest

from sentiment.card import DEFAULT, SMALL
from sentiment.encoders import Base
from sentiment.scorer import TransformerScorer

_LISTED = (
    "[PAD] [UNK] [CLS] [SEP] [MASK] i we the new old tool form use will not never like love hate "
    "when is training what how do you no yes . ? paper need time"
)
_WORDS = _LISTED.split()


@pytest.fixture(scope="session")
def scorer() -> TransformerScorer:
    """The small shipped model: what holds for any, and quick to ask."""
    return TransformerScorer.load(SMALL)


@pytest.fixture(scope="session")
def full() -> TransformerScorer:
    """The shipped model that is used where none is named."""
    return TransformerScorer.load(DEFAULT)


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    """A BERT of two narrow layers and thirty words, as an operator's own encoder."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("encoder")
    vocabulary = {word: i for i, word in enumerate(_WORDS)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(_WORDS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    settings = json.loads((folder / "config.json").read_text())
    assert settings["model_type"] == "bert"
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    return Base("tiny", digest, str(folder))

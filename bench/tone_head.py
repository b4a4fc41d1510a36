"""Fits the yardstick `sentiment.tone` on GoEmotions, and says how well it reads tone there.

Run with `python -m bench.tone_head FOLDER`, where FOLDER holds the data set's `train.tsv`,
`dev.tsv`, `test.tsv` and `emotions.txt`; it writes the head and prints a table. Emotions are
grouped as their authors published it; comments with an ambiguous emotion, or with emotions of two
groups, are left out.
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table
from safetensors.torch import save_file
from torch import Tensor

from sentiment.labels import Sentiment
from sentiment.tone import HEAD, TONES, ToneModel

GROUPS = {
    Sentiment.POSITIVE: "admiration amusement approval caring desire excitement gratitude joy "
    "love optimism pride relief",
    Sentiment.NEGATIVE: "anger annoyance disappointment disapproval disgust embarrassment fear "
    "grief nervousness remorse sadness",
    Sentiment.NEUTRAL: "neutral",
}
GROUP_OF = {emotion: group for group, emotions in GROUPS.items() for emotion in emotions.split()}
N_TRAIN, N_CHECK = 2_700, 400  # of each tone: a head of 1,155 numbers learns little from more
RIDGES = (1e-3, 3e-4, 1e-4, 3e-5)

Labelled = tuple[list[str], Tensor]


def main(folder: Path) -> None:
    """The head is written; its accuracy on comments it has not seen is printed."""
    torch.set_num_threads(1)
    model = ToneModel()
    parts = {}
    for name, n in (("train", N_TRAIN), ("dev", N_CHECK), ("test", N_CHECK)):
        texts, truth = read(folder, f"{name}.tsv", n)
        parts[name] = (model.embed(texts), truth)
    heads = [fit(*parts["train"], ridge) for ridge in RIDGES]
    best = max(heads, key=lambda head: _share_right(head, *parts["dev"]))
    HEAD.parent.mkdir(parents=True, exist_ok=True)
    save_file(best, HEAD)
    HEAD.chmod(0o644)
    table = Table("part", "comments", "share right", title="Tone of GoEmotions comments, 3 labels")
    for name, (embeddings, truth) in parts.items():
        table.add_row(name, str(len(truth)), f"{_share_right(best, embeddings, truth):.3f}")
    Console().print(table)


def read(folder: Path, name: str, n_each: int, seed: int = 0) -> Labelled:
    """Up to `n_each` comments of each tone, drawn by the seed, and their indices in `TONES`."""
    emotions = (folder / "emotions.txt").read_text(encoding="utf-8").split()
    found: dict[Sentiment, list[str]] = {tone: [] for tone in TONES}
    with (folder / name).open(encoding="utf-8", newline="") as file:
        for text, numbers, *_ in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            groups = {GROUP_OF.get(emotions[int(number)]) for number in numbers.split(",")}
            group = groups.pop()
            if group is not None and not groups:
                found[group].append(text)
    chance = random.Random(seed)
    drawn = {tone: chance.sample(texts, min(n_each, len(texts))) for tone, texts in found.items()}
    truth = [TONES.index(tone) for tone, texts in drawn.items() for _ in texts]
    return [text for texts in drawn.values() for text in texts], torch.tensor(truth)


def fit(embeddings: Tensor, truth: Tensor, ridge: float) -> dict[str, Tensor]:
    """Multinomial logistic regression with a ridge penalty on the weights, to the optimum."""
    weight = torch.zeros(len(TONES), embeddings.shape[1], requires_grad=True)
    bias = torch.zeros(len(TONES), requires_grad=True)
    search = torch.optim.LBFGS([weight, bias], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        search.zero_grad()
        logits = embeddings @ weight.T + bias
        value = torch.nn.functional.cross_entropy(logits, truth) + ridge * weight.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    search.step(loss)  # type: ignore[no-untyped-call]
    return {"weight": weight.detach(), "bias": bias.detach()}


def _share_right(head: dict[str, Tensor], embeddings: Tensor, truth: Tensor) -> float:
    given = (embeddings @ head["weight"].T + head["bias"]).argmax(1)
    return float((given == truth).float().mean())


if __name__ == "__main__":
    main(Path(sys.argv[1]))

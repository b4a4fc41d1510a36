"""The loss heeds labels that are known, and a teacher where there is one."""

from dataclasses import replace

import torch

from sentiment.data import OFF_TOPIC, Answer
from sentiment.labels import Barrier, Sentiment, Stance, Theme
from sentiment.loss import Loss, label_tensors
from sentiment.model import HEADS
from sentiment.training import TrainingOptions

ANSWER = Answer(
    "a", "", "No.", Stance.RESISTANT, Sentiment.NEUTRAL, Barrier.DESIRE, (Theme.TOOLS,), False
)
OPTIONS = TrainingOptions(label_smoothing=0.0)
CPU = torch.device("cpu")


def logits(**changed: float) -> dict[str, torch.Tensor]:
    """Zeros for every label of every head, but the first label of the named heads."""
    given = {name: torch.zeros(1, n) for name, n in HEADS.items()}
    for name, value in changed.items():
        given[name][0, 0] = value
    return given


def test_loss_falls_when_a_head_is_right_and_rises_when_it_is_wrong() -> None:
    loss = Loss([ANSWER], OPTIONS, None, CPU)
    unsure = loss(logits(), [0])
    assert loss(logits(stance=3.0), [0]) < unsure < loss(logits(stance=-3.0), [0])
    assert loss(logits(safeguarding=-3.0), [0]) < unsure < loss(logits(safeguarding=3.0), [0])


def test_loss_learns_nothing_off_topic_where_the_phenomenon_is_unknown() -> None:
    unknown = Loss([ANSWER], OPTIONS, None, CPU)
    assert unknown(logits(off_topic=9.0), [0]) == unknown(logits(off_topic=-9.0), [0])
    known = Loss([replace(ANSWER, phenomenon="plain")], OPTIONS, None, CPU)
    assert known(logits(off_topic=9.0), [0]) > known(logits(off_topic=-9.0), [0])
    aside = Loss([replace(ANSWER, phenomenon=OFF_TOPIC)], OPTIONS, None, CPU)
    assert aside(logits(off_topic=9.0), [0]) < aside(logits(off_topic=-9.0), [0])


def test_loss_counts_a_teachers_opinion_against_the_label() -> None:
    taught = logits(stance=-6.0)  # the teacher doubts what the label says
    teacher = Loss([ANSWER], replace(OPTIONS, weight_teacher=1.0), taught, CPU)
    assert teacher(logits(stance=-6.0), [0]) < teacher(logits(stance=6.0), [0])
    alone = Loss([ANSWER], replace(OPTIONS, weight_teacher=0.0), taught, CPU)
    labels = Loss([ANSWER], OPTIONS, None, CPU)
    assert torch.isclose(alone(logits(stance=2.0), [0]), labels(logits(stance=2.0), [0]))


def test_label_tensors_stand_in_the_order_of_the_labels() -> None:
    truth = label_tensors([ANSWER])
    assert truth["stance"].tolist() == [0]
    assert truth["barrier"].tolist() == [list(Barrier).index(Barrier.DESIRE)]
    assert truth["themes"][0].tolist() == [float(theme is Theme.TOOLS) for theme in Theme]
    assert {name: t.shape[-1] for name, t in truth.items() if t.dim() == 2} == {
        "themes": 12,
        "safeguarding": 1,
        "off_topic": 1,
    }

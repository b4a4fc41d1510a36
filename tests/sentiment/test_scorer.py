"""The shipped model: clear sentences, odd inputs, order, and a gate on its figures."""

import logging
import time

import numpy as np
import pytest

from sentiment.card import DEFAULT, SMALL, Form, read_card
from sentiment.data import PLAIN
from sentiment.evaluation import macro_f1
from sentiment.labels import Barrier, Sentiment, Stance, Status, Theme
from sentiment.likeness import read_corpus
from sentiment.report import Truth
from sentiment.scorer import BATCH_TOKENS, TransformerScorer, _batches

CLEAR = [
    ("", "I hate the new system and I will not use it.", Stance.RESISTANT),
    ("", "I'll keep using the paper forms as long as nobody stops me", Stance.RESISTANT),
    ("Will you use the new roster app?", "No, I'm staying with the paper list.", Stance.RESISTANT),
    ("", "The new portal is brilliant, I use it every day and love it.", Stance.SUPPORTIVE),
    ("", "When is the training for the night shift?", Stance.NEUTRAL),
]


# Said outright, as most people say it: what a model of hard answers alone takes for irony.
DIRECT = [
    ("I support the change.", Stance.SUPPORTIVE),
    ("Very happy with the new tool", Stance.SUPPORTIVE),
    ("the new portal is great and I love it", Stance.SUPPORTIVE),
    ("Thank you for the new system, it makes my work easier.", Stance.SUPPORTIVE),
    ("I am against the change.", Stance.RESISTANT),
    ("This is a complete waste of time and money.", Stance.RESISTANT),
    ("The new system is terrible.", Stance.RESISTANT),
]


@pytest.mark.parametrize(("text", "stance"), DIRECT)
@pytest.mark.parametrize("question", ["", "How do you feel about the change?"])
def test_score_takes_people_at_their_word_when_they_say_it_outright(
    scorer: TransformerScorer, full: TransformerScorer, question: str, text: str, stance: Stance
) -> None:
    for each in (scorer, full):
        score = each.score([(question, text)])[0]
        assert (score.status, score.stance) == (Status.SCORED, stance)


@pytest.mark.parametrize(("question", "text", "stance"), CLEAR)
def test_score_gets_clear_sentences_right(
    scorer: TransformerScorer, full: TransformerScorer, question: str, text: str, stance: Stance
) -> None:
    for each in (scorer, full):
        score = each.score([(question, text)])[0]
        assert (score.status, score.stance) == (Status.SCORED, stance)
        assert score.p_resistant == score.p_stance[0]


def test_logits_of_bare_answers_are_better_with_their_question(scorer: TransformerScorer) -> None:
    parts = read_corpus()
    bare = [a for a in (*parts.dev, *parts.test) if a.phenomenon == "context"]
    truth = Truth.of(bare).stance
    given = scorer.logits([(a.question, a.text) for a in bare])["stance"].argmax(1)
    alone = scorer.logits([("", a.text) for a in bare])["stance"].argmax(1)
    assert (given == truth).mean() > (alone == truth).mean() + 0.1  # measured .74 and .51


def test_score_fills_every_field(full: TransformerScorer) -> None:
    score = full.score([("", "I hate the new system and I will not use it.")])[0]
    assert score.sentiment is Sentiment.NEGATIVE
    assert score.barrier is Barrier.DESIRE
    assert Theme.TOOLS in score.themes
    for p in (score.p_stance, score.p_sentiment, score.p_barrier):
        assert sum(p) == pytest.approx(1)
    assert len(score.p_themes) == len(Theme)
    assert score.model == full.model_version == read_card(DEFAULT).version


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", Status.EMPTY),
        ("  \x00\u202e ", Status.EMPTY),
        ("...", Status.EMPTY),
        ("Nein danke, brauche ich nicht", Status.LANGUAGE),
        ("我不想用新系统", Status.LANGUAGE),
    ],
)
def test_score_leaves_out_what_cannot_be_read(
    scorer: TransformerScorer, text: str, status: Status
) -> None:
    score = scorer.score([("How is it?", text)])[0]
    assert (score.status, score.stance, score.p_stance) == (status, None, ())


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "no " * 40_000,
        "<b>No</b><script>alert(1)</script>",
        "\U0001f44d" * 500,
        "\u202eI will not\u202c use\x00 it",
        "half \ud83d a pair",
        "a\u0301" * 5_000,
        "=cmd|' /C calc'!A0",
    ],
)
def test_score_survives_odd_input(scorer: TransformerScorer, text: str) -> None:
    score = scorer.score([(text, text)])[0]
    assert score.status in (Status.SCORED, Status.UNSURE, Status.OFF_TOPIC)
    assert np.isfinite(score.p_stance).all()


def test_score_keeps_order_whatever_the_lengths(scorer: TransformerScorer) -> None:
    texts = [a.text for a in read_corpus().test[:60]]
    pairs = [("", text) for text in [*texts, "", texts[0]]]
    together = scorer.score(pairs)
    alone = [scorer.score([pair])[0] for pair in pairs[:5]]
    for one, other in zip(alone, together, strict=False):
        assert one.p_stance == pytest.approx(other.p_stance, abs=1e-4)
    assert together[-1] == together[0]
    assert together[-2].status is Status.EMPTY


def test_score_judges_ten_thousand_equal_answers_once(scorer: TransformerScorer) -> None:
    started = time.monotonic()
    scores = scorer.score([("Is it good?", "I do not like the new system at all")] * 10_000)
    assert len(scores) == 10_000
    assert len({id(score) for score in scores}) == 1
    assert time.monotonic() - started < 3


def test_score_keeps_probabilities_of_an_unsure_answer(scorer: TransformerScorer) -> None:
    pairs = [(a.question, a.text) for a in read_corpus().dev[:200]]
    unsure = [s for s in scorer.score(pairs) if s.status is Status.UNSURE]
    limit = scorer.card.thresholds.stance
    assert unsure
    assert all(max(s.p_stance) < limit and s.stance is None and not s.themes for s in unsure)
    assert all(s.sentiment is None and s.barrier is None for s in unsure)


@pytest.mark.parametrize(
    "text",
    [
        "The rota is fine. Some nights I think about ending my life.",
        "My supervisor groped me in the store room after the training",
    ],
)
def test_score_flags_a_danger_that_is_named(scorer: TransformerScorer, text: str) -> None:
    assert scorer.score([("", text)])[0].safeguarding


def test_score_does_not_flag_plain_anger(scorer: TransformerScorer) -> None:
    texts = ["I am so tired and angry about this stupid system", "you lot kill me, lovely typo"]
    assert not any(s.safeguarding for s in scorer.score([("", text) for text in texts]))


def test_score_logs_no_text(
    scorer: TransformerScorer, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        scorer.score([("", "zebracorn is what I call the new system")])
    captured = capsys.readouterr()
    assert "zebracorn" not in caplog.text + captured.out + captured.err


def test_score_of_nothing_is_nothing(scorer: TransformerScorer) -> None:
    assert scorer.score([]) == []


def test_batches_hold_every_text_once_in_bounded_size() -> None:
    lengths = np.random.default_rng(0).integers(3, 257, 1_000).tolist()
    batches = list(_batches(lengths))
    assert sorted(i for batch in batches for i in batch) == list(range(1_000))
    assert all(len(b) * max(lengths[i] for i in b) <= BATCH_TOKENS for b in batches)


@pytest.mark.parametrize(("model", "every", "least"), [(SMALL, 5, 0.70), (DEFAULT, 12, 0.80)])
def test_shipped_weights_are_as_good_as_their_card_says(
    scorer: TransformerScorer, full: TransformerScorer, model: str, every: int, least: float
) -> None:
    held_out = read_corpus().test[::every]  # so few that the figure may be .07 off by chance
    asked = scorer if model == SMALL else full
    logits = asked.logits([(a.question, a.text) for a in held_out])
    measured = macro_f1(Truth.of(held_out).stance, logits["stance"].argmax(1), len(Stance))
    claimed = read_card(model).figures["stance_macro_f1"]
    assert measured >= claimed - 0.07
    assert claimed >= least


@pytest.mark.parametrize("model", [SMALL, DEFAULT])
def test_shipped_cards_carry_what_users_of_the_model_rely_on(model: str) -> None:
    card = read_card(model)
    assert card.figures["stance_ece"] <= 0.05
    assert card.figures["safeguarding_recall"] >= 0.95
    assert sum(map(sum, card.confusion)) + sum(card.unsure) == card.figures["n"] >= 600
    assert set(card.narrow) == set(Form)


def test_score_sets_aside_what_is_off_the_topic_and_hardly_anything_else(
    scorer: TransformerScorer,
) -> None:
    test = read_corpus().test
    off = scorer.score([(a.question, a.text) for a in test if a.off_topic])
    plain = scorer.score([(a.question, a.text) for a in test if a.phenomenon == PLAIN][:200])
    aside = [score for score in off if score.status is Status.OFF_TOPIC]
    assert len(aside) > 0.3 * len(off)
    assert sum(score.status is Status.OFF_TOPIC for score in plain) <= 4
    assert all((score.stance, score.themes) == (None, ()) for score in aside)
    assert all(sum(score.p_stance) == pytest.approx(1) for score in aside)

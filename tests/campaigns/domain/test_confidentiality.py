"""The attacks that a reader of released figures could try."""

import copy
import json
from dataclasses import FrozenInstanceError, replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.cells import Node, People
from campaigns.domain.confidentiality import (
    WITHHELD,
    Band,
    Cell,
    Closing,
    Rate,
    Released,
    Respondent,
    Shares,
    Size,
    Withheld,
    from_json,
    release,
    to_json,
)
from campaigns.domain.definition import Confidentiality
from campaigns.domain.people import Team, TeamTree
from sentiment.labels import Barrier, Theme

PROMISE = Confidentiality()
TREE = TeamTree.of([Team(1, "All"), Team(2, "A", 1), Team(3, "B", 1)])
FOR = (0.0, 0.0, 0.0, 1.0)
AGAINST = (1.0, 0.0, 0.0, 0.0)


def respondents(
    *stances: tuple[float, float, float, float], team: int = 2, first: int = 1
) -> dict[int, Respondent]:
    return {first + n: Respondent(team, stance) for n, stance in enumerate(stances)}


def cell_of(people: dict[int, Respondent], invited: int = 0, team: int = 2) -> Cell:
    others = respondents(*[FOR] * 60, team=3, first=1000)
    closing = Closing(TREE, people | others, {2: invited, 3: 60})
    return release(closing, PROMISE)[team]


def shown(people: dict[int, Respondent], invited: int = 0) -> Released:
    cell = cell_of(people, invited)
    assert isinstance(cell, Released)
    return cell


def test_released_is_made_in_one_place_only() -> None:
    with pytest.raises(TypeError, match="Only the confidentiality module"):
        Released(Band.LOW, Size.FEW)
    with pytest.raises(TypeError, match="Only the confidentiality module"):
        Shares(10, 10, 10, 80, (10, 20))


def test_released_cant_be_changed() -> None:
    cell = shown(respondents(*[FOR] * 8))
    with pytest.raises(FrozenInstanceError):
        cell.band = Band.HALF  # type: ignore[misc]
    assert copy.deepcopy(cell) == cell


def test_a_group_below_the_minimum_is_withheld() -> None:
    assert cell_of(respondents(*[FOR] * 4)) == WITHHELD
    assert isinstance(cell_of(respondents(*[FOR] * 5)), Released)


def test_empty_small_and_protected_groups_look_the_same() -> None:
    earlier: list[dict[Node, People]] = [{2: frozenset(range(1, 9))}]
    empty = cell_of({})
    small = cell_of(respondents(*[AGAINST] * 4))
    closing = Closing(TREE, respondents(*[FOR] * 7), {2: 9}, earlier)
    protected = release(closing, PROMISE)[2]
    assert {empty, small, protected} == {Withheld()}
    assert {json.dumps(to_json(cell)) for cell in (empty, small, protected)} == {"{}"}
    assert {repr(cell) for cell in (empty, small, protected)} == {"Withheld()"}


def test_a_minimum_above_five_counts() -> None:
    closing = Closing(TREE, respondents(*[FOR] * 9), {})
    assert release(closing, Confidentiality(minimum_group=10))[2] == WITHHELD


@pytest.mark.parametrize(("n", "is_shown"), [(5, False), (6, True)])
def test_a_group_needs_one_more_where_everybody_sees_results(n: int, is_shown: bool) -> None:
    """Whoever looks takes their own answer away, and as many as were promised are left."""
    closing = Closing(TREE, respondents(*[FOR] * n), {})
    cell = release(closing, Confidentiality(staff_see_results=True))[2]
    assert isinstance(cell, Released) is is_shown
    assert isinstance(release(closing, Confidentiality())[2], Released)


def test_unanimous_and_all_but_one_look_the_same() -> None:
    assert shown(respondents(*[AGAINST] * 5)) == shown(respondents(*[AGAINST] * 4, FOR))
    assert shown(respondents(*[AGAINST] * 5)).band is Band.HALF
    assert shown(respondents(*[FOR] * 6)) == shown(respondents(*[FOR] * 5, AGAINST))


def test_sizes_are_classes() -> None:
    sizes = [shown(respondents(*[FOR] * n)).size for n in (5, 9, 10, 19, 20, 49, 50, 300)]
    few, tens, dozens, many = Size
    assert sizes == [few, few, tens, tens, dozens, dozens, many, many]


def test_percentages_only_from_twenty_people_on() -> None:
    assert shown(respondents(*[FOR] * 19)).shares is None
    assert shown(respondents(*[FOR] * 20)).shares is not None


@given(st.lists(st.floats(0, 1), min_size=20, max_size=80))
def test_percentages_go_in_steps_and_are_cut(values: list[float]) -> None:
    people = respondents(*((x, 0.0, 0.0, 1 - x) for x in values))
    shares = shown(people).shares
    assert shares is not None
    numbers = [
        shares.resistant,
        shares.ambivalent,
        shares.neutral,
        shares.supportive,
        *shares.interval,
    ]
    assert all(number % 5 == 0 and 10 <= number <= 80 for number in numbers)
    low, high = shares.interval
    assert low <= shares.resistant <= high


@given(st.lists(st.floats(0, 1), min_size=5, max_size=19))
def test_nothing_but_band_and_size_follows_from_the_values_of_a_small_group(
    values: list[float],
) -> None:
    cell = shown(respondents(*((x, 0.0, 0.0, 1 - x) for x in values)))
    mean = sum(values) / len(values)
    edges = {
        Band.LOW: (0, 0.2),
        Band.SOME: (0.2, 0.35),
        Band.MUCH: (0.35, 0.5),
        Band.HALF: (0.5, 1),
    }
    low, high = edges[cell.band]
    assert low - 1e-9 <= mean <= high + 1e-9
    assert cell.shares is None


@pytest.mark.parametrize(
    ("answered", "invited", "rate"),
    [
        (5, 0, None),
        (7, 7, None),
        (7, 8, Rate.MOST),
        (8, 8, Rate.MOST),
        (5, 16, Rate.UNDER_A_THIRD),
        (5, 15, Rate.ABOUT_HALF),
        (10, 15, Rate.ABOUT_HALF),
        (9, 8, Rate.MOST),
    ],
)
def test_answer_rate_is_coarse_and_needs_eight_invited(
    answered: int, invited: int, rate: Rate | None
) -> None:
    assert shown(respondents(*[FOR] * answered), invited).rate is rate


def with_words(n: int, share_it: int) -> dict[int, Respondent]:
    people = respondents(*[AGAINST] * n)
    barriers, themes = frozenset({Barrier.ABILITY}), frozenset({Theme.TOOLS})
    return {
        person: replace(one, barriers=barriers, themes=themes) if person <= share_it else one
        for person, one in people.items()
    }


@pytest.mark.parametrize(
    ("n", "share_it", "named"), [(9, 9, False), (10, 2, False), (10, 3, True), (30, 3, True)]
)
def test_barrier_and_themes_need_a_larger_group_and_three_who_share_them(
    n: int, share_it: int, named: bool
) -> None:
    cell = shown(with_words(n, share_it))
    assert cell.barrier == (Barrier.ABILITY if named else None)
    assert cell.themes == ((Theme.TOOLS,) if named else ())


def test_at_most_three_themes_and_never_the_barrier_none() -> None:
    one = Respondent(2, AGAINST, frozenset({Barrier.NONE}), frozenset(Theme))
    cell = shown(dict.fromkeys(range(1, 13), one))
    assert len(cell.themes) == 3
    assert cell.barrier is None


def chose(n: int, options: dict[str, int]) -> dict[int, Respondent]:
    """So many people, of whom the first ones chose each option of one question."""
    return {
        person: replace(
            one, picks=frozenset({("wait", key) for key, m in options.items() if person <= m})
        )
        for person, one in respondents(*[AGAINST] * n).items()
    }


@pytest.mark.parametrize(
    ("n", "options", "picks"),
    [
        (9, {"sign": 5, "post": 4}, ()),
        (10, {"sign": 2}, ()),
        (10, {"sign": 10}, ()),  # one alone would say that nearly everybody took it
        (10, {"sign": 8, "post": 2}, ()),
        (10, {"sign": 4, "post": 3}, ("sign", "post")),
        (12, {"post": 4, "sign": 6, "copy": 3, "call": 5}, ("sign", "call", "post")),
    ],
)
def test_what_was_chosen_needs_as_many_as_themes_and_has_no_number(
    n: int, options: dict[str, int], picks: tuple[str, ...]
) -> None:
    cell = shown(chose(n, options))
    assert cell.picks == tuple([("wait", key) for key in picks])
    assert from_json(json.loads(json.dumps(to_json(cell)))) == cell


def test_the_mean_is_over_people_whatever_the_order() -> None:
    people = list(respondents(*[AGAINST, FOR] * 10).items())
    Random(1).shuffle(people)
    assert shown(dict(people)) == shown(dict(sorted(people)))


@given(st.integers(5, 60), st.integers(0, 60))
def test_a_cell_survives_its_storage(n: int, against: int) -> None:
    cell = shown(with_words(n, against) | respondents(*[FOR] * 3, first=500), invited=70)
    assert from_json(json.loads(json.dumps(to_json(cell)))) == cell
    assert from_json(json.loads(json.dumps(to_json(WITHHELD)))) is WITHHELD


def test_every_node_has_a_cell() -> None:
    assert release(Closing(TREE, {}, {}), PROMISE) == dict.fromkeys((1, 2, 3), WITHHELD)

"""The organisation itself. The order in which chance is drawn is fixed: a seed is one organisation.

Person j in team i, week t, on the logit scale:

    eta = mu + campaign(t) (1 + react_i) + a_i + b_j + w_it + c_jt + delta_i(t)
    u   = eta + Logistic(0, 1),  R = [u > 0]

Seen of it is, where somebody was asked and answered, one resistance probability x made of two
scales and a text. Whether they answer depends on eta, too: silence is no accident.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.orgsim.quantile import quantile
from bench.orgsim.worlds import SCENARIOS, World, world_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

# logit x = c0 + c1 (3 - l1) + [l2] c2 (3 - l2) + [no l2] c3 (3 - l1) + [text] (c4 + c5 logit s),
# a logistic regression of the true state, fitted once.
FUSE = (-0.90, 1.09, 1.11, 0.36, 0.46, 1.43)


@dataclass
class Org:
    """P people in T teams over W weeks; what stands below `s` no detector may see."""

    p: World
    scenario: str
    seed: int
    team_size: Ints  # [T]
    person_team: Ints  # [P]
    asked: Bools  # [P, W]
    resp: Bools  # [P, W]
    x: Floats  # [P, W], nan without an answer
    l1: NDArray[np.int8]  # [P, W], 0 is missing
    l2: NDArray[np.int8]
    s: Floats  # [P, W], nan without a text
    R: Bools  # [P, W]
    true_p: Floats  # [T, W]
    changed: Bools  # [T], needs a change agent
    change_week: Ints  # [T], -1 where nothing changes
    blip: Bools  # [T], one odd week; an alert there is a false one
    need: Bools  # [T, W]
    pot: tuple[Floats, Floats, Bools, Floats]  # what would be, for `observe`

    def observe(
        self, t: int, force: Bools | None = None, boost: Bools | None = None
    ) -> tuple[Bools, Bools, Floats]:
        """Asked, answered and x [P] of week t when teams in `force` are asked off their turn, and
        teams in `boost` with a reminder."""
        answering, drawn, skip, x_all = self.pot
        nobody = np.zeros(len(self.team_size), bool)
        force = nobody if force is None else force
        boost = nobody if boost is None else boost
        asked = self.asked[:, t] | (force & ~skip[:, t])[self.person_team]
        urged = self.p.boost * boost[self.person_team]
        resp = asked & (drawn[:, t] < _sigmoid(answering[:, t] + urged))
        return asked, resp, np.where(resp, x_all[:, t], np.nan)


@dataclass
class _Turn:
    """What the scenario does to which teams; all [T, W] but the last three, which are [T]."""

    delta: Floats
    silent_all: Floats
    silent_resistant: Floats
    changed: Bools
    week: Ints
    blip: Bools


def simulate(scenario: str = "null", seed: int = 0, **changes: object) -> Org:
    """The organisation of that seed."""
    world = world_of(scenario, **changes)
    rng = np.random.default_rng([seed, SCENARIOS.index(scenario)])
    size = _sizes(world, scenario, rng)
    team = np.repeat(np.arange(world.n_teams), size)
    level = rng.normal(0, world.sd_team, world.n_teams)
    level = np.clip(level, -world.trunc_team, world.trunc_team)
    lasting = rng.normal(0, world.sd_person, len(team))
    campaign = _campaign(world)
    react = rng.normal(0, world.sd_react, world.n_teams)
    wobble = _autoregressive(world.n_teams, world.weeks, world.sd_week, world.phi_week, rng)
    own = _autoregressive(len(team), world.weeks, world.sd_pweek, world.phi_pweek, rng)
    turn = _turn(world, scenario, level, rng)
    if scenario in ("shock", "shock_step"):
        campaign = campaign + world.shock * (np.arange(world.weeks) >= world.shock_week)
    moved = world.mu + campaign[None, :] * (1 + react[:, None])
    eta = moved + level[:, None] + wobble + turn.delta
    eta = eta[team] + _people(world, lasting, rng) + own
    u = eta + rng.logistic(0, 1, eta.shape)
    first = np.r_[0, np.cumsum(size)[:-1]]
    true_p = np.add.reduceat(_sigmoid(eta), first, axis=0) / size[:, None]
    answering, asked, drawn, skip = _asking(world, team, eta, u > 0, turn, rng)
    resp = asked & (drawn < _sigmoid(answering))
    l1, l2, s = _said(world, u, rng)
    x = fuse(l1, l2, s)
    pot = (answering, drawn, skip, x.copy())
    for scale in (l1, l2):
        scale[~resp] = 0
    s[~resp] = np.nan
    x[~resp] = np.nan
    need = _need(world, true_p, turn)
    return Org(
        world, scenario, seed, size, team, asked, resp, x, l1, l2, s, u > 0, true_p, turn.changed,
        turn.week, turn.blip, need, pot,
    )  # fmt: skip


def fuse(l1: NDArray[np.int8], l2: NDArray[np.int8], s: Floats) -> Floats:
    """One probability of resistance an answer."""
    first, second, has_text = 3.0 - l1, 3.0 - l2, ~np.isnan(s)
    sure = np.clip(np.nan_to_num(s, nan=0.5), 1e-3, 1 - 1e-3)
    text = np.where(has_text, FUSE[4] + FUSE[5] * np.log(sure / (1 - sure)), 0.0)
    scales = np.where(l2 > 0, FUSE[2] * second, FUSE[3] * first)
    return _sigmoid(FUSE[0] + FUSE[1] * first + scales + text)


def _sigmoid(z: NDArray[Any]) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


def _sizes(world: World, scenario: str, rng: np.random.Generator) -> Ints:
    drawn = np.round(np.exp(rng.normal(world.size_logmean, world.size_logsd, world.n_teams)))
    if scenario == "tiny":
        return rng.integers(5, 8, world.n_teams)
    return np.clip(drawn, world.size_lo, world.size_hi).astype(np.int64)


def _campaign(world: World) -> Floats:
    offsets = np.zeros(world.weeks)
    for week, offset in world.campaign:
        offsets[week:] = offset
    return offsets


def _autoregressive(n: int, weeks: int, sd: float, phi: float, rng: np.random.Generator) -> Floats:
    z = np.zeros((n, weeks))
    if sd <= 0:
        return z
    z[:, 0] = rng.normal(0, sd, n)
    shocks = rng.normal(0, sd * np.sqrt(1 - phi**2), (n, weeks))
    for t in range(1, weeks):
        z[:, t] = phi * z[:, t - 1] + shocks[:, t]
    return z


def _turn(world: World, scenario: str, level: Floats, rng: np.random.Generator) -> _Turn:
    n = world.n_teams
    shape = (n, world.weeks)
    turn = _Turn(
        np.zeros(shape), np.zeros(shape), np.zeros(shape),
        np.zeros(n, bool), np.full(n, -1), np.zeros(n, bool),
    )  # fmt: skip
    k = max(1, round(world.frac * n))
    teams: Ints = rng.permutation(n)[:k]
    start: Ints = rng.integers(world.change_lo, world.change_hi + 1, k)
    weeks = np.arange(world.weeks)[None, :]
    after = weeks >= start[:, None]
    if scenario in ("step", "step_small", "tiny", "shock_step", "silent", "turnover"):
        turn.delta[teams] = (world.delta_small if scenario == "step_small" else world.delta) * after
    elif scenario == "drift":
        ramp = np.clip((weeks - start[:, None] + 1) / world.drift_weeks, 0, 1)
        turn.delta[teams] = world.delta * ramp
    elif scenario == "blip":
        turn.delta[teams] = world.delta * (weeks == start[:, None])
        turn.blip[teams], turn.week[teams] = True, start
        return turn
    elif scenario == "high":
        level[teams], start = world.high, np.zeros(k, int)
    else:
        return turn
    if scenario == "silent":
        turn.silent_all[teams] = world.sil_all * after
        turn.silent_resistant[teams] = world.sil_res * after
    turn.changed[teams], turn.week[teams] = True, start
    return turn


def _people(world: World, lasting: Floats, rng: np.random.Generator) -> Floats:
    if world.turnover <= 0:
        return lasting[:, None]
    people = np.repeat(lasting[:, None], world.weeks, 1)
    for t in range(1, world.weeks):
        new = rng.random(len(lasting)) < world.turnover
        people[new, t:] = rng.normal(0, world.sd_person, new.sum())[:, None]
    return people


def _asking(
    world: World, team: Ints, eta: Floats, resistant: Bools, turn: _Turn, rng: np.random.Generator
) -> tuple[Floats, Bools, Floats, Bools]:
    n, weeks = turn.delta.shape
    rate = rng.uniform(world.rr_lo, world.rr_hi, n)
    of_team = np.log(rate / (1 - rate))[:, None]
    if world.sd_rr_week > 0:
        of_team = of_team + rng.normal(0, world.sd_rr_week, (n, weeks))
    else:
        of_team = of_team + np.zeros((n, weeks))
    of_person = rng.normal(0, world.sd_rr_person, len(team))
    answering = (of_team + turn.silent_all)[team] + of_person[:, None]
    answering = answering - world.mood * (eta - world.mu) + turn.silent_resistant[team] * resistant
    every = np.where(rng.random(n) < world.biweekly, 2, 1)
    phase: Ints = np.asarray(rng.integers(0, 2, size=n))
    skip: Bools = rng.random((n, weeks)) < world.skip
    pulse = ((np.arange(weeks)[None, :] + phase[:, None]) % every[:, None] == 0) & ~skip
    if world.holiday > 0:
        away = np.flatnonzero(rng.random(size=n) < world.holiday)
        start = rng.integers(0, weeks - 1, len(away))
        dip = np.zeros((n, weeks))
        dip[away, start] = dip[away, start + 1] = world.holiday_dip
        answering = answering + dip[team]
    return answering, pulse[team], rng.random(eta.shape), skip


def _said(
    world: World, u: Floats, rng: np.random.Generator
) -> tuple[NDArray[np.int8], NDArray[np.int8], Floats]:
    cuts = np.array(world.cuts)

    def scale() -> NDArray[np.int8]:
        felt = u + rng.normal(0, world.lik_sd, u.shape)
        passed: Ints = (felt[..., None] > cuts).sum(-1)
        return (5 - passed).astype(np.int8)

    l1, l2 = scale(), scale()
    l2[rng.random(u.shape) >= world.p_item2] = 0
    yes = world.text_sd * quantile(world.sens)
    no = -world.text_sd * quantile(world.spec)
    s = _sigmoid(np.where(u > 0, yes, no) + world.text_sd * rng.normal(0, 1, u.shape))
    s[rng.random(u.shape) >= world.p_text] = np.nan
    return l1, l2, s


def _need(world: World, true_p: Floats, turn: _Turn) -> Bools:
    """Changed, or for four weeks clearly above the organisation."""
    n, weeks = true_p.shape
    sums = np.cumsum(np.c_[np.zeros(n), true_p], 1)
    since = [max(0, t - 3) for t in range(weeks)]
    four = [(sums[:, t + 1] - sums[:, s]) / (t + 1 - s) for t, s in enumerate(since)]
    need: Bools = np.stack(four, 1) - true_p.mean(0) >= world.need_excess
    for team in np.nonzero(turn.changed)[0]:
        need[team, turn.week[team] :] = True
    return need

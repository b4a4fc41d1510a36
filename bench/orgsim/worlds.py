"""What can be set about a simulated organisation, and its scenarios."""

from dataclasses import dataclass

SCENARIOS = (
    "null", "step", "step_small", "drift", "silent", "tiny", "blip", "shock", "shock_step", "high",
    "flat_null", "turnover",
)  # fmt: skip


@dataclass
class World:
    """Sizes, rates and spreads; what is a shift or a spread is on the logit scale.

    Scales and texts stand for a person's state: a scale's cut points lie on the latent value with
    noise `lik_sd`; a text is read by a scorer with sensitivity `sens` and specificity `spec`.
    """

    n_teams: int = 200
    weeks: int = 26
    mu: float = -2.05  # about 27 % resistant on average
    sd_team: float = 0.50
    trunc_team: float = 1.0  # so that without a scenario no team is "high"
    sd_person: float = 2.4  # lasting differences between people
    sd_week: float = 0.30  # how teams wobble from week to week, AR(1)
    phi_week: float = 0.6
    sd_pweek: float = 0.6  # how people do
    phi_pweek: float = 0.7
    sd_react: float = 0.3  # teams react differently to the same campaign
    campaign: tuple[tuple[int, float], ...] = ((0, 0.0), (5, 0.4), (12, 0.9), (15, 0.5), (19, 0.0))
    size_lo: int = 5
    size_hi: int = 40
    size_logmean: float = 2.3  # a median of about 10
    size_logsd: float = 0.55
    rr_lo: float = 0.2  # answer rates of teams
    rr_hi: float = 0.8
    sd_rr_person: float = 0.8
    sd_rr_week: float = 0.3
    holiday: float = 0.25  # share of teams with one dip of two weeks in the answers, no signal
    holiday_dip: float = -1.5
    boost: float = 0.7  # what a personal reminder does
    mood: float = 0.20  # resistant people answer less
    biweekly: float = 0.3  # share of teams asked every second week
    skip: float = 0.05  # a team misses a pulse
    lik_sd: float = 1.8
    cuts: tuple[float, ...] = (-2.6, -0.9, 0.5, 2.0)
    p_item2: float = 0.5
    p_text: float = 0.5
    sens: float = 0.8
    spec: float = 0.9
    text_sd: float = 1.5
    frac: float = 0.10  # share of teams that change
    change_lo: int = 8
    change_hi: int = 14  # that week included
    delta: float = 2.2  # a step: from 27 % to about 53 % resistant
    delta_small: float = 1.4
    drift_weeks: int = 10
    shock: float = 1.6
    shock_week: int = 11
    high: float = 2.2
    sil_all: float = -0.9  # a silent team: how everybody's answering shifts
    sil_res: float = -2.2  # and in addition that of the resistant
    need_excess: float = 0.20  # so far above the organisation, a team truly needs somebody
    turnover: float = 0.0  # share of people replaced a week; .02 in that scenario


def world_of(scenario: str, **changes: object) -> World:
    """The world of a scenario, with these settings changed."""
    if scenario not in SCENARIOS:
        raise ValueError(f"no scenario {scenario!r}; there are {', '.join(SCENARIOS)}")
    world = World(**changes)  # type: ignore[arg-type]
    if scenario == "tiny":
        world.size_lo, world.size_hi = 5, 7
    if scenario == "turnover":
        world.turnover = max(world.turnover, 0.02)
    if scenario == "flat_null":
        world.campaign = ((0, 0.0),)
        world.sd_week = world.sd_react = world.sd_rr_week = 0.0
    return world

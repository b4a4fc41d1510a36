"""All figures of a simulated run, as they go into a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from campaigns.domain.outbox import MOVED, Kind

if TYPE_CHECKING:
    from datetime import datetime

    from campaigns.flows.simulating import Simulated

_KINDS = (Kind.VISION, Kind.PULSE, Kind.REMINDER, Kind.FOLLOW_UP, Kind.TOLD)


def figures(found: Simulated) -> dict[str, Any]:
    """Plain values; people and messages are whole numbers, moments are in UTC."""
    run, alerts = found.run, found.alerts
    return {
        "campaign": run.campaign,
        "from": run.now.isoformat(timespec="seconds"),
        "people": round(run.n_people),
        "teams": found.n_teams,
        "beside": list(found.others),
        "lives_made_up": found.n_lives,
        "assumptions": {name: value for name, value, _ in found.assumed.told()},
        "weeks": _weeks(found),
        "rounds": _rounds(found),
        "waits_for_telling_back": [
            {"touchpoint": touchpoint, "round": key, "until": _iso(at)}
            for (touchpoint, key), at in found.went_on.items()
        ],
        "no_room": [
            {"campaign": place.campaign, "touchpoint": place.name, "kind": place.kind.value}
            | {"effect": "moved" if reason.startswith(MOVED) else "dropped"}
            | {"reason": reason.removeprefix(MOVED), "messages": round(n)}
            for (place, _, reason), n in run.no_room.items()
        ],
        "answers": {key: round(n) for key, n in run.answers.items()},
        "texts": {key: round(n) for key, n in run.words.items()},
        "follow_ups": [
            {"campaign": key, "rule": rule, "decided": round(one.n_decided)}
            | {"held_out": round(one.n_held)}
            for (key, rule), one in run.follow_ups.items()
        ],
        "alerts": {"false": round(alerts.n_false, 1), "true": round(alerts.n_true, 1)}
        | {"at_most": alerts.at_most},
    }


def _weeks(found: Simulated) -> list[dict[str, Any]]:
    return [
        {
            "from": week.begins_on.isoformat(),
            "messages": {kind.value: round(week.by_kind[kind]) for kind in _KINDS},
            "people_by_messages": {n: round(week.people[n]) for n in sorted(week.people)},
        }
        for week in found.run.weeks
    ]


def _rounds(found: Simulated) -> list[dict[str, Any]]:
    return [
        {
            "touchpoint": place.name,
            "kind": place.kind.value,
            "round": place.round,
            "questions_in_turn": list(seen.asks),
            "people": round(seen.n_sent),
            "later": round(seen.n_moved),
            "never": round(seen.n_dropped),
            "first_at": _iso(seen.first_at),
            "last_at": _iso(found.ends.get(place, seen.last_at)),
        }
        for place, seen in found.mine()
    ]


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None

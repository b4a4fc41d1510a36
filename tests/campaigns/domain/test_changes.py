"""What a new version changes is told by part and key, so that nobody undoes what another did."""

from campaigns.domain.changes import changes
from tests.campaigns.domain.drafts import plain, pulse, scale, vision


def test_changes_name_what_is_new_gone_and_changed_and_nothing_else() -> None:
    spring, autumn = (vision(key, title=key, text=key) for key in ("spring", "autumn"))
    before = plain(touchpoints=[vision(), spring, pulse()], questions=[scale()])
    after = plain(
        touchpoints=[vision(text="Other words"), pulse(), autumn],
        questions=[scale()],
        limits={"messages_per_week": 2},
    )
    assert changes(before, after) == [
        "limits: changed",
        "touchpoints: new autumn; gone spring; changed hello",
    ]
    assert changes(before, before) == []


def test_changes_tell_another_order_too() -> None:
    both = [vision(), pulse()]
    one, other = (plain(touchpoints=order, questions=[scale()]) for order in (both, both[::-1]))
    assert changes(one, other) == ["touchpoints: changed"]

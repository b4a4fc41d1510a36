from datetime import UTC, datetime, timedelta

from bot.clocks import SimulatedClock, system_now

START = datetime(2027, 1, 11, 7, 0, tzinfo=UTC)


def test_system_now_is_aware() -> None:
    assert system_now().tzinfo is UTC


def test_simulated_clock_stands_still_until_moved() -> None:
    clock = SimulatedClock(START)
    assert clock.now() == clock.now() == START
    clock.move_to(START + timedelta(hours=2))
    assert clock.now() == START + timedelta(hours=2)


def test_simulated_clock_never_goes_back() -> None:
    clock = SimulatedClock(START)
    clock.move_to(START - timedelta(days=1))
    assert clock.now() == START


def test_simulated_clock_runs_once_let_go() -> None:
    clock = SimulatedClock(START)
    clock.let_go()
    first = clock.now()
    while clock.now() == first:
        pass
    assert START <= first < clock.now() < START + timedelta(minutes=5)

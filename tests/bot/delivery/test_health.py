"""Problems begin and end with their causes, and are said once."""

import logging

import pytest

from bot.delivery.health import Health


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now_s


@pytest.fixture
def clock() -> Watch:
    """Return a clock."""
    return Watch()


class File:
    """A bot's file that a test makes unwritable."""

    problem = ""


@pytest.fixture
def file() -> File:
    """Return a file that can be written."""
    return File()


@pytest.fixture
def health(clock: Watch, file: File) -> Health:
    """Return the health of a bot that has just begun."""
    return Health(file_problem=lambda: file.problem, now=clock)


def test_a_poller_is_deaf_after_a_minute(health: Health, clock: Watch) -> None:
    """A minute without a poll that succeeds is a problem, until one does."""
    health.poll_began()
    health.poll_succeeded()
    assert health.is_ready
    clock.now_s += 59.9
    assert health.problems == {}
    clock.now_s += 0.1
    assert health.problems == {"deaf": "no poll has succeeded for 60 s"}
    health.poll_succeeded()
    assert health.problems == {}


def test_whoever_has_not_polled_is_not_ready(health: Health) -> None:
    """A start is not enough: the first poll must succeed."""
    health.poll_began()
    assert health.problems == {}
    assert not health.is_ready


def test_three_conflicts_in_a_minute_are_a_problem(health: Health, clock: Watch) -> None:
    """One may be a restart; a third is another program."""
    health.poll_began()
    for _ in range(2):
        health.poll_conflicted()
        clock.now_s += 5
    assert health.problems == {}
    health.poll_conflicted()
    assert list(health.problems) == ["conflict"]
    clock.now_s += 51
    health.poll_succeeded()
    assert health.problems == {}


def test_an_inbox_is_well_once_it_is_written(health: Health, file: File) -> None:
    """A disk that was full is no problem any more."""
    file.problem = "full"
    assert health.problems == {"inbox": "full"}
    file.problem = ""
    assert health.problems == {}


def test_an_index_that_is_away_is_a_problem() -> None:
    """Nobody is ready to answer without it."""
    reasons = ["it is away"]
    health = Health(index_problem=lambda: reasons[0])
    health.is_receiving = True
    assert health.problems == {"index": "it is away"}
    assert not health.is_ready
    reasons[0] = ""
    assert health.is_ready


def test_whoever_stops_is_not_ready(health: Health) -> None:
    """Nothing is wrong, but no more questions should come."""
    health.poll_succeeded()
    health.is_stopping = True
    assert not health.is_ready
    assert health.problems == {}


def test_each_problem_is_said_once(
    health: Health, file: File, caplog: pytest.LogCaptureFixture
) -> None:
    """When it begins and when it ends."""
    caplog.set_level(logging.INFO)
    file.problem = "full"
    health.say()
    health.say()
    file.problem = ""
    health.say()
    assert [record.getMessage() for record in caplog.records] == [
        "full",
        "no longer a problem: inbox",
    ]

"""A candidate who rates the answer before the feedback is heard."""

from __future__ import annotations

import pytest

from tests.fakes import quiet
from tests.interview.rooms import LAUNCH, RESULT, OpenRoom, ScriptedProber, with_follow_ups
from tests.interview.test_interview import a_day
from voicemock.models import Ratings
from voicemock.speech.recorder import Command
from voicemock.store.store import Store

ON = {"rate_yourself": True}
OWN = Ratings(length=4, structure=5, result=3)


def test_a_rating_is_asked_for_before_the_feedback_and_kept(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.2), settings=ON)
    here.screen.ratings = [OWN]
    (answer,) = here.run().answers
    assert here.screen.rated_after == [0], "nothing was shown before"
    assert answer.self_rating == OWN
    assert answer.timings is not None
    assert answer.timings.feedback_started_s is not None
    assert here.answers[0].self_rating == OWN
    assert [each.self_rating for each in here.screen.own_views] == [OWN]
    assert [take.measured.self_rating for take in here.store.takes.measured()] == [OWN]


@pytest.mark.parametrize(
    ("settings", "asked"), [({}, 0), (ON, 1)], ids=["it is not asked for", "every item was skipped"]
)
def test_without_a_rating_nothing_is_kept_or_shown(room: OpenRoom, settings: dict[str, bool], asked: int) -> None:
    here = room(LAUNCH, quiet(7.2), settings=settings)
    (answer,) = here.run().answers
    assert (len(here.screen.rated_after), answer.self_rating, here.screen.own_views) == (asked, None, [])


def test_an_answer_with_follow_ups_is_rated_once_when_all_is_said(room: OpenRoom) -> None:
    here = room(
        *(LAUNCH, quiet(7.5), RESULT, quiet(7.5)),
        agenda=with_follow_ups(1),
        prober=ScriptedProber("cost"),
        settings=ON,
    )
    here.screen.ratings = [OWN]
    assert [answer.self_rating for answer in here.run().answers] == [OWN, None]
    assert [answer.self_rating for answer in here.answers] == [OWN, None]
    assert len(here.screen.rated_after) == 1


def test_in_a_day_each_answer_is_rated_though_the_feedback_comes_at_the_end(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.5), RESULT, quiet(7.5), count=2, agenda=a_day, settings=ON)
    here.screen.ratings = [OWN, Ratings(delivery=1)]
    here.run()
    kept = [answer.self_rating for answer in here.answers if answer.self_rating is not None]
    assert kept == [OWN, Ratings(delivery=1)]
    assert here.screen.own_views == []


@pytest.mark.parametrize("command", [Command.SKIP, Command.QUIT])
def test_what_was_skipped_or_left_is_not_rated(room: OpenRoom, command: Command) -> None:
    here = room(LAUNCH, quiet(7.2), settings=ON, keys={3.0: command})
    here.run()
    assert here.screen.rated_after == []


def test_silence_is_not_rated(room: OpenRoom) -> None:
    here = room(quiet(90), settings=ON)
    here.run()
    assert here.screen.rated_after == []


def test_a_drill_is_not_rated(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.5), RESULT, quiet(7.5), settings=ON)
    here.screen.drills = 1
    here.screen.ratings = [OWN, OWN]
    assert [answer.self_rating for answer in here.run().answers] == [OWN, None]


def test_a_rating_stays_when_the_answer_is_measured_again(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.2), settings=ON)
    here.screen.ratings = [OWN]
    here.run()
    (take,) = here.store.takes.all()
    assert take.answer.assessment is not None
    here.store.takes.reassess(take, take.answer.assessment, take.answer.recorded_at)
    assert [each.measured.self_rating for each in here.store.takes.measured()] == [OWN]
    assert here.answers[0].self_rating == OWN


def test_who_is_gone_while_rating_loses_nothing(room: OpenRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    here = room(
        LAUNCH, quiet(7.5), RESULT, quiet(7.5), agenda=with_follow_ups(1), prober=ScriptedProber("cost"), settings=ON
    )

    def gone() -> Ratings:
        raise KeyboardInterrupt

    monkeypatch.setattr(here.screen, "rate_yourself", gone)
    here.fails(KeyboardInterrupt)
    main, reply = here.answers
    assert (main.status, reply.status) == ("answered", "answered")
    assert main.assessment is not None
    assert main.assessment.feedback.spoken
    assert main.self_rating is None


def test_a_deleted_answer_takes_its_rating_with_it(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.2), settings=ON)
    here.screen.ratings = [OWN]
    here.run()
    folder = here.store.sessions.folder(here.session).parent.parent
    here.close()
    with Store(folder) as store:
        store.delete_answer(store.sessions.find("last"), 1)
        assert store.takes.measured() == ()
    files = list(folder.glob("voicemock.db*"))
    assert files
    assert all(b"self_rating" not in file.read_bytes() for file in files)

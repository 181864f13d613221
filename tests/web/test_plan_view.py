"""The plan in the page: for the day that was set, remembered by the browser, each item a link."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest

from tests.progresses import practiced
from tests.web.conftest import OpenServer
from tests.web.test_progress_view import HOSTILE, text_of
from voicemock.practice.plan import WEEKDAYS

TODAY = datetime.now(UTC).astimezone().date()


def query(days: int, **more: str) -> str:
    given = {"date": str(TODAY + timedelta(days=days)), **more}
    return "/plan?" + "&".join(f"{name}={value}" for name, value in given.items())


def test_it_says_how_long_it_is_and_what_to_practice(open_server: OpenServer):
    server = open_server()
    practiced(server.settings.data_dir, datetime.now(UTC))
    shown = server.client().get(query(10, loop="amazon", minutes="30", off="sunday"))
    assert shown.status_code == 200
    text = text_of(shown.text)
    for said in (
        "in 10 days",
        "(amazon loop)",
        "30 minutes a day, Sundays off",
        "It is based on your",
        "rehearsal",
        "a light day",
    ):
        assert said in text
    assert "/interview?loop=amazon&minutes=60" in unescape(shown.text)  # the rehearsal, in twice a day's time
    assert "voicemock" not in text.partition("Make the plan")[2]
    assert '<option value="amazon" selected>' in shown.text
    assert 'value="sunday" checked' in shown.text


@pytest.mark.parametrize(("days", "said"), [(0, "The interview is today"), (1, "tomorrow"), (180, "in 180 days")])
def test_when_it_is(open_server: OpenServer, days: int, said: str):
    assert said in text_of(open_server().client().get(query(days)).text)


def test_without_a_day_it_plans_two_weeks_and_says_so(open_server: OpenServer):
    shown = text_of(open_server().client().get("/plan").text)
    assert f"No date was given, so this is a plan for an interview on {TODAY + timedelta(days=14)}." in shown
    assert "This is a beginner's plan" in shown


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (query(-1), "is in the past; today is"),
        (query(181), "is 181 days away; a plan reaches 180"),
        ("/plan?date=18.12.2026", "'18.12.2026' is not a date."),
        (query(5, loop="nowhere"), "There is no loop 'nowhere'."),
        (query(5, minutes="5"), "A day has 10 to 240 minutes for practice, not '5'."),
        (query(5, minutes="-30"), "not '-30'"),
        (query(5, minutes="9" * 5000), "A day has 10 to 240 minutes"),
        (query(5, off="someday"), "'someday' is not a weekday."),
        (
            query(5) + "".join(f"&off={day}" for day in WEEKDAYS),
            "leaves no days",
        ),
        (query(5, loop=HOSTILE), "There is no loop"),
        (f"/plan?date={HOSTILE}", "is not a date."),
    ],
)
def test_what_it_does_not_take_is_told_with_the_form_as_it_was(open_server: OpenServer, path: str, told: str):
    refused = open_server().client().get(path)
    assert refused.status_code == 400
    assert told in text_of(refused.text)
    assert "When is your interview?" in refused.text
    assert "<img" not in refused.text
    assert "set-cookie" not in refused.headers


def test_the_browser_remembers_the_day_until_it_is_told_to_forget_it(open_server: OpenServer):
    client = open_server().client()
    day = date.today() + timedelta(days=20)
    client.get(f"/plan?date={day}&minutes=25&off=saturday&off=sunday&more=no")
    again = client.get("/plan")
    assert again.status_code == 303
    assert again.headers["location"] == f"/plan?date={day}&minutes=25&off=saturday&off=sunday"
    assert "in 20 days" in text_of(client.get(again.headers["location"]).text)
    assert client.get("/plan?forget").headers["location"] == "/plan"
    assert client.get("/plan").status_code == 200

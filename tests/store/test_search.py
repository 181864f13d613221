"""The search: finds words, marks them, and never lets them steer the terminal."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.commands import voicemock
from tests.store.test_store import answer, assessment
from voicemock.errors import InputError
from voicemock.models import Story, Transcript, Word
from voicemock.store.overviews import Filters
from voicemock.store.store import Store

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
SAID = {
    "kafka": "We migrated the Kafka cluster and nobody noticed the rollback.",
    "vendor": "The late vendor, um, had no multi-region plan. I cut the scope.",
    "cafe": "The caf\N{LATIN SMALL LETTER E WITH ACUTE} was closed NOT open.",
}


def heard(text: str) -> Transcript:
    pairs = enumerate(text.split())
    return Transcript(text=text, words=tuple(Word(text=w, start_s=i, end_s=i + 1, probability=0.9) for i, w in pairs))


@pytest.fixture
def store(home: Path):
    with Store(home / "data") as opened:
        for day, (name, text) in enumerate(SAID.items()):
            story = Story.named(name) if name == "kafka" else None
            session = opened.sessions.start("amazon" if name == "vendor" else None, "0.1.0", START, story)
            found = assessment().model_copy(update={"transcript": heard(text)})
            kept = answer(1, recorded_at=START + timedelta(days=day), assessment=found)
            if story:
                kept = kept.model_copy(update={"question": None})
            else:
                kept = kept.model_copy(update={"question": kept.question.model_copy(update={"companies": ("acme",)})})
            opened.sessions.add_answer(session, kept)
        yield opened


def texts(store: Store, words: str, **filters) -> list[str]:
    return [
        "".join(piece.text for piece in found.excerpt) for found in store.overviews.search(words, Filters(**filters))
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("kafka", ["kafka"]),
        ("KAFKA rollback", ["kafka"]),
        ("kafka vendor", []),
        ("migration", ["kafka"]),
        ("roll*", ["kafka"]),
        ("roll", []),
        ('"late vendor"', ["vendor"]),
        ('"vendor late"', []),
        ("cafe", ["cafe"]),
        ("not open", ["cafe"]),
        ("the", ["kafka", "vendor", "cafe"]),
    ],
)
def test_what_is_found(store, words, found):
    assert sorted(texts(store, words)) == sorted(SAID[name] for name in found)


@pytest.mark.parametrize(
    "words",
    ['"', "NEAR(", "kafka OR", "text : kafka", "(kafka", "kafka -rollback", "^kafka", "a AND b", "kafka\0x"],
)
def test_no_word_is_a_command(store, words):
    try:
        store.overviews.search(words)
    except InputError:
        assert words == '"'


@pytest.mark.parametrize("words", ["", "   ", "*", '""', "!?"])
def test_a_search_needs_a_word(store, words):
    with pytest.raises(InputError, match="no word"):
        store.overviews.search(words)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"since": START + timedelta(hours=12)}, ["vendor", "cafe"]),
        ({"until": START + timedelta(hours=12)}, ["kafka"]),
        ({"until": START}, []),  # excluded itself
        ({"loop": "amazon"}, ["vendor"]),
        ({"company": "Acme"}, ["vendor", "cafe"]),
        ({"company": "else"}, []),
        ({"pillar": "behavioral"}, ["vendor", "cafe"]),
        ({"story_slug": "kafka"}, ["kafka"]),
    ],
)
def test_what_narrows_a_search(store, filters, found):
    assert sorted(texts(store, "the", **filters)) == sorted(SAID[name] for name in found)


@pytest.mark.parametrize(("words", "start_s"), [("we", 0), ("kafka", 3), ("region", 6), ("scope", 11)])
def test_a_result_says_when_it_was_said(store, words, start_s):
    (found,) = store.overviews.search(words)
    assert found.start_s == start_s
    assert [piece.text.lower() for piece in found.excerpt if piece.is_match] == [words]


def test_the_index_follows_its_answers(store):
    session = store.sessions.find("kafka")
    (kept,) = store.sessions.answers(session)
    store.sessions.add_answer(session, kept.model_copy(update={"assessment": assessment("Something else was said.")}))
    assert texts(store, "kafka") == []
    assert texts(store, "else") == ["Something else was said."]
    store.sessions.add_answer(session, kept.model_copy(update={"assessment": None}))
    assert texts(store, "else") == []


def test_marks_in_a_transcript_are_not_taken_for_our_own(store):
    store.sessions.add_answer(store.sessions.find(), answer(2, "\x01evil\x02 one \x1b[31mred\x1b[0m [bold]x[/bold]"))
    (found,) = store.overviews.search("one")
    assert [piece.text for piece in found.excerpt if piece.is_match] == ["one"]
    result = voicemock("search", "one")
    assert "\x1b" not in result.stdout
    assert "*one*" in result.stdout
    assert "[bold]x[/bold]" in result.stdout


def test_search_shows_where_and_when(store):
    shown = voicemock("search", "late", "vendor", "--loop", "amazon").stdout
    assert f"{store.overviews.search('vendor')[0].session}/1" in shown
    assert "at 0:01" in shown
    assert "*late* *vendor*" in shown
    (line,) = voicemock("search", "kafka", "--story", "KAFKA", "--json").stdout.splitlines()
    assert (json.loads(line)["story"], json.loads(line)["start_s"]) == ("kafka", 3.0)


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        (["nobody"], 0),
        (["x", "--story", "gone"], 1),
        (["x", "--pillar", "poetry"], 2),
        (["x", "--since", "soon"], 2),
        (["!"], 1),
        (["kafka", "--since", "2026-11-01", "--until", "2026-11-01"], 0),
    ],
)
def test_how_a_search_ends(store, arguments, exit_code):
    assert voicemock("search", *arguments).exit_code == exit_code

"""The review page as text: escaped, sealed, complete. What a browser makes of it is in tests/browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from tests.interviews import STARTED, bank, fixture_answer, spoken_answer
from tests.voices import prosody
from voicemock.models import Answer, FeedbackPoint, Prosody, Session
from voicemock.report.page import render_page
from voicemock.report.page_answer import NO_PART_TITLE, answer_view
from voicemock.report.rows import NO_PART, load_measures
from voicemock.report.sheet import environment

ROOT = Path(__file__).parent.parent.parent
VENDOR = ROOT / "voicemock" / "report" / "vendor"
SESSION = Session(id="20261124-091500-7f3a", started_at=STARTED, voicemock_version="0.1.0")
REFRESH = '<meta http-equiv="refresh" content="0;url=https://192.0.2.1/">'
MARKUP = f"{REFRESH}</script><script>alert(1)</script><img src=x onerror=alert(1)> {{{{ 7*7 }}}} &amp; \" ' --> <!--"


class Seen(HTMLParser):
    """Keeps the page's elements and text, and what its scripts and styles hold."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.raw: list[tuple[str, dict[str, str | None], str]] = []
        self._inside: tuple[str, dict[str, str | None]] | None = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside = (tag, dict(attrs)) if tag in ("script", "style") else None

    def handle_endtag(self, tag):
        self._inside = None

    def handle_data(self, data):
        if self._inside:
            self.raw.append((*self._inside, data))
        else:
            self.text += data


def page_of(*answers: Answer, audio: dict[int, str] | None = None, session: Session = SESSION) -> str:
    frameworks = [bank().framework(answer.question.framework if answer.question else "star") for answer in answers]
    return render_page(session, answers, frameworks, audio or {}, load_measures())


def executable(seen: Seen) -> list[str]:
    return [text for tag, attrs, text in seen.raw if tag == "script" and "type" not in attrs]


@pytest.fixture(scope="module")
def story() -> str:
    return page_of(fixture_answer("strong-story"), audio={1: "answer-01.flac"})


def test_everything_measured_is_on_the_page(story):
    text = " ".join(Seen(story).text.split())
    for expected in ("Tell me about a program", "Feedback", "Filled pauses", "Situation", "Measured results", "3:42"):
        assert expected in text


def test_the_parts_that_are_missing_stand_at_the_top() -> None:
    told = fixture_answer("strong-story")
    analysis, framework = told.assessment.analysis, bank().framework("star")
    for missing, shown in (((), "none missing"), (("task", "result"), "missing: Task, Result")):
        structure = analysis.structure.model_copy(update={"missing": missing})
        assessment = told.assessment.model_copy(
            update={"analysis": analysis.model_copy(update={"structure": structure})}
        )
        view = answer_view(told.model_copy(update={"assessment": assessment}), framework, None, load_measures())
        (figure,) = (each for each in view.assessed.figures if each.title == "Parts")
        assert (figure.value, figure.note) == (f"{4 - len(missing)} of 4", shown)


def test_a_name_that_a_template_does_not_know_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nothing }}").render()


def test_each_row_of_the_measures_has_its_definition():
    definitions = load_measures()
    for name in ("strong-story", "rambling-no-result", "too-short", "triage-answer"):
        seen = Seen(page_of(fixture_answer(name)))
        text = " ".join(seen.text.split())
        assert definitions["Length"] in text
        assert definitions["Share of a part"] in text


def test_the_drill_and_what_changed_are_on_the_page():
    answer = spoken_answer("We shipped it.")
    more = {"drill": "Tell only the result again.", "since_last": ("You have a number now.",)}
    feedback = answer.assessment.feedback.model_copy(update=more)
    told = answer.model_copy(update={"assessment": answer.assessment.model_copy(update={"feedback": feedback})})
    text = " ".join(Seen(page_of(told)).text.split())
    assert "Drill: Tell only the result again." in text
    assert "Since the last take: You have a number now." in text


def test_markup_in_the_transcript_stays_text():
    assessment = spoken_answer(f"I said {MARKUP} and we shipped it.").assessment
    points = (FeedbackPoint(kind="priority", text=MARKUP, quote=MARKUP, start_s=1.0),)
    feedback = assessment.feedback.model_copy(
        update={"points": points, "spoken": MARKUP, "drill": MARKUP, "since_last": (MARKUP,)}
    )
    answer = spoken_answer("We shipped it.")
    hostile = answer.model_copy(
        update={
            "assessment": assessment.model_copy(update={"feedback": feedback}),
            "question": answer.question.model_copy(update={"text": MARKUP}),
        }
    )
    seen, plain = Seen(page_of(hostile)), Seen(page_of(answer))
    assert [tag for tag, _ in seen.tags].count("script") == [tag for tag, _ in plain.tags].count("script")
    assert "img" not in [tag for tag, _ in seen.tags]
    assert [attrs for tag, attrs in seen.tags if tag == "meta"] == [attrs for tag, attrs in plain.tags if tag == "meta"]
    assert seen.text.count(REFRESH) >= 6
    assert executable(seen) == executable(plain)
    assert seen.text.count("{{ 7*7 }}") >= 6


def test_no_handler_and_no_style_stands_in_an_attribute(story):
    names = {name for _, attrs in Seen(story).tags for name in attrs}
    assert [name for name in names if name.startswith("on") or name == "style"] == []


def test_the_policy_lets_run_what_is_in_the_page_and_nothing_else(story):
    seen = Seen(story)
    (policy,) = [attrs["content"] for tag, attrs in seen.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
    directives = dict(directive.split(" ", 1) for directive in policy.split("; "))

    def hashes(texts: list[str]) -> str:
        return " ".join(
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts
        )

    assert directives["default-src"] == directives["connect-src"] == "'none'"
    assert directives["script-src"] == hashes(executable(seen))
    assert directives["style-src"] == hashes([text for tag, _, text in seen.raw if tag == "style"])
    assert "unsafe" not in policy


def test_it_names_no_address_outside(story):
    seen = Seen(story)
    addresses = [value for _, attrs in seen.tags for name, value in attrs.items() if name in ("src", "href", "srcset")]
    assert {address for address in addresses if address and not address.startswith("#")} == {"answer-01.flac"}
    assert "sourceMappingURL" not in story
    assert "@import" not in story


def test_word_times_travel_as_data(story):
    (data,) = [text for tag, attrs, text in Seen(story).raw if attrs.get("type") == "application/json"]
    answer = fixture_answer("strong-story")
    assert json.loads(data)["words"] == [[word.start_s, word.end_s] for word in answer.assessment.transcript.words]


@pytest.mark.parametrize("status", ["skipped", "interrupted"])
def test_an_answer_that_was_not_analyzed_says_so(status):
    answer = fixture_answer("too-short").model_copy(update={"status": status, "assessment": None})
    text = Seen(page_of(answer)).text
    assert status.capitalize() in text
    assert "The recording is no longer there." in text


def test_a_story_without_a_question_has_its_name_for_a_title():
    answer = fixture_answer("too-short").model_copy(update={"question": None})
    text = Seen(page_of(answer, session=SESSION.model_copy(update={"story": "Kafka migration"}))).text
    assert "Kafka migration" in text
    assert "Question 1" not in text
    assert "What a strong answer covers" not in text


def test_a_story_without_a_word_has_no_framework():
    answer = fixture_answer("too-short").model_copy(
        update={"question": None, "assessment": None, "status": "no_speech"}
    )
    page = render_page(SESSION, [answer], [None], {}, load_measures())
    assert "No answer was heard." in Seen(page).text


def with_melody(answer: Answer, melody: Prosody | None) -> Answer:
    analysis = answer.assessment.analysis.model_copy(update={"prosody": melody})
    return answer.model_copy(update={"assessment": answer.assessment.model_copy(update={"analysis": analysis})})


def test_the_melody_is_a_curve_a_table_and_rows():
    melody = prosody()
    seen = Seen(page_of(with_melody(fixture_answer("strong-story"), melody)))
    (data,) = [json.loads(text) for tag, attrs, text in seen.raw if attrs.get("class") == "data"]
    assert data["pitch"] == {"step": melody.contour_step_s, "semitones": list(melody.contour)}
    (canvas,) = [attrs for tag, attrs in seen.tags if tag == "canvas"]
    assert "the curve of its pitch" in canvas["aria-label"]
    text = " ".join(seen.text.split())
    for said in ("2.2 semitones, range 8", "Pitch variety, semitones", "Trails off", "Ends high"):
        assert said in text


def test_without_a_melody_the_page_has_neither_its_curve_nor_its_table():
    seen = Seen(page_of(with_melody(fixture_answer("strong-story"), None)))
    (data,) = [json.loads(text) for tag, attrs, text in seen.raw if attrs.get("class") == "data"]
    assert data["pitch"] is None
    assert "Pitch variety, semitones" not in seen.text


def test_silence_has_feedback_and_no_measures():
    assessment = spoken_answer("We shipped it.").assessment
    silent = assessment.model_copy(
        update={
            "transcript": assessment.transcript.model_copy(update={"text": "", "words": ()}),
            "analysis": assessment.analysis.model_copy(
                update={
                    "structure": None,
                    "fillers": (),
                    "quantified_results": (),
                    "duration_s": None,
                    "pauses": (),
                    "words_per_minute": None,
                    "pace_curve": None,
                    "word_count": 0,
                    "unclear": None,
                    "length": None,
                }
            ),
        }
    )
    text = Seen(page_of(spoken_answer("x").model_copy(update={"assessment": silent, "status": "no_speech"}))).text
    assert "No answer was heard." in text
    assert "Measures" not in text


def test_several_answers_have_a_list_to_jump_from():
    seen = Seen(page_of(fixture_answer("strong-story"), fixture_answer("triage-answer", 2)))
    ids = [attrs.get("id") for _, attrs in seen.tags if attrs.get("id")]
    targets = [attrs["href"][1:] for tag, attrs in seen.tags if tag == "a" and attrs.get("href", "").startswith("#")]
    assert {"answer-1", "answer-2"} <= set(targets) <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_same_answer_makes_the_same_page(story):
    assert page_of(fixture_answer("strong-story"), audio={1: "answer-01.flac"}) == story


# --- what is shipped ----------------------------------------------------------------------------------------


def test_the_charting_library_is_the_recorded_one():
    (row,) = re.findall(
        r"^\| (\S+) \| .* \| (\S+) \| .* \| ([0-9a-f]{64}) \|$", (VENDOR / "README.md").read_text(), re.M
    )
    name, version, sha256 = row
    content = (VENDOR / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == sha256
    assert f"v{version}".encode() in content[:100]


def test_its_license_travels_in_the_page(story):
    assert "Permission is hereby granted, free of charge" in story


def test_nothing_shipped_would_end_its_element():
    for path in (VENDOR / "chart.umd.min.js", VENDOR / "chart.LICENSE.md", *VENDOR.parent.glob("templates/page.*s")):
        assert not re.search(r"</(script|style)|<!--", path.read_text(encoding="utf-8"), re.IGNORECASE)


def test_the_page_says_what_no_part_means(story):
    assert f"{NO_PART_TITLE}: {NO_PART}." in story

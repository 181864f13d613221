"""Line ends that an editor made are no ends of sentences; those of a list, a poem or headings are."""

from __future__ import annotations

import textwrap

import pytest

from tests.speech.transcripts.members import STORY
from voicemock.speech.transcripts.reading import transcript_in
from voicemock.speech.transcripts.wrapping import unquoted, unwrapped

WHOLE = (
    "Last winter our checkout timed out on most Friday evenings, and nobody in Berlin or London knew why. "
    "I had to mend it before Christmas. I moved the cart out, um, to its own service, and I asked Priya and "
    "Tom to watch the queues. In the end we went from forty timeouts a week to three. Load times fell by 60%."
)
WIDTHS = (38, 40, 44, 48, 52, 56, 60, 64, 68, 72, 76, 80)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", " \n"])
def test_a_hard_wrapped_text_reads_as_the_whole_one(width: int, end: str) -> None:
    text = textwrap.fill(WHOLE, width).replace("\n", end) + end
    assert transcript_in(text).transcript.text.split() == WHOLE.split()
    assert len(transcript_in(text).transcript.text.splitlines()) == 1


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("mark", ["> ", ">", ">> ", "> > "])
def test_a_quote_of_a_mail_reads_as_the_text(width: int, mark: str) -> None:
    text = textwrap.fill(WHOLE, width, initial_indent=mark, subsequent_indent=mark)
    assert transcript_in(text).transcript.text == WHOLE
    assert transcript_in(f"On Tue, May 5, 2026, Dana Fox wrote:\n{text}\n").transcript.text.strip() == WHOLE


@pytest.mark.parametrize("width", WIDTHS)
def test_paragraphs_stay_apart(width: int) -> None:
    text = "\n\n".join(textwrap.fill(each, width) for each in (WHOLE, WHOLE))
    assert unwrapped(text) == f"{WHOLE}\n\n{WHOLE}"
    quote = "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
    assert transcript_in(quote).transcript.text == f"{WHOLE}\n\n{WHOLE}"


@pytest.mark.parametrize("width", WIDTHS)
def test_headings_stay_above_wrapped_paragraphs(width: int) -> None:
    text = f"Situation\n\n{textwrap.fill(WHOLE, width)}\n\nResult:\n{textwrap.fill(WHOLE, width)}"
    assert unwrapped(text) == f"Situation\n\n{WHOLE}\n\nResult:\n{WHOLE}"


def test_wrapped_items_keep_their_bullets() -> None:
    items = [textwrap.fill(f"- {each}", 50, subsequent_indent="  ") for each in (WHOLE, WHOLE)]
    assert unwrapped("\n".join(items)) == f"- {WHOLE}\n- {WHOLE}"


def test_a_word_with_a_hyphen_at_the_end_of_its_line_is_one() -> None:
    text = "We had a queue for all that failed, a dead-\nletter queue as they say, and nobody had ever\nlooked into it."
    assert "dead-letter queue" in unwrapped(text)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(STORY),
        "Checkout failed every single Friday\nI split the cart off into a service\nTimeouts fell by 60% in a year",
        "- Checkout failed every single Friday\n- I split the cart off into a service\n- Timeouts fell by 60%",
        "1. Checkout failed every single Friday\n2. I split the cart off into a service\n3. Timeouts fell by 60%",
        "> Checkout failed every Friday\n> I split the cart off\n> Timeouts fell by 60%",
        "Situation: checkout failed every Friday\nAction: I split the cart off\nResult: timeouts fell by 60%",
        "It broke.\nI mended it.\nIt held.",
        "It fell from\n45 to 5.",
        f"{WHOLE}\n{WHOLE}\n{WHOLE}",
        "",
    ],
)
def test_lines_of_their_own_stay(text: str) -> None:
    assert unwrapped(text) == text
    assert unquoted(text) == text
    assert transcript_in(text).transcript.text == text

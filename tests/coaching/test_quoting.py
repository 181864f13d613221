"""Which words of a quote are said aloud."""

from __future__ import annotations

import pytest

from voicemock.coaching.quoting import Evidence, spoken_quote
from voicemock.models import transcript_of_text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("So we, um, called them.", "So we, called them"),
        ("Um, we called.", "we called"),
        ("The ER was closed.", "The ER was closed"),
        ("SAP MM was slow, uh, always.", "SAP MM was slow, always"),
        ("It was 5 mm wide.", "It was 5 mm wide"),
    ],
)
def test_a_quote_is_said_without_ums(text, said):
    assert spoken_quote(transcript_of_text(text), Evidence(0, len(text), None)) == said

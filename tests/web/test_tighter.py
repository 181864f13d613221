"""An answer made tighter: folded on the review, and on a page of its own where the length is chosen."""

from __future__ import annotations

import pytest

from tests.interviews import fixture_answer, keep, spoken_answer
from tests.web.conftest import OpenServer
from tests.web.test_reviews import MARKUP, words_of


def test_the_review_folds_it_and_leads_to_its_page(open_server: OpenServer):
    server = open_server()
    session = keep(server.settings.data_dir, fixture_answer("strong-story"))
    html = server.client().get(f"/sessions/{session.id}").text
    assert "<summary>Your answer, tighter</summary>" in html
    assert f'href="/sessions/{session.id}/answers/1/tighter">Make this answer tighter' in html


def test_its_page_marks_what_the_length_that_is_chosen_needs(open_server: OpenServer):
    server = open_server()
    session = keep(server.settings.data_dir, fixture_answer("strong-story"))
    marked = []
    for to in (240, 45):
        html = server.client().get(f"/sessions/{session.id}/answers/1/tighter?to={to}").text
        assert f'<option value="{to}" selected>' in html
        assert f'href="/sessions/{session.id}#answer-1"' in html
        assert '<blockquote class="tighter">' in html
        assert "<del>" in html
        marked.append(html.count("only you know if it is needed"))
    assert marked[0] < marked[1]


@pytest.mark.parametrize("query", ["", "?to=", "?to=7", "?to=nonsense", "?to=1e9"])
def test_another_length_is_the_usual_one(open_server: OpenServer, query: str):
    server = open_server()
    session = keep(server.settings.data_dir, fixture_answer("strong-story"))
    found = server.client().get(f"/sessions/{session.id}/answers/1/tighter{query}")
    assert (found.status_code, '<option value="120" selected>' in found.text) == (200, True)


def test_what_was_said_is_no_markup_and_a_short_answer_is_told(open_server: OpenServer):
    server = open_server()
    long = f"I wrote {MARKUP} on the wall. " * 12
    short = spoken_answer("We shipped it.").model_copy(update={"position": 2, "audio_file": None})
    session = keep(server.settings.data_dir, spoken_answer(long), short)
    html = server.client().get(f"/sessions/{session.id}/answers/1/tighter?to=45").text
    assert "<img/src" not in html
    assert "This is too short to tighten." in words_of(
        server.client().get(f"/sessions/{session.id}/answers/2/tighter").text
    )


def test_an_answer_that_is_not_there_is_told(open_server: OpenServer):
    server = open_server()
    session = keep(server.settings.data_dir, fixture_answer("strong-story"))
    assert server.client().get(f"/sessions/{session.id}/answers/9/tighter").status_code == 404

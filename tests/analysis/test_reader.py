"""The reader: what it hears, how a long answer goes through it, and what is made of what it says."""

from __future__ import annotations

import shutil
from itertools import pairwise

import numpy as np
import pytest

from voicemock.analysis import reader as module
from voicemock.analysis.evidence import LIKELY, EvidenceTable, kept_evidence, table_from, table_of
from voicemock.analysis.reader import (
    FILE,
    OVERLAP,
    SCALES_FILE,
    SUM_FILE,
    Reader,
    Reading,
    Scale,
    bare,
    load_reader,
    load_scales,
    shares_of,
    windows_over,
)
from voicemock.content.yaml_files import prompts_folder
from voicemock.errors import WeightsError

STORY = (
    "At my last company our payments platform failed at every peak. My job was to get five teams to one release. "
    "First I mapped all the dependencies with the leads. As a result the error rate dropped by 40%."
)


# --- what it hears -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("So, I said: NO!", "so i said no"),
        ("It\u2019s 2.4% of 1,200.", "it's 2.4 percent of 1,200"),
        ("café — naïve", "cafe naive"),
        ("snake_case... (yes) 🙂", "snake case yes"),
        ("", ""),
    ],
)
def test_capitals_accents_and_marks_are_not_heard(written, heard):
    assert bare(written) == heard
    assert bare(heard) == heard


def test_it_finds_the_same_with_and_without_punctuation():
    written, plain = (load_reader().read(text.split(), "What went wrong?") for text in (STORY, bare(STORY)))
    assert written.verdicts == pytest.approx(plain.verdicts)


def test_the_same_words_are_read_the_same_again():
    first, again = (load_reader().read(STORY.split()) for _ in range(2))
    assert (first.evidence == again.evidence).all()
    assert (first.verdicts == again.verdicts).all()


@pytest.mark.parametrize("words", [[], ["—"], ["🙂", "..."]])
def test_nothing_is_found_where_no_word_is(words):
    reader = load_reader()
    reading = reader.read(words)
    table = table_of(reading, [(0, len(words) - 1)] if words else [], reader)
    assert reading.pieces.sum() == 0
    assert all(each == 0 for each in table.verdicts.values())


def test_of_any_length_every_word_is_read():
    words = STORY.split() * 60
    reading = load_reader().read(words)
    assert len(reading.evidence) == len(reading.begins) == len(words)
    assert np.isfinite(reading.evidence).all()
    assert np.isfinite(reading.verdicts).all()
    assert (reading.pieces > 0).all()


# --- windows -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pieces", [1, 299, 300, 301, 504, 505, 2000])
def test_windows_of_one_size_cover_every_piece_once(pieces):
    windows = windows_over(pieces, 300)
    assert (windows[0][0], windows[-1][1]) == (0, pieces)
    assert {end - begin for begin, end in windows} == {min(300, pieces)}
    assert all(before[1] - after[0] >= OVERLAP for before, after in pairwise(windows))
    shares = shares_of(windows)
    assert [piece for share in shares for piece in range(*share)] == list(range(pieces))
    assert all(begin <= share[0] < share[1] <= end for (begin, end), share in zip(windows, shares, strict=True))


# --- what is made of it --------------------------------------------------------------------------------


def test_a_stretch_holds_what_its_pieces_say_on_average():
    reading = Reading(np.array([[4.0], [0.0], [2.0]]), np.array([3, 0, 1]), np.zeros(3), np.zeros(1))
    assert [float(reading.logits(*span)[0]) for span in [(0, 0), (0, 2), (1, 1)]] == [4 / 3, 1.5, 0.0]


def test_a_scale_makes_a_probability_of_a_logit():
    scale = Scale(slope=2.0, offset=1.0, there_from=0.9, absent_to=0.1)
    assert scale.probability([-0.5, 0.0, 1e4, -1e4]) == pytest.approx([0.5, 1 / (1 + np.exp(-1)), 1.0, 0.0])


def table(*likely: float, verdict: float = 0.0) -> EvidenceTable:
    scale = Scale(1.0, 0.0, there_from=0.9, absent_to=0.1)
    return EvidenceTable(
        {"action": np.array(likely)}, {"lacks:action": verdict}, {"action": scale, "lacks:action": scale}
    )


@pytest.mark.parametrize(
    ("likely", "there", "absent", "quoted"),
    [
        ((0.0, 0.9), True, False, 1),
        ((LIKELY, 0.89), False, False, 1),
        ((LIKELY, 0.11), False, False, 0),
        ((0.49, 0.11), False, False, None),
        ((0.1, 0.0), False, True, None),
        ((), False, True, None),
    ],
)
def test_what_cannot_be_told_is_neither_there_nor_absent(likely, there, absent, quoted):
    of_sentences, of_whole = table(*likely), table(verdict=max(likely, default=0.0))
    assert (of_sentences.is_there("action"), of_sentences.is_absent("action")) == (there, absent)
    assert (of_whole.is_there("lacks:action"), of_whole.is_absent("lacks:action")) == (there, absent)
    assert of_sentences.likely("action", 1.0)[:1] == (() if quoted is None else (quoted,))


def test_the_sentences_that_are_likely_to_hold_it_are_counted():
    assert table(0.9, 0.2, LIKELY, 0.49).holding("action") == (0, 2)
    assert table(0.9, 0.2, LIKELY, 0.49).share("action") == 0.5
    assert table().share("action") == 0.0


def test_a_table_is_kept_without_what_is_unlikely():
    kept = kept_evidence(table(0.12345, 0.001, verdict=0.75))
    assert (kept.sentences, kept.verdicts) == (({"action": 0.123}, {}), {"lacks:action": 0.75})
    again = table_from(kept, load_scales())
    assert list(again.probabilities["action"]) == [0.123, 0.0]
    assert (again.most("lacks:action"), again.most("lacks:task"), again.most("blame")) == (0.75, 0.0, 0.0)
    assert kept_evidence(again) == kept


# --- damaged files -------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, monkeypatch):
    shutil.copytree(prompts_folder() / "reader", tmp_path / "reader")
    monkeypatch.setattr(module, "prompts_folder", lambda: tmp_path)
    return tmp_path / "reader"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (FILE, b"other", "is damaged"),
        (FILE, None, "cannot be read"),
        (SUM_FILE, b"", "cannot be read"),
        (SUM_FILE, None, "cannot be read"),
        (SCALES_FILE, b"{", "cannot be read"),
        (SCALES_FILE, b'{"action": {"slope": 1}}', "cannot be read"),
        (SCALES_FILE, b"[]", "cannot be read"),
        (SCALES_FILE, None, "cannot be read"),
    ],
)
def test_a_damaged_file_is_refused_with_what_to_do(folder, name, content, message):
    (folder / name).unlink() if content is None else (folder / name).write_bytes(content)
    with pytest.raises(WeightsError, match=f"{message}.*Install voicemock again"):
        module.load_scales.__wrapped__() if name == SCALES_FILE else module.verified_reader.__wrapped__()


@pytest.mark.parametrize("content", [None, b"", b"no network"])
def test_what_is_no_network_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / FILE).write_bytes(content)
    with pytest.raises(WeightsError, match="cannot be read"):
        Reader(tmp_path / FILE, {})

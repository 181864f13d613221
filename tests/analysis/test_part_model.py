"""The trained model: the chain around it, its file, and its labels for the answers in ``data/``."""

from __future__ import annotations

import numpy as np
import pytest

from voicemock.analysis.analyze import analyze
from voicemock.analysis.part_cues import FORBIDDEN, Transitions, probabilities
from voicemock.analysis.structure import lexical_features, load_part_model, phrases_of, sure_from
from voicemock.analysis.vectors import load_vectors
from voicemock.errors import ContentError, WeightsError
from voicemock.models import transcript_of_text
from voicemock.settings import load_settings

from .case_files import block_cases

FREE = Transitions(np.zeros(2), np.zeros((2, 2)), np.zeros(2))


@pytest.fixture(scope="module")
def encode():
    try:
        return load_vectors(load_settings().cache_dir).encode
    except WeightsError as error:
        pytest.skip(str(error))


def test_without_transitions_sentences_stand_for_themselves():
    scores = np.log(np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]]))
    assert np.allclose(probabilities(scores, FREE), np.exp(scores))


def test_neighbors_decide_where_a_sentence_says_nothing():
    loyal = Transitions(np.zeros(2), np.log(np.array([[0.9, 0.1], [0.1, 0.9]])), np.zeros(2))
    scores = np.log(np.array([[0.99, 0.01], [0.5, 0.5], [0.99, 0.01]]))
    assert probabilities(scores, loyal)[1, 0] > 0.95


def test_a_forbidden_label_is_never_likely():
    scores = np.array([[FORBIDDEN, -9.0], [FORBIDDEN, -9.0]])
    assert np.allclose(probabilities(scores, FREE)[:, 1], 1.0)


def test_one_sentence_is_a_chain_too():
    turned = Transitions(np.array([0.0, 3.0]), np.zeros((2, 2)), np.array([0.0, 3.0]))
    assert probabilities(np.zeros((1, 2)), turned)[0, 1] > 0.99


def test_phrases_are_words_pairs_and_the_opening_with_all_numbers_alike():
    assert phrases_of("we cut 40%") == {
        "we", "cut", "#%", "<s> we", "we cut", "cut #%", "#% </s>", "<s> we cut"
    }  # fmt: skip


def test_the_model_knows_no_position():
    model = load_part_model("star")
    features = lexical_features(["i led the launch", "we were late", "i led the launch"], model.phrases, model.cues)
    assert (features[0] == features[2]).all()


def test_a_framework_without_a_model_is_told_by_rules():
    assert load_part_model("nothing") is None


def test_a_model_that_is_not_the_published_one_is_refused(tmp_path, monkeypatch):
    (tmp_path / "structure").mkdir()
    (tmp_path / "structure" / "mine.npz").write_bytes(b"something else")
    monkeypatch.setattr("voicemock.analysis.sentences.prompts_folder", lambda: tmp_path)
    with pytest.raises(ContentError, match=r"mine\.npz is damaged"):
        load_part_model("mine")


@pytest.mark.parametrize("lines", block_cases("trained_structure.txt"))
def test_structure_by_the_trained_model(lines, frameworks, lexicon, encode):
    framework, *rows, missing = lines
    parts, texts = zip(*(row.split(" | ") for row in rows), strict=True)
    analysis = analyze(
        transcript_of_text("\n\n".join(texts)),
        framework=frameworks[framework],
        target=(180, 240),
        lexicon=lexicon,
        encode=encode,
    ).analysis
    found = [f"{sentence.part or '-'} | {sentence.text}" for sentence in analysis.structure.sentences]
    assert found == [f"{part} | {text}" for part, text in zip(parts, texts, strict=True)]
    assert "missing: " + (" ".join(analysis.structure.missing) or "none") == missing
    for sentence in analysis.structure.sentences:
        assert (sentence.score is None) == (sentence.part is None)


def test_the_same_words_give_the_same_findings(star, lexicon, encode):
    transcript = transcript_of_text(
        "At my last job we were late. I had to fix that. I cut the scope. We shipped in May."
    )
    first, second = (
        analyze(transcript, framework=star, target=(180, 240), lexicon=lexicon, encode=encode).analysis
        for _ in range(2)
    )
    assert first == second


@pytest.mark.parametrize(("sentences", "expected"), [(1, 0.35), (15, 0.35), (25, 0.45), (40, 0.6), (400, 0.6)])
def test_a_long_answer_must_show_a_part_more_clearly(sentences, expected):
    assert sure_from(sentences) == pytest.approx(expected)

"""From Whisper's output to the spoken words: pieces, loops, gaps, and failures explained."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.voices import hush, talk
from voicemock.errors import EngineError, WeightsError
from voicemock.models import SpeechSpan, Word
from voicemock.settings import load_settings
from voicemock.speech.audio_files import read_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip, silence
from voicemock.speech.engines import engine_class
from voicemock.speech.joins import Step
from voicemock.speech.transcription import Transcriber
from voicemock.speech.whisper import (
    MOST_PIECES,
    SURE,
    FasterWhisper,
    Heard,
    Whisper,
    Written,
    single_tokens,
    until_runaway,
    whole_words,
    without_echoes,
)
from voicemock.weights import resolve_model

Piece = tuple[str, float, float, float]
"""What Whisper wrote, from when to when, and how sure it is."""

RATE = LISTENING_RATE


def spoken(*pieces: Piece) -> list[dict[str, Any]]:
    return [{"word": text, "start": start, "end": end, "probability": p} for text, start, end, p in pieces]


def evenly(text: str, start_s: float = 0.0, step_s: float = 0.3) -> tuple[Word, ...]:
    """Words one after another, each as long as the others."""
    return tuple(
        Word(text=word, start_s=start_s + step_s * i, end_s=start_s + step_s * (i + 1), probability=0.9)
        for i, word in enumerate(text.split())
    )


class ScriptedWhisper:
    """Stands for our Whisper: writes what is planned for a clip, first with time marks, then without.

    Args:
        takes: What is written for each clip that is heard, in order: with time marks and, if asked for, without.
        error: Raised instead of writing.
        doubted: Whether one hypothesis alone leaves the words in doubt.
    """

    compute_type = "int8"

    def __init__(
        self, *takes: tuple[tuple[Word, ...], ...], error: Exception | None = None, doubted: bool = False
    ) -> None:
        self._takes = list(takes)
        self._error = error
        self._doubted = doubted
        self.heard_s: list[float] = []
        self.writes: list[dict[str, Any]] = []
        self.half_heard: dict[str, float] = {}

    def hear(self, samples: Any) -> int:
        self.heard_s.append(len(samples) / RATE)
        return len(self.heard_s) - 1

    def write(self, heard: int, *, beam_size: int, timestamps: bool, weighs: bool = False) -> Written:
        self.writes.append({"clip": heard, "beam_size": beam_size, "timestamps": timestamps})
        if self._error:
            raise self._error
        take = self._takes[heard] if heard < len(self._takes) else ((),)
        words = take[0] if timestamps else take[-1]
        steps = tuple(Step(f" {word.text}", self.half_heard.get(word.text, 0.0)) for word in words) if weighs else ()
        return Written(words, SURE - 0.01 if self._doubted else SURE, steps)

    def timed(self, heard: int, texts: Sequence[str]) -> tuple[Word, ...]:
        return evenly(" ".join(texts), 0.0, 0.4)

    def log_probabilities(self, heard: int, before: str, then: str) -> tuple[float, ...]:
        return (-20.0,) if then.lower().startswith((" um", " uh")) else (-1.0,)


def whisper(monkeypatch: pytest.MonkeyPatch, model: ScriptedWhisper, **options: Any) -> FasterWhisper:
    monkeypatch.setattr("voicemock.speech.whisper.Whisper", lambda *_, **__: model)
    monkeypatch.setattr("voicemock.speech.whisper.speech_in", lambda samples: (SpeechSpan(0.0, len(samples) / RATE),))
    return FasterWhisper("/models/base", device="cpu", **options)


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ([], []),
        ([" Um", ",", " we", " shipped", "."], ["Um,", "we", "shipped."]),
        ([" by", " 40", "%", "."], ["by", "40%."]),
        ([" Mon", "-treal"], ["Mon-treal"]),
        ([" It", "'s", " $", "3", ",000"], ["It's", "$3,000"]),
        (["Um", " so"], ["Um", "so"]),  # the first piece of all may lack its space
        ([" ", " so", " "], ["so"]),
        ([" ...", " so"], ["so"]),
    ],
)
def test_pieces_without_a_space_between_are_one_word(pieces: list[str], words: list[str]) -> None:
    written = whole_words(spoken(*((text, i, i + 1, 0.9) for i, text in enumerate(pieces))))
    assert [word.text for word in written] == words


def test_a_word_has_the_time_and_certainty_of_its_spoken_pieces() -> None:
    """What Whisper gives to a full stop is the pause behind the word."""
    (word,) = whole_words(spoken((" 40", 0.0, 0.5, 0.9), ("%", 0.5, 0.8, 0.6), (".", 0.8, 3.0, 0.1)))
    assert (word.text, word.start_s, word.end_s, word.probability) == ("40%.", 0.0, 0.8, 0.6)


def test_its_name_tells_the_model_and_the_arithmetic(monkeypatch: pytest.MonkeyPatch) -> None:
    assert whisper(monkeypatch, ScriptedWhisper()).name == "faster-whisper base int8"
    assert whisper(monkeypatch, ScriptedWhisper(), label="mine").name == "faster-whisper mine int8"


@pytest.mark.parametrize("error", [RuntimeError("CUDA out of memory"), ValueError("bad input")])
@pytest.mark.parametrize("way", ["transcribe", "sketch"])
def test_a_failure_while_transcribing_is_ours(monkeypatch: pytest.MonkeyPatch, way: str, error: Exception) -> None:
    with pytest.raises(EngineError, match=str(error)):
        getattr(whisper(monkeypatch, ScriptedWhisper(error=error)), way)(silence(1))


def test_a_clip_at_another_rate_is_heard_at_16_khz(monkeypatch: pytest.MonkeyPatch) -> None:
    model = ScriptedWhisper()
    whisper(monkeypatch, model).transcribe(silence(1, 48_000))
    assert model.heard_s == [1.0]


@pytest.mark.parametrize(("doubted", "beam_size", "written_with"), [(False, 4, [1]), (True, 4, [1, 4]), (True, 1, [1])])
def test_what_one_hypothesis_leaves_in_doubt_is_written_again_with_all(
    monkeypatch: pytest.MonkeyPatch, doubted: bool, beam_size: int, written_with: list[int]
) -> None:
    model = ScriptedWhisper((evenly("a b c d e f g h i j"),), doubted=doubted)
    assert len(whisper(monkeypatch, model, beam_size=beam_size).transcribe(silence(3))) == 10
    assert [write["beam_size"] for write in model.writes] == written_with


@pytest.mark.parametrize(
    ("with_marks", "without", "text"),
    [
        ("a b c d e f g h i j", "never asked", "a b c d e f g h i j"),
        ("a b", "a b c d e f g h i j", "a b c d e f g h i j"),  # the first stopped early
        ("a b c d", "a b", "a b c d"),
        ("", "", ""),
    ],
)
def test_a_clip_is_written_again_without_time_marks_where_speech_was_left_out(
    monkeypatch: pytest.MonkeyPatch, with_marks: str, without: str, text: str
) -> None:
    model = ScriptedWhisper((evenly(with_marks), evenly(without)))
    heard = whisper(monkeypatch, model).transcribe(silence(3))
    assert " ".join(word.text for word in heard) == text
    assert [write["timestamps"] for write in model.writes] == (
        [True] if without == "never asked" else [True, True, False]
    )


def test_a_sketch_is_written_once_without_time_marks_and_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    model = ScriptedWhisper((evenly("never asked"), evenly("a b")))
    model.half_heard = {"a": 1.0}
    heard = whisper(monkeypatch, model).sketch(silence(3))
    assert " ".join(word.text for word in heard) == "a b"
    assert model.writes == [{"clip": 0, "beam_size": 1, "timestamps": False}]
    assert whisper(monkeypatch, model).sketch(silence(0)) == ()


def timeless(text: str, at_s: float) -> tuple[Word, ...]:
    return tuple(Word(text=word, start_s=at_s, end_s=at_s, probability=0.9) for word in text.split())


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (evenly("we shipped it"), "we shipped it"),
        ((*evenly("we shipped"), *timeless("uh uh uh uh", 0.6)), "we shipped"),
        ((*evenly("we"), *timeless("a", 0.3), *evenly("launch", 0.3)), "we a launch"),  # one short word is none
        ((*evenly("we"), *timeless("zep" * 30, 0.3), *evenly("it", 9.0)), "we"),  # a loop without spaces
        ((*evenly("we"), *evenly("zep" * 30, 0.3, 9.0)), "we"),
        (timeless("uh uh uh", 0.0), ""),
    ],
)
def test_where_words_take_no_time_whisper_has_run_away(words: tuple[Word, ...], kept: str) -> None:
    assert " ".join(word.text for word in until_runaway(words)) == kept


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ((*timeless("Yeah.", 0.3), *evenly("yeah", 0.3)), "yeah"),
        ((*evenly("the"), *timeless("the", 0.3), *evenly("launch", 0.3)), "the launch"),
        (evenly("I I think"), "I I think"),  # said twice
        ((*timeless("a", 0.0), *evenly("launch")), "a launch"),
        ((), ""),
    ],
)
def test_a_word_that_takes_no_time_beside_the_same_word_is_its_echo(words: tuple[Word, ...], kept: str) -> None:
    assert " ".join(word.text for word in without_echoes(words)) == kept


def test_a_stretch_of_voice_without_words_is_heard_on_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whisper stopped after the first sentence: the second is asked for alone, and lands on the clip's clock."""
    sound = np.concatenate([hush(0.5), talk(1.2), hush(0.8), talk(1.2), hush(0.5)])
    first, second = evenly("we were late", 0.5, 0.4), evenly("so I cut scope", 0.1, 0.3)
    model = ScriptedWhisper((first, first), (second,))
    heard = whisper(monkeypatch, model).transcribe(AudioClip(sound, RATE))
    assert " ".join(word.text for word in heard) == "we were late so I cut scope"
    assert heard[3].start_s == pytest.approx(2.5, abs=0.1)
    assert model.heard_s[1] == pytest.approx(1.4, abs=0.1)


def test_words_that_whisper_doubts_in_such_a_stretch_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = np.concatenate([hush(0.5), talk(1.2), hush(0.5)])
    doubted = tuple(word.model_copy(update={"probability": 0.1}) for word in evenly("a bunch of y'all"))
    model = ScriptedWhisper(((), ()), (doubted,))
    assert whisper(monkeypatch, model).transcribe(AudioClip(sound, RATE)) == ()


def test_a_stretch_that_stays_unwritten_is_not_asked_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = np.concatenate([piece for _ in range(12) for piece in (hush(0.5), talk(0.6))])
    model = ScriptedWhisper()
    assert whisper(monkeypatch, model).transcribe(AudioClip(sound, RATE)) == ()
    assert len(model.heard_s) == 1 + MOST_PIECES


# --- the real engine's refusals ------------------------------------------------------------------------


class RefusingModel:
    """Stands for faster_whisper.WhisperModel: loads, and knows two languages."""

    supported_languages = ("en", "de")


def test_a_language_that_the_model_does_not_know_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicemock.speech.whisper.WhisperModel", lambda *_, **__: RefusingModel())
    with pytest.raises(EngineError, match=r"'xx'.*language"):
        FasterWhisper("/models/base", device="cpu", language="xx")


@pytest.mark.parametrize("content", [None, b"", b"not a model" * 100])
def test_a_folder_that_is_no_model_is_told_with_its_name(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "model.bin").write_bytes(content)
    with pytest.raises(EngineError, match=re.escape(str(tmp_path))):
        FasterWhisper(tmp_path, device="cpu")


def test_a_library_that_cannot_be_imported_is_told_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    monkeypatch.delitem(sys.modules, "voicemock.speech.whisper")
    cure = r"Run: \S+ -m pip install --force-reinstall faster-whisper"
    with pytest.raises(EngineError, match=f"cannot be used here: .*{cure}"):
        engine_class("transcribers", "faster-whisper")


def test_arithmetic_that_the_machine_cannot_do_is_told(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="int3"):
        FasterWhisper(tmp_path, device="cpu", compute_type="int3")


# --- filled pauses that Whisper half heard -------------------------------------------------------------


def test_a_filled_pause_that_whisper_half_heard_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    model = ScriptedWhisper((evenly("we shipped it", step_s=0.4),))
    model.half_heard = {"shipped": 0.6}
    monkeypatch.setattr(model, "log_probabilities", lambda heard, before, then: (-1.0,))
    clip = AudioClip(np.concatenate([talk(1.2), hush(0.1)]), RATE)
    assert [word.text for word in whisper(monkeypatch, model).transcribe(clip)] == ["we", "um", "shipped", "it"]


def test_where_nothing_was_written_whisper_is_not_asked_about_joins(monkeypatch: pytest.MonkeyPatch) -> None:
    model = ScriptedWhisper()
    monkeypatch.setattr(model, "write", lambda *_, **__: Written((), SURE, (Step("", 0.9),)))
    monkeypatch.setattr(model, "log_probabilities", lambda _, __, then: (-0.5, -20.0) if then else (-1.0,))
    clip = AudioClip(np.concatenate([talk(0.3), hush(0.7)]), RATE)
    assert whisper(monkeypatch, model).transcribe(clip) == ()


def test_only_filled_pauses_that_are_one_token_are_weighed() -> None:
    tokens = {" um": [1], " uh": [2], " er": [3], " hmm": [4, 5]}
    assert single_tokens(("um", "hmm", "uh", "er"), tokens.__getitem__) == [1, 2, 3]


def test_each_step_tells_how_probable_a_filled_pause_was() -> None:
    tokens = {5: " we", 6: " um", 7: " uh"}
    steps = [np.log([[0.5, 0.25, 0.25]]), np.log([[1.0, 1e-9, 1e-9]])]
    logits = [SimpleNamespace(to_device=lambda _, step=step: step) for step in steps]
    decoded = SimpleNamespace(sequences_ids=[[0]], logits=[logits], scores=[-0.5], no_speech_prob=0.0)
    pieces = [{"word": " we", "start": 0.1, "end": 0.4, "probability": 0.9}]
    whisper = Whisper.__new__(Whisper)
    whisper._prompt, whisper._fillers = [1], [1, 2]
    whisper._tokenizer = SimpleNamespace(eot=1, decode=lambda ids: tokens[ids[0] + 5])
    whisper._model = SimpleNamespace(
        model=SimpleNamespace(generate=lambda *_, **__: [decoded]), find_alignment=lambda *_: [pieces]
    )
    found = whisper.write(Heard(encoded=None, frames=100), beam_size=1, timestamps=True, weighs=True)
    assert found.log_probability == -0.5
    written, end = found.steps
    assert (written.text, written.filled_pause) == (" we", pytest.approx(0.5))
    assert (end.text, end.filled_pause) == ("", pytest.approx(0.0, abs=1e-6))


# --- real weights --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Transcriber:
    settings = load_settings()
    try:
        model = resolve_model("auto", settings.cache_dir)
    except WeightsError as error:
        pytest.skip(str(error))
    return FasterWhisper(model, device="cpu", beam_size=1)


@pytest.mark.models
def test_whisper_writes_down_a_recording_with_times(real: Transcriber) -> None:
    clip = read_audio(Path(__file__).parents[2] / "fixtures" / "audio" / "too-short.flac").between(0.3, 16.8)
    words = real.transcribe(clip)
    assert len(words) > 20
    assert all(" " not in word.text and word.text for word in words)
    times = [moment for word in words for moment in (word.start_s, word.end_s) if moment is not None]
    assert len(times) == 2 * len(words)
    assert 0 <= min(times) <= max(times) <= clip.duration_s + 0.5
    assert all(word.probability is not None and 0 <= word.probability <= 1 for word in words)


@pytest.mark.models
def test_an_empty_clip_has_no_words(real: Transcriber) -> None:
    assert real.transcribe(silence(0)) == ()


@pytest.mark.parametrize(
    ("no_speech_probability", "tokens", "written"),
    [(0.0, [5], ["hi"]), (0.6, [5], ["hi"]), (0.61, [5], []), (1.0, [5], []), (0.0, [100], []), (0.0, [], [])],
)
def test_words_that_whisper_itself_takes_for_silence_are_not_written(
    no_speech_probability: float, tokens: list[int], written: list[str]
) -> None:
    decoded = SimpleNamespace(sequences_ids=[tokens], scores=[-0.5], no_speech_prob=no_speech_probability)
    pieces = [{"word": " hi", "start": 0.1, "end": 0.4, "probability": 0.9}]
    whisper = Whisper.__new__(Whisper)
    whisper._prompt = [1]
    whisper._tokenizer = SimpleNamespace(eot=100, no_timestamps=50)
    whisper._model = SimpleNamespace(
        model=SimpleNamespace(generate=lambda *_, **__: [decoded]), find_alignment=lambda *_: [pieces]
    )
    found = whisper.write(Heard(encoded=None, frames=100), beam_size=1, timestamps=True)
    assert [word.text for word in found.words] == written

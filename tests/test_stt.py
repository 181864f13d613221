"""Whisper's pieces put together to words, and its failures told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import faster_whisper
import pytest

from voicemock.audio import LISTENING_RATE, read_audio, silence
from voicemock.errors import EngineError, WeightsError
from voicemock.models import Word
from voicemock.settings import load_settings
from voicemock.stt import VERBATIM_PROMPT, FasterWhisper, Transcriber, longest_unwritten_s
from voicemock.weights import resolve_model


class ScriptedWhisper:
    """Stands for faster_whisper.WhisperModel: gives planned pieces, a segment each list."""

    supported_languages = ("en", "de")

    def __init__(self, *segments: list[str], error: Exception | None = None) -> None:
        self._segments = segments
        self._error = error
        self.calls: list[dict[str, Any]] = []

    def transcribe(self, samples: Any, **options: Any) -> tuple[Iterator[Any], None]:
        self.calls.append({"samples": samples, **options})
        return self._run(), None

    def _run(self) -> Iterator[Any]:
        clock = 0.0
        for pieces in self._segments:
            words = []
            for piece in pieces:
                words.append(SimpleNamespace(word=piece, start=clock, end=clock + 0.5, probability=0.9 - clock / 100))
                clock += 0.5
            yield SimpleNamespace(words=words, seek=0, avg_logprob=-0.3, compression_ratio=1.5)
        if self._error:
            raise self._error


def whisper(monkeypatch: pytest.MonkeyPatch, model: ScriptedWhisper, **options: Any) -> FasterWhisper:
    monkeypatch.setattr(faster_whisper, "WhisperModel", lambda *_, **__: model)
    return FasterWhisper("/models/base", device="cpu", **options)


@pytest.mark.parametrize(
    ("segments", "words"),
    [
        ([], []),
        ([[" Um,", " we", " shipped."]], ["Um,", "we", "shipped."]),
        ([[" by", " 40", "%", "."]], ["by", "40%."]),
        ([[" Mon", "-treal"]], ["Mon-treal"]),
        ([[" It", "'s"], [" $", "3", ",000"]], ["It's", "$3,000"]),
        ([["Um", " so"]], ["Um", "so"]),  # the first piece of all may lack its space
        ([[" ", " so", " "]], ["so"]),
        ([[], [" so"]], ["so"]),
    ],
)
def test_pieces_without_a_space_between_are_one_word(
    monkeypatch: pytest.MonkeyPatch, segments: list[list[str]], words: list[str]
) -> None:
    heard = whisper(monkeypatch, ScriptedWhisper(*segments)).transcribe(silence(3))
    assert [word.text for word in heard] == words


def test_a_word_put_together_spans_its_pieces_and_is_as_sure_as_the_least(monkeypatch: pytest.MonkeyPatch) -> None:
    (word,) = whisper(monkeypatch, ScriptedWhisper([" 40", "%", "."])).transcribe(silence(3))
    assert (word.start_s, word.end_s) == (0.0, 1.5)
    assert word.probability == pytest.approx(0.89)


def test_every_chunk_gets_the_prompt_and_nothing_of_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    model = ScriptedWhisper()
    transcriber = whisper(monkeypatch, model, beam_size=2, language="de")
    transcriber.transcribe(silence(1, 48_000))
    transcriber.transcribe(silence(1))
    for call in model.calls:
        assert call["initial_prompt"] == VERBATIM_PROMPT
        assert call["condition_on_previous_text"] is False
        assert (call["beam_size"], call["language"], call["word_timestamps"]) == (2, "de", True)
        assert call["samples"].shape == (LISTENING_RATE,)


def test_its_name_tells_the_model_and_the_arithmetic(monkeypatch: pytest.MonkeyPatch) -> None:
    assert whisper(monkeypatch, ScriptedWhisper()).name == "faster-whisper base int8"
    assert whisper(monkeypatch, ScriptedWhisper(), compute_type="float32").name == "faster-whisper base float32"


@pytest.mark.parametrize("error", [RuntimeError("CUDA out of memory"), ValueError("bad input")])
def test_a_failure_while_transcribing_is_ours(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    transcriber = whisper(monkeypatch, ScriptedWhisper([" so"], error=error))
    with pytest.raises(EngineError, match=str(error)):
        transcriber.transcribe(silence(1))


def test_after_an_invented_tail_nothing_more_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows it is shorter still, and a loop there ("I'm sorry, I'm sorry ...") takes longer than the answer."""
    decoded: list[str] = []

    class Inventive(ScriptedWhisper):
        def _run(self) -> Iterator[Any]:
            for text, seek, log_probability in ((" Shipped.", 0, -0.1), (" You.", 900, -1.0), (" Sorry.", 950, -0.1)):
                decoded.append(text)
                word = SimpleNamespace(word=text, start=seek / 100, end=seek / 100 + 0.4, probability=0.9)
                yield SimpleNamespace(words=[word], seek=seek, avg_logprob=log_probability, compression_ratio=1.0)

    words = whisper(monkeypatch, Inventive()).transcribe(silence(10))

    assert [word.text for word in words] == ["Shipped."]
    assert decoded == [" Shipped.", " You."]


def test_a_language_that_the_model_does_not_know_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineError, match=r"'xx'.*language"):
        whisper(monkeypatch, ScriptedWhisper(), language="xx")


@pytest.mark.parametrize("content", [None, b"", b"not a model" * 100])
def test_a_folder_that_is_no_model_is_told_with_its_name(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "model.bin").write_bytes(content)
    with pytest.raises(EngineError, match=re.escape(str(tmp_path))):
        FasterWhisper(tmp_path, device="cpu")


def test_arithmetic_that_the_machine_cannot_do_is_told(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="int3"):
        FasterWhisper(tmp_path, device="cpu", compute_type="int3")


@pytest.mark.parametrize(
    ("words", "speech", "longest_s"),
    [
        ([], [], 0.0),
        ([(0.0, 1.0)], [], 0.0),
        ([], [(1.0, 4.0)], 3.0),
        ([(1.0, 2.0), (2.0, 4.0)], [(1.0, 4.0)], 0.0),
        ([(1.0, 2.0)], [(1.0, 4.0)], 2.0),
        ([(3.0, 4.0)], [(1.0, 4.0)], 2.0),
        ([(1.0, 1.5), (3.0, 4.0)], [(1.0, 4.0)], 1.5),
        ([(1.0, 2.0), (7.0, 8.0)], [(1.0, 2.0), (7.0, 8.0)], 0.0),  # a pause needs no words
        ([(1.0, 2.0)], [(1.0, 2.0), (5.0, 9.0)], 4.0),
        ([(0.5, 9.5)], [(1.0, 2.0), (5.0, 9.0)], 0.0),
    ],
)
def test_speech_that_no_word_covers_is_unwritten(
    words: list[tuple[float, float]], speech: list[tuple[float, float]], longest_s: float
) -> None:
    heard = [Word(text="word", start_s=start_s, end_s=end_s) for start_s, end_s in words]
    assert longest_unwritten_s(heard, speech) == pytest.approx(longest_s)


class RepeatingWhisper(ScriptedWhisper):
    """Repeats itself unless it is forbidden to, or leaves speech unwritten unless it decodes without time marks."""

    def __init__(self, *, loops_without: tuple[str, ...]) -> None:
        super().__init__([" so"])
        self._loops_without = loops_without

    def _run(self) -> Iterator[Any]:
        loops = not any(option in self.calls[-1] for option in self._loops_without)
        for segment in super()._run():
            yield SimpleNamespace(**{**vars(segment), "compression_ratio": 9.0 if loops else 1.5})


@pytest.mark.parametrize(
    ("loops_without", "tries"),
    [
        (("language",), 1),  # every call has it: never loops
        (("without_timestamps",), 2),
        (("no_repeat_ngram_size",), 3),
        ((), 3),
    ],
)
def test_a_loop_is_decoded_in_other_ways_and_never_at_random(
    monkeypatch: pytest.MonkeyPatch, loops_without: tuple[str, ...], tries: int
) -> None:
    model = RepeatingWhisper(loops_without=loops_without)
    assert [word.text for word in whisper(monkeypatch, model).transcribe(silence(2))] == ["so"]
    assert len(model.calls) == tries
    assert all(call["temperature"] == 0.0 for call in model.calls)


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
    clip = read_audio(Path(__file__).parent.parent / "fixtures" / "audio" / "too-short.flac").between(0.3, 16.8)
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

"""Measures how often an answer is cut off and how long the wait is, on real speech with inserted or real pauses.

    python bench/speech/endpointing.py --data FOLDER [--model base] [--noise] [--every N] [--details] [--brief]
        [--decodings FOLDER] [--places-only] [--texts-only] [--bars]

FOLDER holds ``speech/references.json`` with the recordings it names, ``text/monologues_timed_*.jsonl`` (words with
times) and ``text/star_*.jsonl`` (labeled stories). It measures

1. through the whole listener (detector, recorder, Whisper, analysis), the recordings as a microphone: speech, a pause
   put in between two of its words, more speech, silence. An answer is cut off when it is declared over before the rest
   begins. The pause takes the place of the one that was there: 1 to 4 s after a finished sentence and 1 to 6 s in the
   middle of a thought, the end of a sentence being where the reference has a full stop, or a recording ends;
2. the judgment at each of these places, at 1 to 6 s within a sentence and 1 to 4 s behind one, whatever the pause put
   in: which share would be cut off if all silences were shorter or longer, and how long the wait would be;
3. on text alone, every pause of 1 s and more that people made within a monologue: was it shorter than the words allow?
4. on text alone, stories cut after each sentence: how long would be waited there, and at the end, if each was told at
   150 words a minute;
5. with ``--bars``, and nothing else then: the voice behind every word, as the listener hands it to the network, and how
   many ends and places within sentences pass at each probability.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from recordings import noises, read_references
from rich.console import Console
from rich.progress import track
from rich.table import Table

from voicemock.api import QuietScreen
from voicemock.coaching.assess import Analyzer
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import load_style
from voicemock.interview.agenda import Agenda
from voicemock.interview.answer_store import AnswerStore
from voicemock.interview.exchange import Responder
from voicemock.interview.interview import Interview
from voicemock.interview.listener import Listener
from voicemock.interview.room import Room
from voicemock.interview.turn_taking import at_rest, ending_of, may_rest
from voicemock.models import AnswerReport, Question, Word, transcript_of_text, transcript_of_words
from voicemock.settings import Settings, load_settings
from voicemock.speech.audio_files import read_audio, write_audio
from voicemock.speech.clip import FRAME_SAMPLES, LISTENING_RATE, AudioClip, Samples
from voicemock.speech.desk import SoundDesk
from voicemock.speech.devices import AudioFileMicrophone
from voicemock.speech.endpointing import SILENCE_S, Chunker, Ending, Endpointer
from voicemock.speech.engines import load_detector, transcriber_loader
from voicemock.speech.narrator import Narrator
from voicemock.speech.recorder import AnswerRecorder
from voicemock.speech.transcription import Transcriber, TranscriptionWorker
from voicemock.speech.turn_end import load_smart_turn
from voicemock.speech.vad import Silero, speech_flags, speech_spans
from voicemock.store.store import Store

FINISHED_PAUSES_S = (1.0, 2.0, 3.0, 4.0)
THINKING_PAUSES_S = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
SNR_DB = 15.0
TAIL_S = 20.0
HEARD_S = 20.0
"""How much before a place is written down to judge it: less than the longest chunk."""
PATIENCE = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2)
WORDS_PER_S = 2.5
STOPPED_S = 1.0
"""Who says nothing for so long after a sentence has stopped in the recording, too."""
BRIEF_S = 2.0
"""Heard of the rest with ``--brief``."""
EVERY_NTH_WORD = 4
"""Within a sentence, a pause is inserted after every fourth word."""
BARS = (0.9, 0.92, 0.94, 0.945, 0.96, 0.98)
MAY_PASS = 0.03
"""Where a speaker is held out, the bar is the lowest one that at most this share of the others' places within sentences
pass."""
QUIET_AFTER_S = 2.0
"""Silence behind a place with ``--bars``: enough for it to be judged."""


@dataclass(frozen=True, slots=True)
class Case:
    """Speech, a pause, and the rest."""

    name: str
    before: Samples
    pause_s: float
    after: Samples
    is_finished: bool
    has_stopped: bool
    """Whether the speaker is silent there in the recording, too."""

    @property
    def resumed_s(self) -> float:
        """When the rest begins."""
        return len(self.before) / LISTENING_RATE + self.pause_s

    def sound(self, noise: Samples | None) -> Samples:
        """Return the whole at 16 kHz; hiss, or the noise, fills the pauses."""
        hiss = np.random.default_rng(1).normal(0, 10 ** (-65 / 20), round((self.pause_s + TAIL_S) * LISTENING_RATE))
        pause = round(self.pause_s * LISTENING_RATE)
        parts = (self.before, hiss[:pause], self.after, hiss[pause:])
        whole = np.concatenate(parts).astype(np.float32)
        if noise is None:
            return whole
        speech_power = np.mean(np.concatenate([self.before, self.after]) ** 2)
        under = np.resize(noise, len(whole))
        return (whole + under * np.sqrt(speech_power / np.mean(under**2) / 10 ** (SNR_DB / 10))).astype(np.float32)


def cases(folder: Path, every: int = EVERY_NTH_WORD) -> Iterator[Case]:
    """Yield the cases: pauses within recordings whose words have times, and between short recordings."""
    entries = json.loads((folder / "references.json").read_text(encoding="utf-8"))
    number = 0
    for entry in entries:
        if entry["words"] is None:
            continue
        samples = read_audio(folder / entry["file"], LISTENING_RATE).samples
        for speaker, text in entry["transcript"].items():
            words = [word for word in entry["words"] if word[3] == speaker]
            tokens = text.split()
            if len(words) != len(tokens) or len(words) < 20:
                continue
            for place, is_finished in places(tokens, every):
                cut, resumed = (round(t * LISTENING_RATE) for t in (words[place][1], words[place + 1][0]))
                if resumed < cut - 160:  # speakers overlap
                    continue
                pauses = FINISHED_PAUSES_S if is_finished else THINKING_PAUSES_S
                yield Case(
                    f"{entry['file']} ... {' '.join(tokens[max(0, place - 3) : place + 1])}",
                    samples[:cut],
                    pauses[number % len(pauses)],
                    samples[resumed:],
                    is_finished,
                    (resumed - cut) / LISTENING_RATE >= STOPPED_S,
                )
                number += 1
    short = [e for e in entries if e["words"] is None and e["duration_s"] < 5 and len(str(e["transcript"]).split()) > 3]
    for first, second in zip(short, short[1:] + short[:1], strict=True):
        clips = [spoken_part(read_audio(folder / entry["file"], LISTENING_RATE)) for entry in (first, second)]
        pause_s = FINISHED_PAUSES_S[number % len(FINISHED_PAUSES_S)]
        yield Case(f"{first['file']} + {second['file']}", clips[0], pause_s, clips[1], True, True)
        number += 1


def spoken_part(clip: AudioClip) -> Samples:
    """Return a clip without the silence around its speech."""
    spans = speech_spans(speech_flags(clip, Silero()))
    return clip.between(spans[0].start_s, spans[-1].end_s).samples if spans else clip.samples


def places(tokens: Sequence[str], every: int) -> Iterator[tuple[int, bool]]:
    """Yield the words after which a pause is inserted, and whether a sentence ends there."""
    for place in range(3, len(tokens) - 3):
        if tokens[place][-1] in ".?!" and not tokens[place].endswith("_."):
            yield place, True
        elif place % every == 0 and tokens[place][-1].isalpha():
            yield place, False


class Remembering:
    """A transcriber that keeps what it has written down in a folder, and does not hear the same sound twice."""

    def __init__(self, load: Callable[[], Transcriber], folder: Path) -> None:
        self._transcriber = load()
        self._folder = folder
        self.name = self._transcriber.name

    def transcribe(self, clip: AudioClip) -> tuple[Word, ...]:
        """Return the words of a clip."""
        heard = hashlib.sha256(self.name.encode() + clip.samples.tobytes()).hexdigest()
        path = self._folder / f"{heard}.json"
        if path.exists():
            return tuple(Word.model_validate(word) for word in json.loads(path.read_text(encoding="utf-8")))
        words = self._transcriber.transcribe(clip)
        path.write_text(json.dumps([word.model_dump(mode="json") for word in words]), encoding="utf-8")
        return words


class Overheard:
    """Stands for the dictation of an answer, and keeps the last sound that was to be judged."""

    words = ()
    is_idle = False
    tail: AudioClip | None = None

    def judge(self, _: object, tail: AudioClip) -> None:
        """Keep the tail."""
        self.tail = tail

    def ending(self, *, wait: bool) -> None:
        """Tell nothing."""

    def add(self, *_: object) -> None:
        """Do nothing."""

    guess = preview = resume = add


class Hearing:
    """Holds interviews of one question, without a voice, with one loaded Whisper."""

    def __init__(self, settings: Settings, worker: TranscriptionWorker, store: Store, folder: Path) -> None:
        self.bank = QuestionBank.load()
        self.analyzer = Analyzer(settings, self.bank)
        self._settings, self._worker, self._store, self._folder = settings, worker, store, folder
        self._voice = load_smart_turn(settings.cache_dir)

    def answer(self, sound: Samples) -> AnswerReport:
        """Return the interview's answer for a sound."""
        path = self._folder / "microphone.wav"
        write_audio(path, AudioClip(sound, LISTENING_RATE))
        screen = QuietScreen()
        desk = SoundDesk(self._settings, screen.choose_microphone)
        room = Room(AudioFileMicrophone(path), desk, Narrator(None, None), screen)
        answer_store = AnswerStore(self._store, self.analyzer, screen)
        agenda, style = Agenda.of([self.question]), load_style()
        interview = Interview(
            agenda=agenda,
            room=room,
            listener=Listener(room, answer_store, self._worker, self._settings, style, self._voice),
            answer_store=answer_store,
            responder=Responder(agenda, style),
            bank=self.bank,
        )
        (answer,) = interview.run().answers
        return answer

    def endings(self, before: Samples) -> tuple[Ending, Ending]:
        """Return how the last 20 s of a sound end by their words alone, and by words and voice."""
        ending, may, clip = self.ending(before)
        return ending, at_rest(ending, self._voice.probability(clip)) if self._voice and may else ending

    def voice(self, before: Samples, folder: Path) -> float | None:
        """Return how sure the network is at the end of a sound, heard as in an interview; None if it is not asked."""
        hiss = np.random.default_rng(1).normal(0, 10 ** (-65 / 20), round(QUIET_AFTER_S * LISTENING_RATE))
        sound = np.concatenate((before, hiss)).astype(np.float32)
        overheard = Overheard()
        recorder = AnswerRecorder(
            folder / "place.wav",
            detector=load_detector(self._settings),
            endpointer=Endpointer(silence_s=2 * QUIET_AFTER_S, no_speech_s=60.0),
            dictation=overheard,  # type: ignore[arg-type]
            on_progress=lambda _: None,
        )
        recorder.listen(
            iter(sound[: len(sound) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)), lambda: None
        )
        recorder.finish()
        return self._voice.probability(overheard.tail) if self._voice and overheard.tail else None

    def ending(self, before: Samples) -> tuple[Ending, bool, AudioClip]:
        """Return how the last 20 s of a sound end by their words, whether the voice is asked, and what it is shown."""
        quiet = np.random.default_rng(1).normal(0, 10 ** (-65 / 20), round(Chunker.MARGIN_S * LISTENING_RATE))
        heard = np.concatenate((before[-round(HEARD_S * LISTENING_RATE) :], quiet)).astype(np.float32)
        clip = AudioClip(heard, LISTENING_RATE)
        transcript = transcript_of_words(self._worker.submit(clip).result(), language="en", engine="")
        assessment = self.analyzer.assess(transcript, source="", question=self.question, speech=())
        ending = ending_of(transcript.text, assessment.analysis, spoken_s=len(before) / LISTENING_RATE)
        return ending, may_rest(ending, transcript.text), clip

    @property
    def question(self) -> Question:
        """The question of all answers."""
        return self.bank.get("failed-program")


def listen(
    listener: Hearing, chosen: Sequence[Case], noise: dict[str, Samples], details: Console | None, *, is_brief: bool
) -> Table:
    """Run the cases and return a table: one line for each kind of pause and each noise.

    A brief run stops each case soon after the rest has begun: it tells who is cut off, and takes half as long.
    """
    table = Table(title=f"Real speech with a pause put in, {len(chosen)} cases, then {TAIL_S:g} s of silence")
    for heading in ("noise", "pause", "cases", "cut off", "last speech -> over (s), median", "longest"):
        table.add_column(heading, justify="left" if heading in {"noise", "pause"} else "right")
    for name, under in (("none", None), *noise.items()):
        for is_finished in (True, False):
            kind = [case for case in chosen if case.is_finished is is_finished]
            cut, waits = 0, []
            for case in track(kind, description=f"{name} ...", transient=True):
                resumed_s = case.resumed_s
                heard_s = resumed_s + (BRIEF_S if is_brief else len(case.after) / LISTENING_RATE + TAIL_S)
                answer = listener.answer(case.sound(under)[: round(heard_s * LISTENING_RATE)])
                over_s = answer.timings.declared_over_s
                if is_brief or over_s is None or over_s < resumed_s + len(case.after) / LISTENING_RATE / 2:
                    is_cut = over_s is not None and over_s < resumed_s + 0.3
                    cut += is_cut
                    if details and over_s is not None and (is_cut or not is_brief):
                        details.print(f"over at {over_s:.1f}: {case.name} | pause {case.pause_s:g} s", markup=False)
                    continue
                waits.append(over_s - (answer.timings.speech_ended_s or 0.0))
            what = "1-4 s after a sentence" if is_finished else "1-6 s within one"
            waited = (f"{np.median(waits):.2f}", f"{max(waits):.2f}") if waits else ("-", "-")
            table.add_row(name, what, str(len(kind)), str(cut), *waited)
    return table


def curve(listener: Hearing, chosen: Sequence[Case]) -> tuple[Table, Table]:
    """Judge each place, and return how they sound, and how cut-offs trade against waiting."""
    heard = [(case, *listener.endings(case.before)) for case in track(chosen, description="places ...", transient=True)]
    kinds = Table(title="Places in real speech: what they sound like, by the words / by words and voice")
    kinds_of_place: dict[str, Callable[[Case], bool]] = {
        "a sentence ends": lambda case: case.is_finished,
        "and the speaker stopped": lambda case: case.is_finished and case.has_stopped,
        "within one": lambda case: not case.is_finished,
    }
    for heading in ("sounds", "waits (s)", *kinds_of_place):
        kinds.add_column(heading, justify="left" if heading == "sounds" else "right")
    for ending in Ending:
        counts = [
            " / ".join(str(sum(is_one(place[0]) and place[judge] is ending for place in heard)) for judge in (1, 2))
            for is_one in kinds_of_place.values()
        ]
        kinds.add_row(ending.value, f"{SILENCE_S[ending]:g}", *counts)
    trade = Table(title="Cut-offs against waiting, with all silences multiplied, by the words / by words and voice")
    for heading in ("patience", "cut off behind a sentence", "within one", "wait behind a sentence (s), mean"):
        trade.add_column(heading, justify="right")
    for patience in PATIENCE:
        ends, within = (
            [
                [patience * SILENCE_S[place[judge]] for place in heard if place[0].is_finished is is_finished]
                for judge in (1, 2)
            ]
            for is_finished in (True, False)
        )
        trade.add_row(
            f"{patience:g}",
            " / ".join(f"{100 * cut_share(silences, FINISHED_PAUSES_S):.1f} %" for silences in ends),
            " / ".join(f"{100 * cut_share(silences, THINKING_PAUSES_S):.1f} %" for silences in within),
            " / ".join(f"{np.mean(silences):.2f}" for silences in ends),
        )
    return kinds, trade


def bars(listener: Hearing, folders: Sequence[Path], folder: Path) -> Table:
    """Count who passes at each probability, by the voice alone and where the words allow it, and hold out speakers."""
    heard = [
        (
            group_of(case.name),
            case.is_finished,
            sure or 0.0,
            (sure or 0.0) >= min(BARS) and listener.ending(case.before)[1],
        )
        for case in track(
            [case for each in folders for case in cases(each, 1) if case.has_stopped or not case.is_finished],
            description="places ...",
            transient=True,
        )
        for sure in (listener.voice(case.before, folder),)
    ]
    ends, within = ([place for place in heard if place[1] is is_finished] for is_finished in (True, False))
    table = Table(
        title=f"Of {len(ends)} ends and {len(within)} places within sentences pass, by the voice / words, too"
    )
    for heading in ("probability from", "ends", "within sentences"):
        table.add_column(heading, justify="right")
    for bar in BARS:
        counts = (
            f"{sum(place[2] >= bar for place in kind)} / {sum(place[3] and place[2] >= bar for place in kind)}"
            for kind in (ends, within)
        )
        table.add_row(f"{bar:g}", *counts)
    held_out = [
        place[1]
        for place in heard
        if place[3] and place[2] >= bar_of([other for other in within if other[0] != place[0]])
    ]
    table.add_row("held out", f"{sum(held_out)}", f"{len(held_out) - sum(held_out)}")
    return table


def bar_of(within: Sequence[tuple[str, bool, float, bool]]) -> float:
    """Return the lowest bar that at most ``MAY_PASS`` of places within sentences pass."""
    passed = ((bar, sum(may and sure >= bar for _, _, sure, may in within)) for bar in BARS)
    return next((bar for bar, count in passed if count <= MAY_PASS * len(within)), 1.0)


def group_of(name: str) -> str:
    """Return what the recordings of one speaker, or of one conversation, have in common in their names."""
    stem = name.split(".", maxsplit=1)[0]
    return stem.rsplit("_", maxsplit=3)[0] if stem.startswith("ami_") else stem.split("_", maxsplit=1)[0]


def cut_share(silences_s: Sequence[float], pauses_s: Sequence[float]) -> float:
    """Return the share of places and pauses at which the pause is longer than the silence that ends an answer."""
    cut = [pause > silence for silence in silences_s for pause in pauses_s]
    return sum(cut) / max(1, len(cut))


def monologue_pauses(folder: Path, analyzer: Analyzer) -> Table:
    """Compare the pauses of real monologues with the silence that the words allow."""
    counts: dict[Ending, list[float]] = {ending: [] for ending in Ending}
    for path in sorted((folder / "text").glob("monologues_timed_*.jsonl")):
        for line in track(path.read_text(encoding="utf-8").splitlines(), description="monologues ...", transient=True):
            entry = json.loads(line)
            tokens, words = entry["text"].split(), entry["words"]
            if len(tokens) != len(words):
                continue
            for place in range(1, len(words)):
                pause_s = words[place][0] - words[place - 1][1]
                if pause_s >= 1.0:
                    ending = judge(analyzer, " ".join(tokens[:place]), words[place - 1][1] - words[0][0])
                    counts[ending].append(pause_s)
    table = Table(title="Pauses of 1 s and more that people made within monologues, by what the words sound like")
    for heading in ("sounds", "waits (s)", "pauses", "longest (s)", "longer than waited for"):
        table.add_column(heading, justify="left" if heading == "sounds" else "right")
    for ending, pauses in counts.items():
        longer = sum(pause > SILENCE_S[ending] for pause in pauses)
        longest = f"{max(pauses):.1f}" if pauses else "-"
        table.add_row(ending.value, f"{SILENCE_S[ending]:g}", str(len(pauses)), longest, str(longer))
    return table


def story_ends(folder: Path, analyzer: Analyzer) -> Table:
    """Count the waits after each sentence of a story, and after its last."""
    middle, last = (dict.fromkeys(Ending, 0) for _ in range(2))
    for path in sorted((folder / "text").glob("star_*.jsonl")):
        for line in track(path.read_text(encoding="utf-8").splitlines(), description="stories ...", transient=True):
            sentences = [sentence["text"] for sentence in json.loads(line)["sentences"]]
            for count in range(1, len(sentences) + 1):
                text = " ".join(sentences[:count])
                ending = judge(analyzer, text, len(text.split()) / WORDS_PER_S)
                (last if count == len(sentences) else middle)[ending] += 1
    table = Table(title="Stories cut after each sentence: what the words sound like")
    for heading in ("sounds", "waits (s)", "within", "at the end"):
        table.add_column(heading, justify="left" if heading == "sounds" else "right")
    for ending in Ending:
        shares = (f"{100 * counts[ending] / max(1, sum(counts.values())):.1f} %" for counts in (middle, last))
        table.add_row(ending.value, f"{SILENCE_S[ending]:g}", *shares)
    return table


def judge(analyzer: Analyzer, text: str, spoken_s: float) -> Ending:
    """Return how a text's last words sound, as the interview judges it."""
    analysis = analyzer.assess(transcript_of_text(text), source="", framework="star").analysis
    return ending_of(text, analysis, spoken_s=spoken_s)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", default="base")
    parser.add_argument("--noise", action="store_true", help="also with a fan, a keyboard and a cafe under it")
    parser.add_argument("--every", type=int, default=1, help="take every Nth case")
    parser.add_argument("--brief", action="store_true", help="stop each case once its rest has begun: cut-offs only")
    parser.add_argument("--decodings", type=Path, help="keep Whisper's words in this folder, and reuse them")
    parser.add_argument("--details", action="store_true", help="print each answer that is cut off")
    parser.add_argument("--places-only", action="store_true", help="judge each place, and leave the rest out")
    parser.add_argument("--bars", action="store_true", help="who passes at which probability, and nothing else")
    parser.add_argument("--texts-only", action="store_true", help="leave the recordings out")
    options = parser.parse_args()
    console = Console(width=max(Console().width, 110))
    with tempfile.TemporaryDirectory() as temporary:
        settings = load_settings(data_dir=Path(temporary) / "data", model=options.model)
        if not options.texts_only:
            chosen = list(cases(options.data / "speech"))[:: options.every]
            noise = noises(read_references(options.data / "speech")) if options.noise else {}
            load = transcriber_loader(settings)
            if options.decodings:
                options.decodings.mkdir(parents=True, exist_ok=True)
                load = partial(Remembering, load, options.decodings)
            with TranscriptionWorker(load) as worker, Store(settings.data_dir) as store:
                listener = Hearing(settings, worker, store, Path(temporary))
                if options.bars:
                    folders = [folder for name in ("speech", "speech_more") if (folder := options.data / name).exists()]
                    console.print(bars(listener, folders, Path(temporary)))
                    return
                for table in curve(listener, chosen):
                    console.print(table)
                if options.places_only:
                    return
                details = console if options.details else None
                console.print(listen(listener, chosen, noise, details, is_brief=options.brief))
        analyzer = Analyzer(settings, QuestionBank.load())
        console.print(monologue_pauses(options.data, analyzer))
        console.print(story_ends(options.data, analyzer))


if __name__ == "__main__":
    main()

"""Measures how fast a store of many sessions is listed and searched, after start-up.

Run: python bench/store/store.py [--sessions 10000]

Makes that many sessions, two thirds with three answers and the others with a take of a story, of 550 words each, of our
own training stories, in a temporary folder, and prints the median and the worst of ten runs of each question. One
question is asked in every third session. Then come whole processes, beside an empty store: ``practice`` until the first
question is shown (silent, tiny.en), ``show`` and ``sessions``, from their start, median and worst of five.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.coaching.assess import Analyzer
from voicemock.content.questions import QuestionBank
from voicemock.models import Answer, Assessment, SpeechSpan, Story, Transcript, Word
from voicemock.practice.progress import look_back
from voicemock.settings import load_settings
from voicemock.store.overviews import Filters
from voicemock.store.store import Store

ANSWERS = 3
WORDS = 550
WORD_S = 0.36
KINDS = 12
"""Different answers that are analyzed; the others are copies of them with a word of their own."""
RUNS = 10
STARTS = 5
OFTEN = "failed-program"
"""The question that is asked again and again."""


def main() -> None:
    """Fill a store and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=1000)  # 10000 takes 2 GB
    sessions = parser.parse_args().sessions
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "data") as store:
        began = perf_counter()
        fill(store, sessions)
        size_mb = sum(path.stat().st_size for path in (Path(folder) / "data").glob("*.db*")) / 1e6
        answers = sum(overview.answers for overview in store.overviews.sessions())
        print(f"{sessions} sessions, {answers} answers, {size_mb:.0f} MB, made in {perf_counter() - began:.0f} s")
        print(f"{'':34}{'found':>7}{'median':>11}{'worst':>11}")
        for name, ask in questions(store, sessions):
            report(name, ask)
        store.close()
        data, empty = Path(folder) / "data", Path(folder) / "empty"
        report("open the store", lambda: opened(data))
        print(f"{'whole processes':34}{'empty':>18}{'full':>22}")
        for name, command, until in processes():
            starts = [[start_s(command, until, where) for _ in range(STARTS)] for where in (empty, data)]
            print(f"{name:34}" + "".join(f"{sorted(times)[STARTS // 2]:9.2f} s{max(times):9.2f} s" for times in starts))
    print(f"system load {', '.join(f'{average:.1f}' for average in os.getloadavg())}")


def opened(data: Path) -> int:
    """Open and close a store."""
    with Store(data):
        return 1


def processes() -> list[tuple[str, list[str], str]]:
    """Return commands, and the text that shows that they are as far as is timed."""
    mic = ROOT / "fixtures" / "audio" / "silence.flac"
    practice = ["practice", "--silent", "--question", OFTEN, "--mic", str(mic), "--model", "tiny.en", "--realtime"]
    return [
        ("practice, to the first question", practice, "Question 1 of 1"),
        ("sessions", ["sessions"], ""),
        ("show", ["show"], ""),
    ]


def start_s(command: list[str], until: str, data: Path) -> float:
    """Return the seconds from the start of a process until it has shown a text, or has ended; it is ended then."""
    environment = {**os.environ, "VOICEMOCK_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)}
    began = perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "voicemock", *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    ) as child:
        assert child.stdout is not None  # noqa: S101 - it is a pipe
        for line in child.stdout:
            if until and until.encode() in line:
                break
        took = perf_counter() - began
        if until:
            child.kill()
    return took


def questions(store: Store, sessions: int) -> list[tuple[str, Callable[[], int]]]:
    """Return what is asked, by name; each returns how many it found."""
    story = Story.named("Story 3")
    since = datetime(2026, 11, 1, tzinfo=UTC) - timedelta(days=30)
    return [
        ("sessions (20)", lambda: len(store.overviews.sessions(limit=20))),
        ("sessions (all)", lambda: len(store.overviews.sessions())),
        ("progress", lambda: progress(store)),
        ("stories", lambda: len(store.overviews.stories())),
        ("show the last", lambda: len(store.sessions.answers(store.sessions.find()))),
        ("unfinished", lambda: len(store.unfinished.find())),
        ("last take of a question", lambda: int(store.takes.last_of_question(OFTEN) is not None)),
        ("last take of a story", lambda: int(store.takes.last_of_story(story) is not None)),
        ("takes of a story", lambda: len(store.takes.of_story(story))),
        ("search: a rare word", lambda: len(store.overviews.search(f"zebra{sessions // 2}x1"))),
        ("search: a word in most answers", lambda: len(store.overviews.search("team"))),
        ("search: two words", lambda: len(store.overviews.search("latency launch"))),
        ("search: a beginning", lambda: len(store.overviews.search("migrat*"))),
        (
            "search: since and pillar",
            lambda: len(store.overviews.search("team", Filters(since=since, pillar="behavioral"))),
        ),
    ]


def progress(store: Store) -> int:
    """Return how many answers the trends are made of."""
    frameworks = QuestionBank.load().frameworks
    now = datetime(2026, 11, 1, tzinfo=UTC)
    return look_back(store.takes.measured(), frameworks, current_version=ANALYSIS_VERSION, now=now).answers


def report(name: str, ask: Callable[[], int]) -> None:
    """Ask several times and print a line."""
    times, found = [], 0
    for _ in range(RUNS):
        began = perf_counter()
        found = ask()
        times.append(perf_counter() - began)
    times.sort()
    print(f"{name:34}{found:7}{1000 * times[RUNS // 2]:8.1f} ms{1000 * times[-1]:8.1f} ms")


def fill(store: Store, sessions: int) -> None:
    """Keep this many sessions, a third of them takes of one of twenty stories."""
    bank, settings = QuestionBank.load(), load_settings()
    analyzer = Analyzer(settings, bank)
    dice = random.Random(7)  # noqa: S311 - the same store every time
    lines = [line[2:].strip() for path in sorted((ROOT / "training" / "star").glob("*.txt")) for line in _lines(path)]
    kinds = [assessed(analyzer, talk(lines, dice)) for _ in range(KINDS)]
    stories = [Story.named(f"Story {number}") for number in range(20)]
    start = datetime(2026, 11, 1, tzinfo=UTC)
    for number in range(sessions):
        told = stories[number % 20] if number % 3 == 0 else None
        at = start - timedelta(hours=8 * number)
        session = store.sessions.start(None if told else "tpm", "bench", at, told)
        for position in range(1, 2 if told else ANSWERS + 1):
            question = None if told else bank.questions[dice.randrange(len(bank.questions))]
            if question and position == 1 and number % 2:
                question = bank.get(OFTEN)
            recording = store.sessions.folder(session) / f"answer-{position:02}.flac"
            recording.write_bytes(b"")
            store.sessions.add_answer(
                session,
                Answer(
                    position=position,
                    status="answered",
                    question=question,
                    recorded_at=at + timedelta(minutes=5 * position),
                    audio_file=recording.name,
                    assessment=with_own_word(kinds[dice.randrange(KINDS)], f"zebra{number}x{position}"),
                    timings=None,
                ),
            )
        store.sessions.end(session, at + timedelta(minutes=30))


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line[1:2] == " "]


def talk(lines: list[str], dice: random.Random) -> list[str]:
    """Return the words of a few stories one after the other."""
    words: list[str] = []
    at = dice.randrange(len(lines) - 200)
    for line in lines[at:]:
        words += line.split()
        if len(words) >= WORDS:
            break
    return words


def assessed(analyzer: Analyzer, words: list[str]) -> Assessment:
    """Return what is said of words that are spoken evenly."""
    spoken = tuple(
        Word(text=word, start_s=index * WORD_S, end_s=(index + 1) * WORD_S, probability=0.9)
        for index, word in enumerate(words)
    )
    ends_s = len(words) * WORD_S
    transcript = Transcript(text=" ".join(words), words=spoken)
    return analyzer.assess(transcript, source="bench", speech=(SpeechSpan(0, ends_s),), recording_s=ends_s)


def with_own_word(assessment: Assessment, word: str) -> Assessment:
    """Return a copy that ends in a word which no other has."""
    transcript = assessment.transcript
    ends_s = transcript.words[-1].end_s or 0.0
    own = Word(text=word, start_s=ends_s, end_s=ends_s + WORD_S, probability=0.9)
    longer = Transcript(text=f"{transcript.text} {word}", words=(*transcript.words, own))
    return assessment.model_copy(update={"transcript": longer})


if __name__ == "__main__":
    main()

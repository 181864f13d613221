"""The corpus of labeled answers: plain text that anybody can extend without Python.

``training/corpus/answers/HAND.txt`` holds what one writer wrote, a sentence a line; ``labels/HAND.txt`` what another
said about it; ``second/`` the labels of a third for a tenth of it. ``README.md`` there shows both formats.

Run ``python -m training.corpus check`` after every change, ``sheet HAND`` for a page to label by, ``agreement`` for how
far two labelers agree, and ``count`` for what there is.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, get_args

import yaml

from voicemock.content.evidence import load_evidence
from voicemock.content.frameworks import load_frameworks
from voicemock.models import FrameworkName

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "training" / "corpus"
SHARED: Final = "formats"
"""Frameworks with few answers each are judged as this: what limits an answer is learned from all of them together."""
FORMAT_FRAMEWORKS: Final = tuple(
    each
    for each in sorted(load_frameworks(), key=lambda each: get_args(FrameworkName).index(each.name))
    if each.judged_as == SHARED
)
FORMATS: Final = tuple(str(each.name) for each in FORMAT_FRAMEWORKS)
PARTS_OF_ANSWERS: Final = {
    "star": ("situation", "task", "action", "result", "figure", "lesson"),
    "triage": ("assess", "mitigate", "negotiate", "communicate", "options", "numbers", "decision"),
    "design": ("requirements", "design", "scale", "failure", "metrics", "trade_off", "cost", "operations"),
    **{str(each.name): tuple(part.name for part in each.parts) for each in FORMAT_FRAMEWORKS},
}
"""What an answer of a framework may lack."""
STYLES: Final = ("clean", "spoken", "bare")
"""As a good transcript; with ums and restarts; as a speech recognizer writes it, without punctuation."""
MAX_WORDS: Final = 70
"""Of one line. More than that is no sentence."""
NOTHING: Final = "-"


class CorpusError(ValueError):
    """A file of the corpus breaks the format. The message names file, answer and line."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one writer wrote to one question."""

    name: str
    framework: str
    style: str
    question: str
    lines: tuple[str, ...]

    @property
    def hand(self) -> str:
        """The writer."""
        return self.name.partition("-")[0]

    @property
    def words(self) -> int:
        """How many words there are."""
        return sum(len(line.split()) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Labels:
    """What a labeler says about one answer.

    Attributes:
        yes: For each line the evidence that is surely there.
        unsure: For each line the evidence that two careful labelers could disagree about.
        first: What should be said first; empty where nothing important is wrong.
        also: What may be said first as well; "none" where saying nothing is right, too.
        missing: What the answer lacks and the question calls for.
        doubtful: What it may be said to lack or not.
        strengths: What is good about it.
        figures: Number of a line and the exact words of a measured outcome in it.
    """

    yes: tuple[frozenset[str], ...]
    unsure: tuple[frozenset[str], ...]
    first: frozenset[str]
    also: frozenset[str]
    missing: frozenset[str]
    doubtful: frozenset[str]
    strengths: frozenset[str]
    figures: tuple[tuple[int, str], ...]


class Names:
    """The names that labels may use."""

    @cached_property
    def evidence(self) -> dict[str, str]:
        """Name of the evidence by its code, in the order of ``prompts/evidence.yaml``."""
        return {each.code: each.name for each in load_evidence()}

    @cached_property
    def _faults(self) -> dict[str, dict[str, str]]:
        faults: dict[str, dict[str, str]] = _read_yaml(FOLDER / "faults.yaml")
        return faults

    def faults(self, framework: str) -> frozenset[str]:
        """Return what may be wrong with an answer of a framework."""
        missing = {f"missing_{part}" for part in PARTS_OF_ANSWERS[framework]} if framework in FORMATS else set()
        return self.verdicts(judged_as(framework)) | missing

    def verdicts(self, judged_as: str) -> frozenset[str]:
        """Return what may be wrong with answers that are judged alike, as ``judged_as`` says."""
        return frozenset({*self._faults[judged_as], *self._faults["general"]})

    def strengths(self, framework: str) -> frozenset[str]:
        """Return what may be good about an answer of a framework."""
        if framework in FORMATS:
            return frozenset({*self._faults["formats_strengths"], *self._faults["formats_share"]})
        return frozenset(self._faults["strengths"])

    @cached_property
    def asked_of(self) -> dict[str, frozenset[str]]:
        """The frameworks in whose answers each piece of evidence was looked for, by its name."""
        return {each.name: frozenset(each.frameworks or PARTS_OF_ANSWERS) for each in load_evidence()}

    @cached_property
    def questions(self) -> dict[str, str]:
        """Texts of the program's questions by their ids."""
        files = sorted((ROOT / "prompts" / "questions").glob("*.yaml"))
        return {each["id"]: each["text"] for path in files for each in _read_yaml(path)}

    @cached_property
    def hands(self) -> dict[str, dict[str, str]]:
        """Of each hand: ``speaker``, and the ``split`` (train, dev or test) that all its answers are in."""
        hands: dict[str, dict[str, str]] = _read_yaml(FOLDER / "hands.yaml")
        return hands


def judged_as(framework: str) -> str:
    """Return the name under which the verdicts about answers of a framework are learned."""
    return SHARED if framework in FORMATS else framework


def _read_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def read_answers(path: Path, names: Names) -> list[Answer]:
    """Return the answers of a file, in order.

    Raises:
        CorpusError: The file breaks the format.
    """
    return [_answer(path, header, body, names) for header, body in _blocks(path)]


def _blocks(path: Path) -> Iterator[tuple[str, list[str]]]:
    pieces = re.split(r"^== *(.*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if before := [line for line in pieces[0].splitlines() if line.strip() and not line.startswith("#")]:
        raise CorpusError(f"{path.name}: text before the first answer: {before[0]!r}")
    for header, body in zip(pieces[1::2], pieces[2::2], strict=True):
        yield header.strip(), [line.strip() for line in body.splitlines() if line.strip()]


def _answer(path: Path, header: str, body: list[str], names: Names) -> Answer:
    name, framework, question, style = _header(path, header)
    if question == "own":
        if not body or not body[0].startswith("? "):
            raise CorpusError(f'{path.name}: {name}: a line "? ..." with its own question comes first')
        text, body = body[0].removeprefix("? "), body[1:]
    elif question not in names.questions:
        raise CorpusError(f"{path.name}: {name}: there is no question {question!r}")
    else:
        text = names.questions[question]
    if not body:
        raise CorpusError(f"{path.name}: {name}: no sentence")
    for line in body:
        _check_line(f"{path.name}: {name}", line, style)
    return Answer(name, framework, style, text, tuple(body))


def _header(path: Path, header: str) -> tuple[str, str, str, str]:
    match = re.fullmatch(r"([a-z]\d+-\d+) (\w+) ([\w-]+) (\w+)", header)
    if match is None:
        raise CorpusError(f'{path.name}: {header!r} is not "NAME FRAMEWORK QUESTION STYLE"')
    name, framework, question, style = match.groups()
    if framework not in PARTS_OF_ANSWERS or style not in STYLES:
        raise CorpusError(f"{path.name}: {name}: unknown framework or style: {framework}, {style}")
    if not name.startswith(f"{path.stem}-"):
        raise CorpusError(f"{path.name}: {name} belongs to another hand")
    return name, framework, question, style


def _check_line(where: str, line: str, style: str) -> None:
    if len(line.split()) > MAX_WORDS:
        raise CorpusError(f"{where}: a line of {len(line.split())} words: {line[:40]!r}")
    if odd := re.search(r"[\[\]{}|*_<>]", line):
        raise CorpusError(f"{where}: {odd[0]!r} is never spoken: {line[:60]!r}")
    if style == "bare" and re.search(r"[A-Z.,;:!?\"]", line):
        raise CorpusError(f"{where}: a bare line has no capitals and no punctuation: {line[:60]!r}")


def read_labels(path: Path, answers: Mapping[str, Answer], names: Names) -> dict[str, Labels]:
    """Return the labels of a file by the name of the answer.

    Args:
        path: The file.
        answers: Those that may be labeled in it, by name.
        names: What labels may say.

    Raises:
        CorpusError: The file breaks the format.
    """
    labels: dict[str, Labels] = {}
    for header, body in _blocks(path):
        if header not in answers or header in labels:
            raise CorpusError(f"{path.name}: {header}: no such answer, or labeled twice")
        labels[header] = _LabelReader(f"{path.name}: {header}", answers[header], names).read(body)
    return labels


@dataclass(frozen=True, slots=True)
class _LabelReader:
    """Reads the labels of one answer."""

    where: str
    answer: Answer
    names: Names

    def read(self, body: list[str]) -> Labels:
        codes, remarks, figures = self._sorted(body)
        if sorted(codes) != list(range(1, len(self.answer.lines) + 1)):
            raise CorpusError(f"{self.where}: {len(self.answer.lines)} lines, labels for {sorted(codes)}")
        ordered = [codes[number] for number in sorted(codes)]
        faults = self.names.faults(self.answer.framework)
        parts = frozenset(PARTS_OF_ANSWERS[self.answer.framework])
        return Labels(
            yes=tuple(self._evidence(line, sure=True) for line in ordered),
            unsure=tuple(self._evidence(line, sure=False) for line in ordered),
            first=self._named(remarks, "first", faults | {"none"}) - {"none"},
            also=self._named(remarks, "also", faults | {"none"}),
            missing=self._named(remarks, "missing", parts),
            doubtful=self._named(remarks, "unsure", parts),
            strengths=self._named(remarks, "good", self.names.strengths(self.answer.framework)),
            figures=tuple(figures),
        )

    def _sorted(self, body: list[str]) -> tuple[dict[int, list[str]], dict[str, str], list[tuple[int, str]]]:
        codes: dict[int, list[str]] = {}
        remarks: dict[str, str] = {}
        figures: list[tuple[int, str]] = []
        for line in body:
            if match := re.match(r"(\d+)\b(.*)", line):
                codes[int(match[1])] = match[2].split()
            elif match := re.fullmatch(r"figure: *(\d+) +(.*)", line):
                figures.append(self._figure(int(match[1]), match[2]))
            elif match := re.match(r"(first|also|missing|unsure|good):(.*)", line):
                remarks[match[1]] = match[2]
            else:
                raise CorpusError(f"{self.where}: cannot read {line[:60]!r}")
        return codes, remarks, figures

    def _figure(self, number: int, quote: str) -> tuple[int, str]:
        if not 1 <= number <= len(self.answer.lines) or quote not in self.answer.lines[number - 1]:
            raise CorpusError(f"{self.where}: {quote!r} is not in line {number}")
        return number, quote

    def _evidence(self, codes: list[str], *, sure: bool) -> frozenset[str]:
        known = self.names.evidence
        if unknown := [code for code in codes if code != NOTHING and code.rstrip("?") not in known]:
            raise CorpusError(f"{self.where}: no evidence has the code {unknown[0]!r}")
        return frozenset(known[code.rstrip("?")] for code in codes if code != NOTHING and code.endswith("?") != sure)

    def _named(self, remarks: Mapping[str, str], key: str, allowed: frozenset[str]) -> frozenset[str]:
        if key not in remarks:
            raise CorpusError(f'{self.where}: no line "{key}:"')
        said = frozenset(re.split(r"[ ,]+", remarks[key].strip())) - {NOTHING, ""}
        if unknown := said - allowed:
            raise CorpusError(f"{self.where}: {key}: unknown name {min(unknown)!r}")
        return said


@dataclass(frozen=True)
class Corpus:
    """All answers and their labels, by name."""

    answers: Mapping[str, Answer]
    labels: Mapping[str, Labels]
    second: Mapping[str, Labels]
    names: Names

    @classmethod
    def read(cls, folder: Path = FOLDER) -> Corpus:
        """Read and check a folder.

        Raises:
            CorpusError: A file breaks the format, or an answer is not labeled.
        """
        names = Names()
        answers = {
            each.name: each for path in sorted((folder / "answers").glob("*.txt")) for each in read_answers(path, names)
        }
        labels, second = (_all_labels(folder / kind, answers, names) for kind in ("labels", "second"))
        if unlabeled := answers.keys() - labels.keys():
            raise CorpusError(f"not labeled: {', '.join(sorted(unlabeled))}")
        if unknown := {each.hand for each in answers.values()} - names.hands.keys():
            raise CorpusError(f"not in hands.yaml: {', '.join(sorted(unknown))}")
        return cls(answers, labels, second, names)

    def split(self, split: str) -> list[Answer]:
        """Return the answers of all hands in a split, in order."""
        hands = self.names.hands
        return [answer for answer in self.answers.values() if hands[answer.hand]["split"] == split]


def _all_labels(folder: Path, answers: Mapping[str, Answer], names: Names) -> dict[str, Labels]:
    found: dict[str, Labels] = {}
    for path in sorted(folder.glob("*.txt")):
        found.update(read_labels(path, answers, names))
    return found


def sheet(answers: list[Answer]) -> str:
    """Return a page to label by: the questions and the numbered lines."""
    blocks = (
        "\n".join([f"== {each.name} | {each.framework} | {each.question}", *_numbered(each.lines), ""])
        for each in answers
    )
    return "\n".join(blocks)


def _numbered(lines: tuple[str, ...]) -> list[str]:
    return [f"{number} {line}" for number, line in enumerate(lines, 1)]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two labelers agree about one piece of evidence; what either is unsure of is not counted.

    Attributes:
        both: Lines for which both say yes.
        one: Lines for which one of them does.
    """

    both: int
    one: int

    @property
    def f1(self) -> float | None:
        """F1 of one labeler against the other; None where neither ever says yes."""
        return 2 * self.both / (2 * self.both + self.one) if self.both + self.one else None


def agreement(corpus: Corpus) -> dict[str, Agreement]:
    """Return the agreement about each piece of evidence, by its name."""
    both: Counter[str] = Counter()
    one: Counter[str] = Counter()
    for name, other in corpus.second.items():
        ours = corpus.labels[name]
        for yes, unsure, yes2, unsure2 in zip(ours.yes, ours.unsure, other.yes, other.unsure, strict=True):
            both.update((yes & yes2) - unsure - unsure2)
            one.update((yes ^ yes2) - unsure - unsure2)
    return {name: Agreement(both[name], one[name]) for name in corpus.names.evidence.values()}


def _print_count(corpus: Corpus) -> None:
    for split in ("train", "dev", "test"):
        answers = corpus.split(split)
        hands = {each.hand for each in answers}
        lines = sum(len(each.lines) for each in answers)
        print(
            f"{split}: {len(answers)} answers, {len(hands)} hands, {lines} lines, {sum(a.words for a in answers)} words"
        )
    evidence = Counter(name for each in corpus.labels.values() for line in each.yes for name in line)
    faults = Counter(name for each in corpus.labels.values() for name in each.first or {"none"})
    strengths = Counter(name for each in corpus.labels.values() for name in each.strengths)
    for title, counted in (("lines with", evidence), ("first", faults), ("strength", strengths)):
        print(f"{title}: " + ", ".join(f"{name} {count}" for name, count in counted.most_common()))


def _print_agreement(corpus: Corpus) -> None:
    found = agreement(corpus)
    print(f"{len(corpus.second)} answers labeled twice")
    for name, each in sorted(found.items(), key=lambda item: -(item[1].f1 or 0)):
        print(
            f"{name:22} "
            + ("not measured" if each.f1 is None else f"F1 {each.f1:.2f}  ({each.both} both, {each.one} one)")
        )
    twice = corpus.second.items()
    same = sum(corpus.labels[name].first == other.first for name, other in twice)
    allowed = sum(bool(_firsts(corpus.labels[name]) & _firsts(other)) for name, other in twice)
    if twice:
        print(f"first: the same {same / len(twice):.0%}, one the other allows {allowed / len(twice):.0%}")


def _firsts(labels: Labels) -> frozenset[str]:
    return (labels.first or frozenset({"none"})) | labels.also


def main(arguments: list[str]) -> int:
    """Run one of the commands."""
    parser = argparse.ArgumentParser(
        prog="python -m training.corpus", description="Check and count the labeled answers."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, help_text in (
        ("check", "say whether every file has the right form"),
        ("count", "count answers, words, evidence, faults and strengths"),
        ("agreement", "how far two labelers agree about each piece of evidence"),
    ):
        commands.add_parser(name, help=help_text)
    commands.add_parser("sheet", help="a page to label by").add_argument("hand")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "sheet":
            print(sheet(read_answers(FOLDER / "answers" / f"{chosen.hand}.txt", Names())))
            return 0
        corpus = Corpus.read()
    except (CorpusError, FileNotFoundError) as error:
        print(f"corpus: {error}", file=sys.stderr)
        return 1
    if chosen.command == "check":
        print(f"{len(corpus.answers)} answers, all in the right form")
    elif chosen.command == "count":
        _print_count(corpus)
    else:
        _print_agreement(corpus)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

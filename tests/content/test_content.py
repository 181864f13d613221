"""The data files in prompts/: all of them load, say what they should, and report mistakes by file and line."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from tests.commands import lines, voicemock
from voicemock.analysis.evidence import LACKS
from voicemock.analysis.lexicon import Checklist, FillerWords, OutcomeWords
from voicemock.analysis.phrasebook import Phrases
from voicemock.analysis.reader import FILE, SCALES_FILE, SUM_FILE, load_reader, load_scales
from voicemock.coaching.debrief_wording import DebriefPhrases
from voicemock.coaching.gaps import WORTH
from voicemock.coaching.judgment import Judgments
from voicemock.coaching.language_model.briefing import Guidance
from voicemock.coaching.probes import Probe, ProbeFile, load_probes
from voicemock.content import yaml_files as content
from voicemock.content.evidence import EvidenceGroup, load_evidence
from voicemock.content.levels import LevelGuides
from voicemock.content.own_questions import GeneralAdvice
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import Style
from voicemock.content.wording import FeedbackPhrases
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.errors import ContentError
from voicemock.models import Framework, FrameworkName, Level, Loop, Pillar, Question, Topic
from voicemock.report.rows import MeasureHelp

SHAPES: dict[str, Any] = {
    "questions/*.yaml": list[Question],
    "loops/*.yaml": Loop,
    "frameworks/*.yaml": Framework,
    "patterns/fillers.yaml": FillerWords,
    "patterns/outcomes.yaml": OutcomeWords,
    "phrases/*.yaml": Phrases,
    "checklists/*.yaml": Checklist,
    "evidence.yaml": tuple[EvidenceGroup, ...],
    "findings.yaml": Judgments,
    "probes/said.yaml": ProbeFile,
    "probes/missing.yaml": ProbeFile,
    "probes/open.yaml": ProbeFile,
    "probes/technical.yaml": ProbeFile,
    "probes/trade_offs.yaml": ProbeFile,
    "probes/leadership.yaml": ProbeFile,
    "probes/pushback.yaml": ProbeFile,
    "feedback.yaml": FeedbackPhrases,
    "language_model.yaml": Guidance,
    "measures.yaml": tuple[MeasureHelp, ...],
    "styles/*.yaml": Style,
    "debrief.yaml": DebriefPhrases,
    "levels.yaml": LevelGuides,
    "topics.yaml": tuple[Topic, ...],
    "seldom_last.yaml": dict[str, str],
    "own_questions.yaml": dict[FrameworkName, GeneralAdvice],
}
"""The shape of each data file. A new kind of file needs its line here."""

PRINCIPLES = (
    "customer-obsession",
    "ownership",
    "invent-and-simplify",
    "are-right-a-lot",
    "learn-and-be-curious",
    "hire-and-develop-the-best",
    "insist-on-the-highest-standards",
    "think-big",
    "bias-for-action",
    "frugality",
    "earn-trust",
    "dive-deep",
    "have-backbone-disagree-and-commit",
    "deliver-results",
    "strive-to-be-earths-best-employer",
    "success-and-scale-bring-broad-responsibility",
)

FILES = sorted(prompts_folder().rglob("*.yaml"))
BANK = QuestionBank.load()


def name_of(value: object) -> str:
    return str(getattr(value, "id", None) or getattr(value, "name", value))


# --- every file loads -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(prompts_folder()).as_posix())
def test_every_data_file_fits_its_shape(path: Path) -> None:
    relative = path.relative_to(prompts_folder())
    shapes = [shape for pattern, shape in SHAPES.items() if relative.match(pattern)]
    assert len(shapes) == 1, f"{relative} has no shape: add it to SHAPES"
    load_yaml(path, shapes[0])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(prompts_folder()).as_posix())
def test_every_data_file_says_the_same_without_the_c_library(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert yaml.load(text, Loader=yaml.SafeLoader) == yaml.load(text, Loader=content._Loader)


def test_a_data_file_is_read_once_and_what_it_holds_is_nobody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    path = prompts_folder() / "questions" / "program-sense-delivery.yaml"
    first = load_yaml(path, list[Question])
    monkeypatch.setattr(content, "read_at_most", None)
    second = load_yaml(path, list[Question])
    second.clear()
    assert load_yaml(path, list[Question]) == first


def test_another_file_is_read_each_time(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    for words in ["one", "two"]:
        path.write_text(f"[{words}]", encoding="utf-8")
        assert load_yaml(path, list[str]) == [words]


def test_no_two_pieces_of_evidence_share_a_name_or_a_code() -> None:
    questions = load_evidence()
    assert len(questions) == len({each.name for each in questions}) == len({each.code for each in questions})


def test_there_are_no_other_files_that_nobody_reads() -> None:
    trained = "reader"
    others = [path for path in prompts_folder().rglob("*") if path.is_file() and path.parent.name != trained]
    assert {path.suffix for path in others} == {".yaml"}


def test_the_reader_stands_beside_its_hash_its_scales_and_its_vocabulary() -> None:
    folder = prompts_folder() / "reader"
    assert {path.name for path in folder.iterdir()} == {FILE, SUM_FILE, SCALES_FILE, "vocabulary.txt", "markers.npz"}
    assert load_reader().evidence == tuple(each.name for each in load_evidence())


def test_every_part_of_a_framework_is_told_by_evidence_and_missed_by_a_verdict() -> None:
    known = {each.name for each in load_evidence()}
    for path in (prompts_folder() / "frameworks").iterdir():
        for part in load_yaml(path, Framework).parts:
            assert part.evidence
            assert {*part.evidence} <= known
            assert LACKS + part.name in load_scales()


# --- a mistake is reported with file, line and field ------------------------------------------------------

GOOD = """\
- id: late-vendor
  text: Tell me about a vendor who was late.
  pillar: program_sense
  framework: star
  competency: vendor-management
  strong_answer:
    - what the contract said
    - what you did about it
  common_mistakes:
    - blaming the vendor
"""


def test_a_good_file_loads(tmp_path: Path) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert [question.id for question in load_yaml(path, list[Question])] == ["late-vendor"]


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("pillar: programs", "pillar: program_sense", ":3: 0.pillar: Input should be 'program_sense'"),
        ("text: [a, b]", "text: Tell me about a vendor who was late.", ":2: 0.text: Input should be a valid string"),
        ("text: Late?", "text: Tell me about a vendor who was late.", ":2: 0.text: String should have at least 10"),
        ("id: Late Vendor", "id: late-vendor", ":1: 0.id: String should match pattern"),
        ("framwork: star", "framework: star", ":4: 0.framwork: Extra inputs are not permitted"),
        ("framwork: star", "framework: star", ":1: 0.framework: Field required"),
        ("    - 7", "    - what you did about it", ":8: 0.strong_answer.1: Input should be a valid string"),
        ("", "    - what you did about it\n", ":7: 0.strong_answer: Tuple should have at least 2 items"),
        ("framework: star\n  target_min_s: 300", "framework: star", ":1: 0: target_min_s must be below"),
        ("framework: star\n  target_max_s: soon", "framework: star", ":5: 0.target_max_s: Input should be a valid num"),
    ],
)
def test_a_mistake_is_reported_by_file_line_and_field(tmp_path: Path, wrong: str, right: str, message: str) -> None:
    assert right in GOOD
    path = tmp_path / "bad.yaml"
    path.write_text(GOOD.replace(right, wrong), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_yaml(path, list[Question])
    assert any(line.startswith(f"{path}{message}") for line in str(caught.value).splitlines()), str(caught.value)


def test_every_mistake_of_a_file_is_reported_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(GOOD.replace("program_sense", "programs").replace("framework: star", "framework: tale"))
    with pytest.raises(ContentError) as caught:
        load_yaml(path, list[Question])
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"- id: a\n  text: one: two\n", "line 2"),
        (b"- id: 'a\n", "line 2"),
        (b"\xff\xfe", "not UTF-8 at byte 0"),
        (b"- text: caf\xe9\n", "not UTF-8 at byte 11"),
        (b"", ":1: file: Input should be a valid list"),
        (b"id: alone\n", ":1: file: Input should be a valid list"),
    ],
    ids=["syntax", "open quote", "binary", "Latin-1", "empty", "no list"],
)
def test_a_file_that_cannot_be_read_at_all_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(ContentError) as caught:
        load_yaml(path, list[Question])
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "absent.yaml"
    with pytest.raises(ContentError) as caught:
        load_yaml(path, Loop)
    assert str(caught.value).startswith(f"{path}: ")


# --- what the bank covers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("pillar", "at_least"), [("program_sense", 55), ("system_design", 40), ("behavioral", 70)])
def test_each_pillar_has_enough_questions(pillar: str, at_least: int) -> None:
    assert len(BANK.select(pillar=pillar)) >= at_least


@pytest.mark.parametrize("principle", PRINCIPLES)
def test_each_amazon_principle_has_two_questions_or_more(principle: str) -> None:
    assert len(BANK.select(company="amazon", pillar="behavioral", competency=principle)) >= 2


@pytest.mark.parametrize("competency", ["leadership", "ambiguity", "googleyness"])
def test_google_asks_about_leadership_ambiguity_and_googleyness(competency: str) -> None:
    assert sum("google" in each.companies for each in BANK.select(competency=competency)) >= 5


@pytest.mark.parametrize("company", ["amazon", "apple", "google", "meta", "microsoft", "nvidia", "stripe"])
def test_each_company_has_stories_of_its_own(company: str) -> None:
    assert sum(company in each.companies for each in BANK.select(pillar="behavioral", company=company)) >= 8


@pytest.mark.parametrize(
    ("subject", "frameworks", "at_least"),
    [
        (
            {"model-evaluation", "training-data", "model-operations", "ai-safety", "compute-capacity"},
            {"star", "triage", "design"},
            24,
        ),
        ({"hardware-programs", "infrastructure-programs"}, {"star", "triage", "design"}, 10),
    ],
)
def test_each_field_of_work_is_asked_about_in_every_way(subject: set[str], frameworks: set[str], at_least: int) -> None:
    asked = [question for question in BANK.questions if question.competency in subject]
    assert len(asked) >= at_least
    assert {question.competency for question in asked} == subject
    assert {question.framework for question in asked} == frameworks


@pytest.mark.parametrize(("level", "at_least"), [("mid", 5), ("senior", 5), ("staff", 5), ("principal", 3)])
@pytest.mark.parametrize("pillar", ["program_sense", "system_design", "behavioral"])
def test_each_pillar_can_be_practiced_at_each_level(pillar: str, level: str, at_least: int) -> None:
    assert len(BANK.select(pillar=pillar, level=level)) >= at_least


@pytest.mark.parametrize(
    ("question_id", "framework"),
    [
        ("dependency-four-week-slip", "triage"),
        ("design-notification-system", "design"),
        ("failed-program", "star"),
        ("conflict-without-authority", "star"),
    ],
)
def test_the_questions_the_documentation_names_are_there(question_id: str, framework: str) -> None:
    assert BANK.get(question_id).framework == framework


def test_each_framework_is_described_and_used() -> None:
    named = {framework.name for framework in BANK.frameworks}
    assert named == set(get_args(FrameworkName)) == {question.framework for question in BANK.questions}


# --- each question is fit to be heard ---------------------------------------------------------------------

CALLS_FOR_A_STORY = re.compile(r"\b(tell me|describe|give me an example|take me through|walk me through|what is the)\b")


@pytest.mark.parametrize("question", BANK.questions, ids=name_of)
def test_a_question_can_be_spoken(question: Question) -> None:
    text = question.text
    assert 50 <= len(text) <= 260, "a question is heard once: neither a fragment nor a paragraph"
    assert re.fullmatch(r"[A-Za-z ,.?'-]+", text), "only letters and plain punctuation: spell numbers and signs out"
    assert re.findall(r"\b(?!APIs?\b|DNS\b|TLS\b|CAP\b)[A-Z]{2,}\b", text) == [], "a voice stumbles over abbreviations"
    assert text[-1] in ".?"
    assert len(re.findall(r"[.?](?: |$)", text)) <= 2, "two sentences at most"
    assert "  " not in text


@pytest.mark.parametrize("question", BANK.questions, ids=name_of)
def test_a_question_comes_with_advice_of_its_own(question: Question) -> None:
    assert 3 <= len(question.strong_answer) <= 6
    assert 1 <= len(question.common_mistakes) <= 3
    for phrase in question.strong_answer + question.common_mistakes:
        assert 10 <= len(phrase) <= 120
        assert phrase[0].isupper()
        assert phrase[-1] != "."


TIMES = {
    "star": (180, 240),
    "triage": (30, 240),
    "design": (120, 600),
    "explain": (60, 240),
    "retrospective": (120, 360),
    "pitch": (45, 150),
    "program": (150, 360),
    "diagnose": (90, 300),
}
"""The shortest and the longest that a question may ask for, by the kind of its answer."""


@pytest.mark.parametrize("question", BANK.questions, ids=name_of)
def test_a_question_has_the_framework_and_the_time_of_its_kind(question: Question) -> None:
    least, most = TIMES[question.framework]
    assert least <= question.target_min_s < question.target_max_s <= most
    if question.framework == "star":
        assert CALLS_FOR_A_STORY.search(question.text.lower())
        assert (question.target_min_s, question.target_max_s) == TIMES["star"]
    else:
        assert question.pillar == BANK.framework(question.framework).pillar


@pytest.mark.parametrize("question", [each for each in BANK.questions if each.parts], ids=name_of)
def test_a_question_calls_for_parts_of_its_framework(question: Question) -> None:
    parts = [part.name for part in BANK.framework(question.framework).parts]
    assert set(question.parts) < set(parts)
    asked = BANK.framework(question.framework).asked_by(question)
    assert [part.name for part in asked.parts] == [name for name in parts if name in question.parts]
    assert 0.8 <= sum(part.target_share_min + part.target_share_max for part in asked.parts) / 2 <= 1.001


def test_no_advice_is_used_for_two_questions() -> None:
    phrases = Counter(
        phrase.lower() for question in BANK.questions for phrase in question.strong_answer + question.common_mistakes
    )
    assert [phrase for phrase, times in phrases.items() if times > 1] == []


def alike(questions: tuple[Question, ...], above: float) -> list[tuple[str, str]]:
    """Pairs of questions that share more than this part of their words, in the same order."""
    pairs = []
    matcher = SequenceMatcher(autojunk=False)
    for place, one in enumerate(questions):
        matcher.set_seq2(one.text.lower().split())
        for other in questions[:place]:
            matcher.set_seq1(other.text.lower().split())
            if matcher.real_quick_ratio() > above and matcher.quick_ratio() > above and matcher.ratio() > above:
                pairs.append((other.id, one.id))
    return pairs


def test_no_two_questions_are_the_same_reworded() -> None:
    assert alike(BANK.questions, above=0.6) == []


def test_a_reworded_question_would_be_noticed() -> None:
    known = BANK.get("failed-program")
    reworded = known.model_copy(
        update={
            "id": "again",
            "text": "Tell me about a project of yours that failed. What was your role in the failure?",
        }
    )
    assert alike((*BANK.questions, reworded), above=0.6) == [("failed-program", "again")]


def test_no_id_is_used_twice() -> None:
    assert len({question.id for question in BANK.questions}) == len(BANK.questions)


# --- every loop can be asked ------------------------------------------------------------------------------


@pytest.mark.parametrize("loop", BANK.loops, ids=name_of)
@pytest.mark.parametrize("seed", range(5))
def test_every_loop_is_filled_without_repeating(loop: Loop, seed: int) -> None:
    asked = BANK.for_loop(loop, seed=seed)
    assert len(asked) == len({question.id for question in asked}) == sum(block.count for block in loop.rounds)


@pytest.mark.parametrize("loop", BANK.loops, ids=name_of)
@pytest.mark.parametrize("seed", range(5))
def test_the_longest_good_answers_fit_into_the_loops_minutes(loop: Loop, seed: int) -> None:
    assert sum(question.target_max_s for question in BANK.for_loop(loop, seed=seed)) <= loop.minutes * 60


@pytest.mark.parametrize("loop", [loop for loop in BANK.loops if loop.company], ids=name_of)
def test_a_companys_loop_asks_its_own_and_general_questions_only(loop: Loop) -> None:
    for seed in range(5):
        assert all(not q.companies or loop.company in q.companies for q in BANK.for_loop(loop, seed=seed))
        assert any(loop.company in q.companies for q in BANK.for_loop(loop, seed=seed))


@pytest.mark.parametrize("loop", [loop for loop in BANK.loops if not loop.company], ids=name_of)
def test_a_general_loop_asks_no_companys_own_questions(loop: Loop) -> None:
    assert all(not question.companies for seed in range(5) for question in BANK.for_loop(loop, seed=seed))


def test_there_is_a_loop_for_each_kind_of_interview() -> None:
    assert {loop.name for loop in BANK.loops} >= {"recruiter-screen", "hiring-manager", "apple", "stripe", "ai-company"}


@pytest.mark.parametrize("loop", BANK.loops, ids=name_of)
def test_a_loop_says_what_is_known_of_it_and_what_is_ours(loop: Loop) -> None:
    for text in (loop.summary, loop.known, loop.chosen):
        assert 40 <= len(text) <= 400
        assert text[-1] == "."
        assert "  " not in text


def test_the_questions_of_a_loop_come_with_what_is_known_of_it() -> None:
    listed = " ".join(voicemock("questions", "--loop", "recruiter screen").stdout.split())
    loop = BANK.loop("recruiter-screen")
    assert listed.startswith(f"{loop.title} 30 minutes {loop.summary} Known in public: {loop.known} Our choice: ")
    assert f"{loop.chosen} " in listed
    assert "5 questions" in listed or "five questions" in listed


def test_the_json_of_a_loop_is_its_questions_alone() -> None:
    assert len(lines("questions", "--loop", "recruiter-screen")) == 5


# --- the documentation counts the bank --------------------------------------------------------------------


def counted_rows() -> dict[str, tuple[int, ...]]:
    """The rows of numbers in docs/questions.md, by their first cell."""
    text = (Path(__file__).parents[2] / "docs" / "questions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \|((?: \d+ \|)+)$", text, re.MULTILINE)
    return {name: tuple(int(number) for number in re.findall(r"\d+", numbers)) for name, numbers in rows}


@pytest.mark.parametrize(
    "field",
    [*({"pillar": name} for name in get_args(Pillar)), *({"framework": name} for name in get_args(FrameworkName))],
    ids=str,
)
def test_the_documentation_counts_each_pillar_and_each_framework(field: dict[str, str]) -> None:
    asked = BANK.select(**field)
    by_level = [sum(each.level == name for each in asked) for name in get_args(Level)]
    assert counted_rows()[f"`{next(iter(field.values()))}`"] == (len(asked), *by_level)


def test_the_documentation_counts_what_each_company_asks() -> None:
    asked = Counter(company for question in BANK.questions for company in question.companies)
    told = {name: row for name, row in counted_rows().items() if len(row) == 1}
    assert told == {f"`{company}`": (count,) for company, count in asked.items()}
    assert f"# {len(BANK.questions)} questions;" in (Path(__file__).parents[2] / "docs" / "commands.md").read_text(
        "utf-8"
    )


# --- every probe can be asked -----------------------------------------------------------------------------

PROBE_FILES = load_probes(prompts_folder() / "probes")
PROBES = tuple(probe for file in PROBE_FILES for probe in file.probes)
OPEN = tuple(probe for file in PROBE_FILES if file.kind == "open" for probe in file.probes)
FEEDBACK = load_yaml(prompts_folder() / "feedback.yaml", FeedbackPhrases)
CHECKLISTS = tuple(load_yaml(path, Checklist) for path in sorted((prompts_folder() / "checklists").glob("*.yaml")))


def test_there_are_enough_probes_of_each_kind() -> None:
    counts = {file.kind: len(file.probes) for file in PROBE_FILES}
    assert sum(counts.values()) >= 200
    assert counts["missing"] >= 50
    assert counts["technical"] >= 60
    assert min(counts.values()) >= 15


@pytest.mark.parametrize("probe", PROBES, ids=name_of)
def test_a_probe_can_be_spoken(probe: Probe) -> None:
    for text in (probe.text, probe.quoting or probe.text):
        plain = re.sub(r"\{(quote|number)\}", "some words", text)
        assert 15 <= len(plain) <= 180, "a follow-up is short"
        assert re.fullmatch(r"[A-Za-z ,.?':-]+", plain), (
            "only letters and plain punctuation: spell numbers and signs out"
        )
        assert re.findall(r"\b(?!APIs?\b|DNS\b|TLS\b|CAP\b)[A-Z]{2,}\b", plain) == [], (
            "a voice stumbles over abbreviations"
        )
        assert plain[-1] in ".?"
        assert len(re.findall(r"[.?](?: |$)", plain)) <= 4
        assert "  " not in plain


@pytest.mark.parametrize("probe", PROBES, ids=name_of)
def test_a_probe_says_what_a_strong_reply_covers(probe: Probe) -> None:
    assert 2 <= len(probe.listens_for) <= 4
    for phrase in probe.listens_for:
        assert 4 <= len(phrase) <= 80
        assert phrase[0].isupper()
        assert phrase[-1] != "."
    assert 10 <= probe.target_s[0] < probe.target_s[1] <= 180


@pytest.mark.parametrize("probe", [probe for probe in PROBES if probe.gap], ids=name_of)
def test_a_gap_is_one_that_can_be_found(probe: Probe) -> None:
    parts = {part.name for framework in BANK.frameworks for part in framework.parts}
    points = {item.name for checklist in CHECKLISTS for item in checklist.items}
    assert probe.gap in WORTH.keys() | parts | points


@pytest.mark.parametrize("name", sorted(WORTH))
def test_every_gap_has_a_probe_that_needs_no_words_of_its_own(name: str) -> None:
    assert any(probe.gap == name and not probe.heard for probe in PROBES)


@pytest.mark.parametrize("framework", BANK.frameworks, ids=name_of)
def test_every_part_has_a_probe(framework: Framework) -> None:
    for part in framework.parts:
        assert any(probe.gap == part.name and framework.name in probe.frameworks for probe in PROBES), part.name


SMALL = frozenset(
    re.findall(
        r"\w+",
        "a an and the that it this of in on to for is are was were do does did would could you your i what which how so"
        " take thirty twenty half minute three seconds sentences enough now",
    )
)
"""Words that make no two questions the same."""


def content_words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z']+", text.lower())) - SMALL


@pytest.mark.parametrize("framework", BANK.frameworks, ids=name_of)
def test_no_drill_of_a_sound_answer_asks_what_its_first_follow_up_asks(framework: Framework) -> None:
    drills = FEEDBACK.priorities["follow_up"].drill.of(framework.name)
    probes = [probe for probe in OPEN if framework.name in probe.frameworks]
    same = [
        (drill, probe.name)
        for drill in drills
        for probe in probes
        if (asked := content_words(probe.text)) and len(asked & content_words(drill)) > len(asked) / 2
    ]
    assert same == []


def test_no_probe_is_another_one_reworded() -> None:
    texts = [(probe.name, probe.text.lower().split()) for probe in PROBES]
    same = [
        (one, other)
        for place, (one, words) in enumerate(texts)
        for other, others in texts[:place]
        if SequenceMatcher(None, words, others, autojunk=False).ratio() > 0.75
    ]
    assert same == []


PROBE = """\
kind: technical
lead_ins: ["You said: {quote}."]
common_mistakes: [Explaining the term]
probes:
  - name: sharding
    text: Which key did you split the data by?
    asks_for: decision
    heard: [sharded]
    listens_for: [The key, Hot keys]
"""


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("asks_for: decision", "asks_for: fun", ":7: probes.0.asks_for: Input should be"),
        ("by?", "by {quote}?", "text must make sense without a quote"),
        ("heard: [sharded]", "worth: 2", "sharding: without heard or evidence nothing would trigger it"),
        ("heard: [sharded]", "heard: [sharded]\n    gap: result", "gap belongs to every probe of the kind missing"),
        ("heard: [sharded]", 'heard: ["{store} split"]', "unknown set store"),
        ("[The key, Hot keys]", "[The key, Hot keys]\n    target_s: [90, 30]", "target_s must be"),
        ("You said: {quote}.", "You said it.", "must use {quote}"),
        (
            "heard: [sharded]",
            'heard: [sharded]\n    quoting: "{name}: why?"',
            "quoting: unknown placeholder name; it may use: number, quote",
        ),
    ],
)
def test_a_mistake_in_a_probe_is_reported(tmp_path: Path, right: str, wrong: str, message: str) -> None:
    assert right in PROBE
    path = tmp_path / "bad.yaml"
    path.write_text(PROBE.replace(right, wrong), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_yaml(path, ProbeFile)
    assert message in str(caught.value)


def test_a_probe_name_used_twice_is_reported(tmp_path: Path) -> None:
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(PROBE, encoding="utf-8")
    with pytest.raises(ContentError, match="the probe name sharding is used twice"):
        load_probes(tmp_path)

"""An answer on the terminal: complete, honest about what was not measured, and safe to look at."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from tests.voices import prosody
from voicemock.analysis.analyze import analyze
from voicemock.analysis.lexicon import Lexicon
from voicemock.cli.screen import TerminalScreen
from voicemock.content.questions import QuestionBank
from voicemock.models import (
    Analysis,
    Assessment,
    AudioQuality,
    AudioSource,
    Feedback,
    FeedbackPoint,
    Filler,
    Framework,
    FrameworkPart,
    OneNote,
    PacePoint,
    Part,
    Pause,
    QuantifiedResult,
    QuestionSummary,
    Sentence,
    Structure,
    Transcript,
    Unclear,
    transcript_of_text,
)
from voicemock.report.passages import passages
from voicemock.report.rows import NO_PART, SAME_PART
from voicemock.report.safe_text import printable
from voicemock.report.terminal import show_assessment, show_feedback, show_sessions
from voicemock.store.overviews import SessionOverview

SHARES = (("situation", 0.1, 0.2), ("task", 0.05, 0.15), ("action", 0.5, 0.65), ("result", 0.1, 0.3))
STAR = Framework(
    name="star",
    title="STAR",
    summary="A story.",
    answers="stories",
    pillar="behavioral",
    judged_as="star",
    parts=tuple(
        FrameworkPart(
            name=name,
            title=name.upper(),
            spoken=f"the {name}",
            target_share_min=low,
            target_share_max=high,
            purpose="",
            when_missing="",
            evidence=(name,),
        )
        for name, low, high in (
            ("situation", 0.1, 0.2),
            ("task", 0.05, 0.15),
            ("action", 0.5, 0.65),
            ("result", 0.1, 0.3),
        )
    ),
)
TEXT = "Um, so we had, uh, a slow page. I, you know, rewrote it. It got faster by 40%, um."
SENTENCES = (("situation", 0.0), ("action", 62.0), ("result", 184.0))


def assessment(text: str = TEXT, *, timed: bool = True, parts=SENTENCES) -> Assessment:
    spans = [match.span() for match in re.finditer(r"\S.*?[.?!](?=\s|$)", text)]
    fillers = [
        Filler(
            text=match[0],
            kind="discourse_marker" if match[0] == "you know" else "filled_pause",
            start_char=match.start(),
            end_char=match.end(),
        )
        for match in re.finditer(r"\b(um|uh|you know)\b", text, re.IGNORECASE)
    ]
    numbers = [match.span() for match in re.finditer(r"by \d+%", text)]
    return Assessment(
        source="answer.wav",
        question=QuestionSummary(
            id="slow-page", text="Tell me about a slow page.", pillar="behavioral", framework="star"
        ),
        transcript=Transcript(text=text),
        analysis=Analysis(
            duration_s=203.6 if timed else None,
            recording_s=210.0 if timed else None,
            target_min_s=180,
            target_max_s=240,
            length="on_target" if timed else None,
            word_count=60,
            words_per_minute=147.4 if timed else None,
            fillers=tuple(fillers),
            fillers_per_minute=None,
            pauses=(Pause(start_s=20, end_s=24.2), Pause(start_s=60, end_s=61.5)) if timed else None,
            structure=Structure(
                framework="star",
                sentences=tuple(
                    Sentence(
                        text=text[start:end],
                        part=part,
                        start_s=start_s if timed else None,
                        end_s=start_s + 5 if timed else None,
                        start_char=start,
                        end_char=end,
                    )
                    for (start, end), (part, start_s) in zip(spans, parts, strict=False)
                ),
                parts=(
                    Part(name="situation", present=True, duration_s=62.0 if timed else None, share=0.31),
                    Part(name="task", present=False),
                    Part(name="action", present=True, duration_s=120.0 if timed else None, share=0.59),
                    Part(name="result", present=True, duration_s=20.0 if timed else None, share=0.1),
                ),
                missing=("task",),
            ),
            quantified_results=tuple(
                QuantifiedResult(text=text[a:b], quote=text, start_char=a, end_char=b) for a, b in numbers
            ),
        ),
        feedback=Feedback(
            spoken="Good length. I missed your task.",
            points=(
                FeedbackPoint(kind="strength", text="You gave a number.", quote="It got faster", start_s=184.0),
                FeedbackPoint(kind="priority", text="Task is missing.", quote="I, you know, rewrote it."),
                FeedbackPoint(kind="priority", text="Two fillers."),
            ),
        ),
    )


def shown(subject: Assessment, *, width: int = 80, color: str | None = None, **options) -> str:
    console = Console(
        file=io.StringIO(), width=width, height=24, color_system=color, force_terminal=bool(color), _environ={}
    )
    show_assessment(console, subject, framework=STAR, **options)
    return console.file.getvalue()


def lines_of(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_the_transcript_is_complete_with_moments_parts_and_marks():
    lines = lines_of(shown(assessment()))
    at = lines.index("What you said")
    assert lines[at + 1 : at + 6] == [
        "0:00 SITUATION [Um], so we had, [uh], a slow page.",
        "1:02 ACTION I, (you know), rewrote it.",
        "3:04 RESULT It got faster *by 40%*, [um].",
        "",
        "[filled pause] (filler phrase) *measured result*",
    ]


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (("situation", None, "result"), f'"-": {NO_PART}. {SAME_PART}'),
        (("situation", "situation", "result"), SAME_PART),
        (("situation", "action", "result"), None),
    ],
)
def test_the_legend_says_what_a_dash_and_a_blank_mean(parts, told):
    told_by = assessment()
    structure = told_by.analysis.structure
    sentences = tuple(
        each.model_copy(update={"part": part}) for each, part in zip(structure.sentences, parts, strict=True)
    )
    changed = told_by.analysis.model_copy(update={"structure": structure.model_copy(update={"sentences": sentences})})
    text = " ".join(lines_of(shown(told_by.model_copy(update={"analysis": changed}))))
    assert (told in text) if told else (SAME_PART not in text)


def test_with_color_the_words_stand_as_they_were_said():
    colored = shown(assessment(), color="standard")
    assert "\x1b[1;33mUm\x1b[0m, so we had, \x1b[1;33muh\x1b[0m" in colored
    assert "\x1b[1;32mby 40%\x1b[0m" in colored
    assert "[Um]" not in colored


def test_no_color_but_a_terminal_gets_brackets_too():
    console = Console(
        file=(file := io.StringIO()), width=80, force_terminal=True, color_system="standard", no_color=True
    )
    show_assessment(console, assessment(), framework=STAR)
    assert "[Um], so we had" in re.sub(r"\x1b\[[\d;]*m", "", file.getvalue())


def test_clean_leaves_out_fillers_and_nothing_else():
    text = shown(assessment(), clean=True)
    assert "So we had a slow page." in text
    assert "I rewrote it." in text
    assert "It got faster *by 40%*." in text
    assert not re.search(r"\b(um|uh|you know)\b", text.split("Measures")[0], re.IGNORECASE)


@pytest.mark.parametrize(
    ("said", "clean"),
    [
        ("We were, we had a plan.", "We had a plan."),
        ("I, uh, I think so.", "I think so."),
        ("We mig- migrated it.", "We migrated it."),
    ],
)
def test_clean_leaves_out_what_was_taken_back(said, clean):
    lexicon = Lexicon.load()
    analysis = analyze(transcript_of_text(said), framework=STAR, target=(180, 240), lexicon=lexicon).analysis
    subject = assessment(said, parts=())
    subject = subject.model_copy(update={"analysis": analysis, "transcript": transcript_of_text(said)})
    assert " ".join(passage.text.strip() for passage in passages(subject, clean=True)) == clean


@pytest.mark.parametrize(
    ("said", "clean"),
    [
        ("Um, we did it.", "We did it."),
        ("We, uh, did it.", "We did it."),
        ("We uh did it.", "We did it."),
        ("We did, um. Then we left.", "We did. Then we left."),
        ("Um. Then we left.", "Then we left."),
        ("Um, uh, um we left.", "We left."),
        ("We had it, um", "We had it"),
        ("We did uh.", "We did."),
        ("um", ""),
    ],
)
def test_a_clean_sentence_reads_as_if_written(said, clean):
    subject = assessment(said, parts=())
    assert " ".join(passage.text.strip() for passage in passages(subject, clean=True)) == clean


def test_the_measures_stand_beside_their_targets():
    rows = [
        re.split(r"\s{2,}", line.strip()) for line in shown(assessment(), width=100).split("Measures\n")[1].splitlines()
    ]
    table = {row[0]: row[1:] for row in rows if len(row) > 1}
    assert table["Length"] == ["3:24, on target", "3:00 to 4:00"]
    assert table["Pace"] == ["147 words per minute", "most people 126 to 197"]
    assert table["Filled pauses"][0] == "3 (um 2, uh 1); 5.0 per 100 words"
    assert table["Filler phrases"][0] == "1 (you know 1); 1.7 per 100 words"
    assert table["Pauses over 1 s"][0].startswith("2 (0.6 per minute), longest 4.2 s at 0:20; 2 inside")
    assert table["SITUATION"] == ["1:02, 31%", "10% to 20%"]
    assert table["TASK"] == ["missing", "5% to 15%"]
    assert table["Measured results"][0] == "by 40%"


def test_what_a_text_cannot_tell_is_not_measured():
    text = shown(assessment(timed=False))
    measures = lines_of(text.split("Measures\n")[1].split("Feedback")[0])
    assert [line.split(" not measured")[0] for line in measures if "not measured" in line] == [
        "Length",
        "Pace",
        "Pauses over 1 s",
    ]
    assert "0:00" not in text


def test_feedback_ties_each_point_to_words_and_moment():
    console = Console(file=io.StringIO(), width=80, color_system=None)
    show_feedback(console, assessment().feedback)
    assert [line for line in lines_of(console.file.getvalue()) if line] == [
        "Feedback",
        "Good length. I missed your task.",
        "+ You gave a number.",
        '"It got faster ..." (3:04)',
        "1. Task is missing.",
        '"I, you know, rewrote it."',
        "2. Two fillers.",
    ]


def test_what_was_not_spoken_is_told_as_what_comes_besides():
    console = Console(file=io.StringIO(), width=80, color_system=None)
    show_feedback(console, assessment().feedback, once=True)
    assert [line for line in lines_of(console.file.getvalue()) if line][2:] == ["Also: Two fillers."]


def test_feedback_leaves_a_drill_and_what_changed_to_be_read():
    feedback = assessment().feedback
    more = {"drill": "Tell only the result again, number first.", "since_last": ("You have a number now.", "No task.")}
    console = Console(file=io.StringIO(), width=80, color_system=None)
    show_feedback(console, feedback.model_copy(update=more))
    assert [line for line in lines_of(console.file.getvalue()) if line][-4:] == [
        "Drill: Tell only the result again, number first.",
        "Since the last take:",
        "- You have a number now.",
        "- No task.",
    ]


def test_nothing_said_shows_only_the_feedback():
    silent = assessment("", parts=())
    text = shown(silent)
    assert "What you said" not in text
    assert "Measures" not in text
    assert "I missed your task." in text


@pytest.mark.parametrize(
    ("title", "first", "question_below"),
    [
        (None, "Tell me about a slow page.", False),
        ("2. Tell me about a slow page.", "2. Tell me about a slow page.", False),
        ("a.wav", "a.wav", True),
    ],
)
def test_the_heading_names_the_question_once(title, first, question_below):
    lines = lines_of(shown(assessment(), title=title))
    assert lines[1] == first
    assert (lines[2] == "Tell me about a slow page.") is question_below


@pytest.mark.parametrize("width", [40, 80, 132])
@pytest.mark.parametrize("color", [None, "truecolor"])
def test_no_line_is_wider_than_the_terminal(width, color):
    text = re.sub(r"\x1b\[[\d;]*m", "", shown(assessment(), width=width, color=color))
    assert max(len(line) for line in text.splitlines()) <= width


def test_a_terminal_that_knows_only_ascii_gets_only_ascii():
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="ascii") as file:
        show_assessment(Console(file=file, width=80, color_system=None), assessment(), framework=STAR)
        file.flush()
        assert b"Measures" in raw.getvalue()


HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07[bold red]red[/] \x9b31mhi \N{RIGHT-TO-LEFT OVERRIDE}abc "
    "[link=file:///etc]x[/link] \r\nend."
)


def test_codes_and_markup_in_what_was_said_have_no_effect():
    hostile = assessment(HOSTILE, parts=((None, 0.0),))
    hostile = hostile.model_copy(
        update={
            "source": HOSTILE,
            "question": None,
            "feedback": Feedback(spoken=HOSTILE, points=(FeedbackPoint(kind="priority", text=HOSTILE, quote=HOSTILE),)),
        }
    )
    text = shown(hostile, color="truecolor")
    assert not re.search(r"\x1b(?!\[[\d;]*m)|[\x00-\x09\x0b-\x1a\x7f-\x9f]|\N{RIGHT-TO-LEFT OVERRIDE}", text)
    assert text.count("[bold red]red[/]") >= 4


def test_printable_keeps_letters_of_every_script():
    assert printable("Grüße, 你好, naïve 🙂\nnew\tline\x00") == "Grüße, 你好, naïve 🙂 new line"


def test_words_between_sentences_are_shown_too():
    subject = assessment("First one here. second bit without end", parts=(("situation", 0.0),))
    lines = lines_of(shown(subject))
    assert "0:00 SITUATION First one here." in lines
    assert "- second bit without end" in lines


def test_sessions_are_a_line_each():
    from datetime import UTC, datetime

    overview = SessionOverview(
        id="20261123-091500-7f3a",
        started_at=datetime(2026, 11, 23, 9, 15, tzinfo=UTC),
        ended_at=None,
        loop="amazon",
        answers=2,
        questions=("late-dependency", "slow-page"),
    )
    console = Console(file=io.StringIO(), width=80, color_system=None)
    running = overview.model_copy(update={"is_in_progress": True})
    show_sessions(console, [overview, overview.model_copy(update={"loop": None, "questions": ()}), running])
    lines = lines_of(console.file.getvalue())
    assert any("amazon 2 in progress:" in line for line in lines)
    started = f"{overview.started_at.astimezone():%Y-%m-%d %H:%M}"
    assert "Session Started Loop Answers About" in lines
    assert any(line.startswith(f"20261123-091500-7f3a {started} amazon 2 late-dependency") for line in lines)
    assert any(line.startswith(f"20261123-091500-7f3a {started} - 2") for line in lines)


def test_the_length_to_aim_for_is_shown_with_every_question_at_eighty_columns():
    bank = QuestionBank.load()
    for question in bank.select():
        console = Console(file=io.StringIO(), width=80)
        TerminalScreen(console, bank).ask(question, 1, 1, 1)
        assert re.search(r"aim for \d+:\d\d to \d+:\d\d", console.file.getvalue()), question.id


# --- what is only in a recording -----------------------------------------------------------------------


def with_analysis(**changes):
    base = assessment()
    return base.model_copy(update={"analysis": base.analysis.model_copy(update=changes)})


def test_where_it_raced_and_where_it_dragged():
    curve = (
        PacePoint(start_s=0, end_s=15, words_per_minute=150.2),
        PacePoint(start_s=15, end_s=30, words_per_minute=230.0),
        PacePoint(start_s=30, end_s=45, words_per_minute=90.0),
    )
    text = shown(with_analysis(pace_curve=curve, articulation_words_per_minute=190.4), width=120)
    assert "147 words per minute; 190 without the pauses" in text
    assert "230 at 0:15, 90 at 0:30" in text


MELODIES = [
    (prosody(), "2.2 semitones, range 8"),
    (prosody(), "varies by 3.1 dB"),
    (prosody(), "4 dB quieter than the rest; 9 dB at 0:12"),
    (prosody(), "1 of 3, at 0:29"),
    (prosody(fade_db=8.6), "your last words are 9 dB quieter than your first"),
    (prosody(fade_db=-7.0), "your last words are 7 dB louder than your first"),
    (
        prosody(one_note=(OneNote(start_s=100.0, end_s=130.0, pitch_sd_semitones=0.8),)),
        "range 8; nearly one note 1:40 to 2:10",
    ),
    (None, "Pitch variety not measured"),
]


@pytest.mark.parametrize(("found", "said"), MELODIES)
def test_the_melody_and_its_moments(found, said):
    text = shown(with_analysis(prosody=found), width=160)
    assert said in " ".join(text.split())


def test_a_small_fade_is_not_worth_a_word():
    assert "than your first" not in shown(with_analysis(prosody=prosody(fade_db=5.0)), width=160)


def test_a_text_has_no_melody():
    assert "Pitch" not in shown(with_analysis(recording_s=None, duration_s=None))


def test_a_single_stretch_has_no_extremes():
    curve = (PacePoint(start_s=0, end_s=15, words_per_minute=150.0),)
    assert "Fastest" not in shown(with_analysis(pace_curve=curve))


@pytest.mark.parametrize(
    ("problems", "said"),
    [((), None), (("noisy",), "too noisy: fillers and words may be missed"), (("clipped",), "the microphone clips")],
)
def test_a_poor_recording_is_told(problems, said):
    quality = AudioQuality(
        speech_db=-30.0, noise_db=-36.0, speech_over_noise_db=6.0, clipped_share=0.0, problems=problems
    )
    text = shown(with_analysis(audio_quality=quality), width=120)
    assert (said in text) if said else ("Recording" not in text)


def source(**changes: object) -> AudioSource:
    plain = {"track": 1, "tracks": 1, "channels": 1, "heard_channels": (1,), "is_inverted": False, "lost": ()}
    return AudioSource.model_validate(plain | changes)


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (source(), None),
        (source(channels=2, heard_channels=(1, 2)), None),
        (source(track=2, tracks=2), "track 2 of 2 heard"),
        (source(channels=2, heard_channels=(2,)), "the right channel heard"),
        (source(channels=6, heard_channels=(3,)), "channel 3 of 6 heard"),
        (source(channels=4, heard_channels=(1, 3)), "channels 1 and 3 of 4 heard"),
        (source(channels=2, heard_channels=(1, 2), is_inverted=True), "one channel had the opposite polarity"),
        (source(lost=[{"at_s": 12.0, "lost_s": 2.04}]), "2.0 s at 0:12 could not be read"),
        (source(lost=[{"at_s": 210.0, "lost_s": 6.6}]), "6.6 s at the end could not be read"),
        (source(lost=[{"at_s": 9.0, "lost_s": 1}, {"at_s": 30.0, "lost_s": 2}]), "3.0 s in 2 places could not be read"),
    ],
)
def test_what_of_a_file_was_not_heard_is_told(read, said):
    text = shown(with_analysis(audio_source=read), width=120)
    assert (said in text) if said else ("Sound file" not in text)


def test_what_was_not_understood_is_marked_and_never_hides_a_filler():
    subject = assessment("We um shipped the zap quickly.", parts=())
    text = subject.transcript.text
    start, end = text.index("We"), text.index(" quickly")
    unclear = Unclear(text=text[start:end], start_s=84.0, end_s=90.0, start_char=start, end_char=end, probability=0.2)
    subject = subject.model_copy(update={"analysis": subject.analysis.model_copy(update={"unclear": (unclear,)})})
    view = shown(subject, width=120)
    assert "~We~ [um] ~shipped the zap~ quickly." in view
    assert "1, at 1:24" in view


def test_fillers_found_by_their_sound_are_told_apart():
    subject = assessment()
    first = subject.analysis.fillers[0].model_copy(update={"heard_as": "sound"})
    fillers = (first, *subject.analysis.fillers[1:])
    assert "1 by its sound alone" in shown(with_analysis(fillers=fillers), width=120)

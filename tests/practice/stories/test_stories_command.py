"""The stories commands: add, show, edit, link, delete, cover."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.cli.test_time import Tell, tell  # noqa: F401 - a fixture
from tests.commands import lines, voicemock
from tests.pseudo_terminal import PseudoTerminal
from voicemock.models import StoryCard, StoryCoverage
from voicemock.practice.story_notes import ReadNotes
from voicemock.speech.audio_files import write_audio
from voicemock.speech.clip import silence

WHOLE = {
    "situation": "At my last company the payment platform ran in a data center that was about to close.",
    "task": "My job was to move it before the lease ran out.",
    "action": "First I mapped every call and measured the slowest one. I chose to split the ledger first. I built a "
    "dual-write switch with two engineers and tested it every night for a week.",
    "result": "Latency fell by 40%, and I learned to ask for the lease first.",
    "metrics": "p99 800 ms to 480 ms",
    "trade_offs": "Two weeks of dual writes, so that every step could be undone.",
    "technology": "Kafka, the ledger",
}
TYPED = [*WHOLE.values(), "ownership, dive deep"]


@pytest.fixture(autouse=True)
def _one_reader(monkeypatch: pytest.MonkeyPatch, read: ReadNotes) -> None:
    """Make what measures notes once: it takes a second."""
    monkeypatch.setattr("voicemock.cli.story_editor.notes_reader", lambda settings, bank: read)


def stories(*arguments: str, **options: Any) -> Result:
    return voicemock("stories", *arguments, **options)


def write(name: str = "Kafka migration", **changes: str) -> Result:
    fields = [f"--set={field}={text}" for field, text in {**WHOLE, **changes}.items()]
    return stories("add", name, *fields, "--shows", "ownership")


def test_every_part_is_asked_for_and_the_story_is_shown_again() -> None:
    result = stories("add", "Kafka migration", input="\n".join(TYPED))
    assert result.exit_code == 0, result.output
    asked = [result.output.index(f"\n{title}. ") for title in ("Situation", "Task", "Action", "Result", "Metrics")]
    assert asked == sorted(asked)
    assert "Nothing is missing" in result.output
    (card,) = map(StoryCard.model_validate, lines("stories", "list"))
    assert card.notes.model_dump(include=set(WHOLE)) == WHOLE
    assert (card.notes.shows, card.gaps) == (("ownership", "dive-deep"), ())
    assert lines("stories", "show", "kafkamigration") == lines("stories", "list")
    shown = stories("show", "Kafka migration").stdout
    assert "p99 800 ms to 480 ms" in shown
    assert "dive deep" in shown


def test_what_is_missing_is_asked_for_once_more() -> None:
    first = [*list(WHOLE.values())[:3], "It worked.", "", "", "Kafka"]
    second = ["Latency fell from 800 ms to 480 ms.", "Two weeks of dual writes."]
    result = stories("add", "Kafka", input="\n".join([*first, *second, "ownership"]))
    assert result.exit_code == 0, result.output
    assert 'You wrote: "It worked."' in " ".join(result.output.split())
    (card,) = lines("stories", "list")
    assert (card["notes"]["metrics"], card["notes"]["trade_offs"], card["gaps"]) == (*second, [])


def test_input_that_ends_in_the_middle_keeps_what_was_written() -> None:
    result = stories("add", "Kafka", input="It failed at peak.\nI had to fix it.\n")
    assert result.exit_code == 1
    assert "What you wrote is kept" in result.output
    (card,) = lines("stories", "list")
    assert (card["notes"]["situation"], card["notes"]["task"]) == ("It failed at peak.", "I had to fix it.")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_on_a_terminal_a_part_begins_with_what_is_there_and_ctrl_d_keeps_it(home: Path) -> None:
    stories("add", "Kafka", "--set", "situation=It failed", "--set", "task=Fix it")
    command = (sys.executable, "-m", "voicemock", "stories", "edit", "Kafka")
    with PseudoTerminal(*command, PROMPT_TOOLKIT_NO_CPR="1") as terminal:
        terminal.shows("It failed")
        terminal.types(" at peak.\r")
        terminal.shows("Fix it")
        terminal.types("\x15\x04")  # clears the line, leaves
        terminal.shows("is kept")
        assert terminal.ends() == 1
    notes = lines("stories", "list")[0]["notes"]
    assert (notes["situation"], notes["task"]) == ("It failed at peak.", "Fix it")


def test_nothing_typed_keeps_nothing() -> None:
    assert stories("add", "Kafka", input="").exit_code == 1
    assert lines("stories", "list") == []


def test_an_unknown_competency_is_asked_for_again_with_the_closest() -> None:
    result = stories("add", "Kafka", input="\n".join([*WHOLE.values(), "ownershp", "ownership"]))
    assert "Did you mean ownership" in result.output
    assert lines("stories", "list")[0]["notes"]["shows"] == ["ownership"]


def test_guided_goes_on_until_three_are_whole() -> None:
    write("First")
    stories("add", "Second", "--set", "situation=It was late.")
    rest = list(WHOLE.values())[1:]
    typed = [*rest[:-1], "", "Third", *TYPED]
    result = stories("add", "--guided", input="\n".join(typed))
    assert result.exit_code == 0, result.output
    assert "1 of 3 stories are complete" in result.output
    assert "3 of 3 stories are complete" in result.output
    assert sorted(card["story"]["name"] for card in lines("stories", "list")) == ["First", "Second", "Third"]


def test_guided_ends_where_no_name_is_given() -> None:
    result = stories("add", "--guided", input="\n")
    assert result.exit_code == 0
    assert "0 of 3" in result.output


def test_a_file_with_headings_becomes_notes(tmp_path: Path) -> None:
    (tmp_path / "kafka.md").write_text(
        "# Kafka\n## Situation\nIt failed.\n## Result\n40% faster.\n## Shows\nDive Deep\n", encoding="utf-8"
    )
    result = stories("add", "Kafka", "--from", str(tmp_path / "kafka.md"))
    assert result.exit_code == 0, result.output
    assert "before the first heading" in result.output
    (card,) = lines("stories", "list")
    assert (card["notes"]["situation"], card["notes"]["shows"]) == ("It failed.", ["dive-deep"])


def test_a_file_without_headings_is_told_apart_by_its_sentences(tmp_path: Path) -> None:
    (tmp_path / "kafka.txt").write_text(
        "At my last company our platform failed at every peak. My job was to fix it by March. First I mapped the "
        "dependencies. As a result the error rate dropped by 40%.",
        encoding="utf-8",
    )
    stories("add", "Kafka", "--from", str(tmp_path / "kafka.txt"))
    (card,) = lines("stories", "list")
    assert card["notes"]["action"] == "First I mapped the dependencies."
    assert card["notes"]["spoken"] == []


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot be read"), (b"", "no word"), (b"\xff\xfe\x00", "UTF-8"), (b"## Task\nx\n## Shows\nmagic", "magic")],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "notes.md"
    if content is not None:
        path.write_bytes(content)
    result = stories("add", "Kafka", "--from", str(path))
    assert result.exit_code == 1
    assert message in result.output
    assert lines("stories", "list") == []


def test_a_telling_fills_the_parts_and_is_kept_as_a_take(tell: Tell, tmp_path: Path) -> None:  # noqa: F811
    tell("second", "warm up")  # sets the scripted ears
    result = stories(
        "add", "Launch", "--voice", "--mic", str(tmp_path / "story.wav"), env={"VOICEMOCK_VOICE": "silent"}
    )
    assert result.exit_code == 0, result.output
    assert "1 take, " in result.stdout
    card = next(card for card in lines("stories", "list") if card["story"]["name"] == "Launch")
    assert card["takes"] == 1
    assert "forty percent" in " ".join(card["notes"][field] for field in card["notes"]["spoken"])
    assert "as you told it" in stories("show", "Launch").stdout


def test_silence_writes_nothing_down(tell: Tell, tmp_path: Path) -> None:  # noqa: F811
    tell("silent", "warm up")
    write_audio(tmp_path / "story.wav", silence(3.0))
    result = stories(
        "add", "Launch", "--voice", "--mic", str(tmp_path / "story.wav"), env={"VOICEMOCK_VOICE": "silent"}
    )
    assert result.exit_code == 1
    assert "Nothing was heard" in result.output


def test_what_is_written_is_replaced_only_after_asking(tmp_path: Path) -> None:
    write()
    (tmp_path / "new.md").write_text("## Task\nAnother task.\n", encoding="utf-8")
    again = ("add", "Kafka migration", "--from", str(tmp_path / "new.md"))
    assert stories(*again, input="n\n").exit_code == 1
    assert lines("stories", "list")[0]["notes"]["task"] == WHOLE["task"]
    assert stories(*again, "--yes").exit_code == 0
    notes = lines("stories", "list")[0]["notes"]
    assert (notes["task"], notes["result"], notes["shows"]) == ("Another task.", WHOLE["result"], ["ownership"])


def test_edit_begins_with_what_is_there() -> None:
    write()
    result = stories("edit", "kafka migration", input="\n\n\nLatency fell by 41%.\n\n\n\n\n")
    assert result.exit_code == 0, result.output
    assert lines("stories", "list")[0]["notes"]["result"] == "Latency fell by 41%."
    assert lines("stories", "list")[0]["notes"]["task"] == WHOLE["task"]
    stories("edit", "kafka migration", "--set", "trade-offs=", "--set", "task=Move it = now")
    notes = lines("stories", "list")[0]["notes"]
    assert (notes["trade_offs"], notes["task"]) == ("", "Move it = now")


def test_links_are_made_and_taken_back() -> None:
    write()
    assert stories("link", "Kafka migration", "Dive Deep", "ownership").exit_code == 0
    assert lines("stories", "list")[0]["notes"]["shows"] == ["ownership", "dive-deep"]
    assert stories("unlink", "Kafka migration", "ownership").exit_code == 0
    assert lines("stories", "list")[0]["notes"]["shows"] == ["dive-deep"]


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (("show", "Kafka migratoin"), 1, "Did you mean 'Kafka migration'"),
        (("show", "?!"), 1, "not a name for a story"),
        (("link", "Kafka migration", "ownershp"), 1, "Did you mean ownership"),
        (("unlink", "Kafka migration", "frugality"), 1, "linked to: ownership"),
        (("edit", "Kafka migration", "--set", "mood=good"), 2, "FIELD=TEXT"),
        (("edit", "Kafka migration", "--set", "task"), 2, "FIELD=TEXT"),
        (("add", "Kafka migration"), 2, "stories edit"),
        (("add",), 2, "name"),
        (("add", "x", "--guided", "--voice"), 2, "one of"),
        (("coverage",), 2, "Say which"),
        (("coverage", "--company", "amazno"), 1, "Did you mean amazon"),
        (("coverage", "--loop", "amazno"), 1, "Did you mean amazon"),
        (("delete", "nothing"), 1, "no story"),
    ],
)
def test_what_cannot_be_is_told(arguments: tuple[str, ...], exit_code: int, message: str) -> None:
    write()
    result = stories(*arguments)
    assert result.exit_code == exit_code, result.output
    assert message in " ".join(result.output.replace("\N{BOX DRAWINGS LIGHT VERTICAL}", " ").split())


def test_deleting_asks_and_keeps_the_takes_unless_told(tell: Tell) -> None:  # noqa: F811
    tell("first", "Kafka migration")
    write()
    assert stories("delete", "Kafka migration", input="n\n").exit_code == 1
    assert lines("stories", "list")[0]["notes"]["task"] == WHOLE["task"]
    result = stories("delete", "Kafka migration", input="y\nn\n")
    assert "takes are kept" in result.output
    (card,) = lines("stories", "list")
    assert (card["takes"], card["notes"]["task"]) == (1, "")
    assert stories("delete", "Kafka migration", "--takes", "--yes").exit_code == 0
    assert lines("stories", "list") == []


def test_coverage_names_gaps_first_and_the_story_to_tell_next() -> None:
    write()
    result = stories("coverage", "--company", "amazon")
    assert result.exit_code == 0
    assert "Tell next: Kafka migration" in result.stdout
    (found,) = map(StoryCoverage.model_validate, lines("stories", "coverage", "--company", "amazon"))
    assert found.competencies[-1].competency == "ownership"
    assert "frugality" in found.gaps
    assert found.next_story is not None
    assert found.next_story.competencies == ("ownership",)


@pytest.mark.parametrize("company", ["google", "meta", "microsoft", "tpm"])
def test_every_company_has_something_to_cover(company: str) -> None:
    (found,) = map(StoryCoverage.model_validate, lines("stories", "coverage", "--company", company))
    assert len(found.gaps) == len(found.competencies) >= 5
    assert found.next_story is None
    assert "stories add" in stories("coverage", "--company", company).stdout


def test_no_story_yet_says_how_to_begin() -> None:
    for arguments in ((), ("list",)):
        assert "stories add" in stories(*arguments).stdout


def test_hostile_words_reach_no_terminal() -> None:
    write("Evil", situation="\x1b]0;owned\x07[bold]x[/bold]")
    for arguments in (("list",), ("show", "Evil"), ("coverage", "--company", "amazon")):
        assert "\x1b" not in stories(*arguments).stdout
    assert "[bold]x[/bold]" in stories("show", "Evil").stdout

"""Gone means gone: whatever is deleted, and in whichever order, no file of the data folder holds a word of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.commands import voicemock
from tests.interviews import STARTED, analyzer, bank
from voicemock.coaching.feedback import give_feedback_on_exchange
from voicemock.coaching.follow_ups import FollowUps
from voicemock.content.wording import load_phrases
from voicemock.content.yaml_files import prompts_folder
from voicemock.models import (
    Answer,
    Assessment,
    MentorComment,
    MentorReview,
    OpenAnswer,
    Question,
    Session,
    Story,
    StoryNotes,
    hash_of_transcript,
    transcript_of_text,
)
from voicemock.practice.story_notes import notes_of_telling
from voicemock.report.page import write_page
from voicemock.store.deletion import NEUTRAL_QUESTION
from voicemock.store.sessions import Take
from voicemock.store.store import Store
from voicemock.store.stories import notes_without

TOLD = (
    "Last year I was a program manager at {}, and our {} was failing every Friday evening. My job was to bring it back "
    "within one quarter. First I pulled the logs of six weeks and found that {} took every write. I sharded the {} "
    "across four databases. I decided to move the {} market first, because we could still go back from there. As a "
    "result fewer {} failed within a month."
)
REPLIED = (
    "The share of failed {} went down from 14 percent to 3 percent because of me. I put a load balancer in front of "
    "the {} servers of {}."
)
REPLIED_AGAIN = "I built a Kafka pipeline for the {} team, and we kept the {} of {} out of it."
ENGLISH = (prompts_folder() / "reader" / "vocabulary.txt").read_text(encoding="utf-8")
SYLLABLES = [a + b for a, b in product("bdfgkmprtvz", "aeiou")]
PROBES = FollowUps.load()


def words(random: Random, count: int) -> list[str]:
    """Words that nobody says, of which no two begin or end alike, and whose end stands in no other of any kind."""
    halves = [a + b for a, b in product(SYLLABLES, SYLLABLES)]
    begins, ends = random.sample(halves, 2 * count), random.sample(halves, 2 * count)
    kept: list[str] = []
    for word in (f"{begin}{end}" for begin, end in zip(begins, ends, strict=True)):
        is_within = word[2:] in ENGLISH or any(word[2:] in each or each[2:] in word for each in kept)
        kept += [] if is_within else [word]
    return kept[:count]


@dataclass
class Thing:
    """Something that can be deleted.

    Attributes:
        words: Its own.
        command: What deletes it.
        within: Names of the things that it goes with.
    """

    words: list[str]
    command: tuple[str, ...]
    within: tuple[str, ...] = ()


def kept(position: int, text: str, question: Question | None, follows: int | None = None) -> Answer:
    return Answer(
        position=position,
        status="answered",
        question=question,
        follows=follows,
        recorded_at=STARTED + timedelta(minutes=position),
        audio_file=f"answer-{position:02}.flac",
        assessment=assess(text, question),
        timings=None,
    )


def assess(text: str, question: Question | None) -> Assessment:
    return analyzer().assess(transcript_of_text(text), source="", question=question, framework="star")


def follow_up(said: list[Answer], question: Question) -> Question:
    heard = [answer.assessment for answer in said if answer.assessment]
    asked = [answer.question.id for answer in said if answer.question]
    probe = PROBES.next_probe(heard, question, asked=asked)
    assert probe is not None
    return probe


def interview(store: Store, main: str, *replies: str) -> tuple[Session, list[Answer]]:
    """Keep an answer with follow-ups that quote what was said before, as an interview does, its review page and all."""
    question = bank().get("delivery-story-recovered")
    session = store.sessions.start(None, "0.1.0", STARTED)
    answers = [kept(1, main, question)]
    for position, reply in enumerate(replies, start=2):
        answers.append(kept(position, reply, follow_up(answers, question), follows=1))
    replied = [(answer.question, answer.assessment) for answer in answers[1:] if answer.question and answer.assessment]
    first = answers[0].assessment
    assert first is not None
    summed_up = first.feedback.model_copy(update={"spoken": give_feedback_on_exchange(first, replied, load_phrases())})
    answers[0] = answers[0].model_copy(update={"assessment": first.model_copy(update={"feedback": summed_up})})
    file(store, session, answers)
    write_page(session, answers, store.sessions.folder(session))
    return session, answers


def file(store: Store, session: Session, answers: list[Answer]) -> None:
    """Keep answers with their recordings, and measure them again, so that there are old assessments."""
    for answer in answers:
        store.sessions.add_answer(session, answer)
        assert answer.assessment is not None
        said = answer.assessment.transcript.text
        (store.sessions.folder(session) / f"answer-{answer.position:02}.flac").write_text(said)
        store.takes.reassess(Take(session, answer), answer.assessment, STARTED)
    store.sessions.end(session, STARTED)


def telling(store: Store, story: Story, text: str, day: int) -> Session:
    """Keep a telling of a story, with notes in its words as ``stories add --voice`` makes them."""
    session = store.sessions.start(None, "0.1.0", STARTED + timedelta(days=day), story)
    answer = kept(1, text, None)
    file(store, session, [answer])
    assert answer.assessment is not None
    told = notes_of_telling(answer.assessment.analysis, spoken=True)
    store.stories.keep_notes(story, told.notes, STARTED)
    return session


def reviewed(store: Store, session: Session, comment: str) -> None:
    """Keep what somebody else said of the first answer, with the same words twice, so that one is replaced."""
    for _ in range(2):
        first = store.sessions.answers(session)[0]
        assert first.assessment is not None
        review = MentorReview(
            reviewer="Dana",
            imported_at=STARTED,
            transcript_sha256=hash_of_transcript(first.assessment.transcript.text),
            comments=(MentorComment(start_char=0, end_char=4, quote="Last", text=comment),),
        )
        store.sessions.keep_reviews(session, [(first, (review,))])


def killed(store: Store, session: Session, question: Question | None, story: Story | None, position: int = 1) -> None:
    """Leave what a process leaves that is killed while it listens, and one that is while it writes its marker."""
    follows = 1 if question is not None else None
    store.unfinished.mark(
        OpenAnswer(
            session=session, story=story, position=position, question=question, follows=follows, recorded_at=STARTED
        )
    )
    marks = store.sessions.folder(session).parent.parent / "unfinished"
    (mark,) = marks.glob(f"{session.id}.answer-*.json")
    (marks / f".{session.id}.answer-{position + 1:02}.json.part").write_bytes(mark.read_bytes())
    (store.sessions.folder(session) / f"answer-{position:02}.recording.wav").write_bytes(bytes(64))


def fill(data: Path, secret: Callable[[int], list[str]]) -> dict[str, Thing]:
    """Fill a data folder with something of every kind."""
    main, reply, second = secret(6), secret(3), secret(3)
    name, told, again, broken, job = secret(2), secret(6), secret(6), secret(2), secret(4)
    noted, commented = secret(2), secret(1)
    with Store(data) as store:
        session, answers = interview(store, TOLD.format(*main), REPLIED.format(*reply), REPLIED_AGAIN.format(*second))
        question = bank().get("delivery-story-recovered")
        killed(store, session, follow_up(answers, question), None, position=4)
        reviewed(store, session, f"Why not say {commented[0]} first?")
        story = Story.named(" ".join(name))
        first = telling(store, story, TOLD.format(*told), 1)
        last = telling(store, story, TOLD.format(*again), 2)
        other = Story.named(" ".join(broken))
        lost = store.sessions.start(None, "0.1.0", STARTED + timedelta(days=3), other)
        killed(store, lost, None, other)
    posting = data.parent / "posting.txt"
    posting.write_text(f"We look for somebody who knows {', '.join(job[2:])} and Kafka well enough to lead a team.")
    result = voicemock("job", "add", " ".join(job[:2]), "--description", posting, "--data-dir", data)
    posting.unlink()
    assert result.exit_code == 0, result.output
    result = voicemock("log", "add", "--company", noted[0], "--round", noted[1], "--data-dir", data)
    assert result.exit_code == 0, result.output
    (data / "voicemock.db.version-1.bak").write_bytes((data / "voicemock.db").read_bytes())
    assert voicemock("progress", "--page", "--no-open", "--data-dir", data).exit_code == 0
    return {
        "answer": Thing([*main, *commented], ("delete", f"{session.id}/1"), ("session",)),
        "reply": Thing(reply, ("delete", f"{session.id}/2"), ("session",)),
        "second reply": Thing(second, ("delete", f"{session.id}/3"), ("session",)),
        "session": Thing([], ("delete", session.id)),
        "telling": Thing(told, ("delete", first.id), ("story",)),
        "last telling": Thing(again, ("delete", f"{last.id}/1"), ("story",)),
        "story": Thing(name, ("delete", "--story", " ".join(name))),
        "killed story": Thing(broken, ("stories", "delete", " ".join(broken), "--takes")),
        "job": Thing(job, ("job", "delete", " ".join(job[:2]))),
        "real interview": Thing(noted, ("log", "delete", "last")),
    }


def found(data: Path, secrets: list[str]) -> Iterator[str]:
    """Yield where words are, or most of one: an index keeps of neighbors only what they do not share."""
    for path in data.rglob("*"):
        content = path.read_bytes().lower() if path.is_file() else b""
        for secret in secrets:
            if secret[2:].encode() in content or secret in path.name.lower():
                yield f"{secret} in {path.name}"


@given(seed=st.integers(0, 2**32), order=st.permutations(range(10)), rest=st.integers(0, 10))
def test_no_word_of_what_was_deleted_is_left(seed: int, order: list[int], rest: int) -> None:
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        all_words = iter(words(Random(seed), 40))
        things = fill(data, lambda count: [next(all_words) for _ in range(count)])
        gone: set[str] = set()
        for name in [list(things)[number] for number in order][:rest]:
            if gone.intersection(things[name].within):
                continue
            result = voicemock(*things[name].command, "--yes", "--data-dir", data)
            assert result.exit_code == 0, result.output
            gone |= {name, *(each for each in things if name in things[each].within)}
            for each, thing in things.items():
                if each in gone:
                    assert list(found(data, thing.words)) == [], f"{each}, after {name}"
                else:
                    assert all(any(found(data, [word])) for word in thing.words), f"{each}, after {name}"
            with Store(data) as store:
                assert store.integrity() is None
        assert voicemock("delete", "--everything", "--yes", "--data-dir", data).exit_code == 0
        assert list(found(data, [word for thing in things.values() for word in thing.words])) == []


def test_an_edited_note_loses_a_telling_that_is_deleted_and_what_stays_of_it_is_said(home: Path) -> None:
    story = Story.named("Kafka migration")
    with Store(home / "data") as store:
        gone = telling(store, story, TOLD.format(*["this"] * 6), 1)
        (banked,) = store.stories.banked()
    edited = f"{banked.notes.action.replace('. ', '; ')} Checked with Ada."
    voicemock("stories", "edit", story.name, "--set", f"action={edited}")
    result = voicemock("delete", f"{gone.id}/1", "--yes")
    assert result.stdout == (
        "It has been deleted.\n"
        "What you wrote yourself in the notes of 'Kafka migration' stays. Look at it: voicemock stories show 'Kafka "
        "migration'\n"
    )
    with Store(home / "data") as store:
        (banked,) = store.stories.banked()
    assert banked.notes.action == "Checked with Ada."


def test_a_follow_up_keeps_its_reply_and_loses_the_question_that_quotes(home: Path) -> None:
    with Store(home / "data") as store:
        main, replies = TOLD.format(*["this"] * 6), (REPLIED.format(*["these"] * 3), REPLIED_AGAIN.format(*["it"] * 3))
        session, before = interview(store, main, *replies)
        assert any("I sharded the this" in answer.question.text for answer in before if answer.question)
        store.delete_answer(session, 1)
        after = store.sessions.answers(session)
        for old, new in zip(before[1:], after, strict=True):
            assert new.question is not None
            assert old.question is not None
            assert new.question == old.question.model_copy(update={"text": NEUTRAL_QUESTION})
            assert new.assessment is not None
            assert old.assessment is not None
            assert new.assessment == old.assessment.model_copy(update={"question": new.question.summary()})
        assert len(store.takes.measured()) == 2


def test_the_feedback_on_an_answer_stays_without_the_replies_that_are_deleted(home: Path) -> None:
    with Store(home / "data") as store:
        session, (main, *_) = interview(store, TOLD.format(*["this"] * 6), REPLIED.format(*["these"] * 3))
        store.delete_answer(session, 2)
        (left,) = store.sessions.answers(session)
    assert main.assessment is not None
    assert left.assessment is not None
    feedback = left.assessment.feedback
    assert feedback.points == main.assessment.feedback.points
    assert all(point.text in feedback.spoken for point in feedback.points)
    assert left.assessment.transcript == main.assessment.transcript


@pytest.mark.parametrize(
    ("notes", "left"),
    [
        (StoryNotes(action="I moved it to the new cluster.", spoken=("action",)), StoryNotes()),
        (StoryNotes(action="I moved it back again myself.", spoken=("action",)), None),
        (StoryNotes(action="I moved it to the new cluster. Mine alone."), StoryNotes(action="Mine alone.")),
        (StoryNotes(action="It worked.", technology="cluster"), None),
        (StoryNotes(action="Then all of it was fine."), None),
        (StoryNotes(action="So I moved it; to the new Cluster, it worked, mine."), StoryNotes(action="mine.")),
        (StoryNotes(action="My:\n- so I moved it to the\n- new cluster, own"), StoryNotes(action="My:\n- own")),
        (StoryNotes(action="Mine alone; I moved it to the new cluster"), StoryNotes(action="Mine alone;")),
    ],
    ids=[
        *("as it was told", "of another telling", "edited", "short", "told elsewhere too"),
        *("other punctuation", "other lines", "a half sentence"),
    ],
)
def test_notes_lose_what_they_have_from_a_telling(notes: StoryNotes, left: StoryNotes | None) -> None:
    gone = "So I moved it to the new cluster. It worked. Then all of it was fine."
    kept = "Well, I moved it back again myself. Then all of it was fine."
    assert notes_without(notes, [gone], [kept]) == (notes if left is None else left)


@pytest.mark.parametrize("is_edited", [False, True])
def test_notes_made_from_an_answer_go_with_it_unless_they_were_edited(tmp_path: Path, is_edited: bool) -> None:
    said = "I moved it to the new cluster and cut the latency by half."
    with Store(tmp_path) as store:
        session, _ = interview(store, said)
        made = StoryNotes(action=said, technology="Kafka", spoken=() if is_edited else ("action",))
        store.stories.keep_notes(Story.named("Move"), made, STARTED)
        store.stories.keep_notes(Story.named("Other"), StoryNotes(action="Mine.", spoken=("action",)), STARTED)
        store.delete_session(session)
        left = {banked.story.name: banked.notes for banked in store.stories.banked()}
    assert left["Move"] == (made if is_edited else StoryNotes(technology="Kafka"))
    assert left["Other"].action == "Mine."

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.cohort.answers import TEXT, measured
from voicemock.cohort.engines import PlainLoop
from voicemock.cohort.recordings import Recording
from voicemock.cohort.results import Results
from voicemock.cohort.run import Run, Summary
from voicemock.cohort.work import how_measured
from voicemock.errors import EngineError
from voicemock.settings import Settings

HOW = how_measured(Settings(model="base"), "base")


class Silent:
    """Shows no progress, and remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int, int]] = []

    def begin(self, doing: str, count: int, done: int = 0) -> None:
        self.told.append((doing, count, done))

    def advance(self, done: int, time_to_go_s: float | None) -> None:
        self.told.append(("", self.told[-1][1], done))


class Stopping:
    """A plain loop that is interrupted after this many answers."""

    def __init__(self, after: int) -> None:
        self._after = after

    def run(
        self, name: str, function: Callable[..., Any], jobs: Mapping[str, tuple[Any, ...]]
    ) -> Iterator[tuple[str, Any]]:
        for number, each in enumerate(PlainLoop().run(name, function, jobs)):
            if name == "answer" and number == self._after:
                raise KeyboardInterrupt
            yield each


@pytest.fixture(autouse=True)
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Measure without a model, and count how often each file is measured."""
    count: Counter[str] = Counter()

    def counted(url: str, question_id: str | None, how: Any) -> Any:
        count[Path(url).name] += 1
        return measured(url, question_id, how)

    monkeypatch.setattr("voicemock.cohort.run.measure", counted)
    return count


def recording(folder: Path, name: str, text: str = TEXT, **known: Any) -> Recording:
    path = folder / name
    path.write_text(f"{text} {name}" if text == TEXT else text)
    return Recording(f"takes/{name}", url=str(path), size_bytes=path.stat().st_size, **known)


@pytest.fixture
def takes(tmp_path: Path) -> tuple[Recording, ...]:
    folder = tmp_path / "takes"
    folder.mkdir()
    names = ("a.wav", "b.wav", "broken.wav", "c.wav")
    return (
        *(recording(folder, name, "broken" if name == "broken.wav" else TEXT) for name in names),
        Recording("takes/gone.wav", url=str(folder / "gone.wav")),
    )


def run(
    folder: Path, takes: tuple[Recording, ...], engine: Any = None, progress: Silent | None = None, **options: Any
) -> Summary:
    with Results(folder / "results") as results:
        return Run(results, engine or PlainLoop(), HOW, progress or Silent()).over(takes, **options)


def tables(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return source and content of the answers, and source and kind of the errors, each row by itself."""
    found = []
    for table, column in (("answers", "candidate"), ("errors", "kind")):
        paths = sorted((folder / "results" / table).glob("*.parquet"))
        rows = [row for path in paths for row in pq.read_table(path, columns=["source", column]).to_pylist()]
        assert len({row["source"] for row in rows}) == len(rows)
        found.append({row["source"]: row[column] for row in rows})
    assert not set(found[0]) & set(found[1])
    return found[0], found[1]


def test_every_input_is_in_one_table_once(tmp_path: Path, takes: tuple[Recording, ...]) -> None:
    assert run(tmp_path, takes) == Summary(answers=3, errors=2, there=0)
    answers, errors = tables(tmp_path)
    assert set(answers) == {"takes/a.wav", "takes/b.wav", "takes/c.wav"}
    assert errors == {"takes/broken.wav": "audio_file", "takes/gone.wav": "unreadable"}


def test_the_same_command_measures_nothing_again(
    tmp_path: Path, takes: tuple[Recording, ...], work: Counter[str]
) -> None:
    run(tmp_path, takes)
    assert run(tmp_path, takes) == Summary(answers=3, errors=2, there=4)
    assert set(work.values()) == {1}
    tables(tmp_path)


def test_a_file_that_nobody_can_read_has_one_row_however_often_a_run_is_stopped(
    tmp_path: Path, takes: tuple[Recording, ...]
) -> None:
    for after in (0, 1, 1):
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path, takes, Stopping(after))
        assert tables(tmp_path)[1]["takes/gone.wav"] == "unreadable"


def test_the_errors_are_counted_by_their_kind_and_so_are_those_of_earlier_runs(
    tmp_path: Path, takes: tuple[Recording, ...]
) -> None:
    for _ in range(2):
        assert run(tmp_path, takes).reasons == {"audio_file": 1, "unreadable": 1}


def test_progress_is_out_of_all_recordings_and_ends_with_all(tmp_path: Path, takes: tuple[Recording, ...]) -> None:
    run(tmp_path, takes[:2])
    twin = Recording("takes/twin.wav", url=takes[3].url)
    run(tmp_path, (*takes, twin), progress=(progress := Silent()))
    measuring = progress.told.index(("Measuring", 6, 3))
    assert [done for _, _, done in progress.told[measuring:]] == [3, 4, 6]


def test_a_run_that_was_stopped_goes_on(tmp_path: Path, takes: tuple[Recording, ...], work: Counter[str]) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, takes, Stopping(after=2))
    assert run(tmp_path, takes).there == 2
    assert work == {"a.wav": 1, "b.wav": 1, "broken.wav": 2, "c.wav": 1}  # the third was done and not delivered
    assert len(tables(tmp_path)[0]) == 3


def test_two_names_of_a_file_have_a_row_each_and_are_measured_once(
    tmp_path: Path, takes: tuple[Recording, ...], work: Counter[str]
) -> None:
    twin = tmp_path / "takes" / "twin.wav"
    twin.write_bytes(Path(takes[0].url).read_bytes())
    broken = tmp_path / "takes" / "broken-twin.wav"
    broken.write_text("broken")
    twins = (Recording("takes/twin.wav", url=str(twin)), Recording("takes/broken-twin.wav", url=str(broken)))
    run(tmp_path, (*takes, *twins))
    assert {"takes/a.wav", "takes/twin.wav"} <= set(tables(tmp_path)[0])
    assert work["a.wav"] + work["twin.wav"] == work["broken.wav"] + work["broken-twin.wav"] == 1


def test_another_name_of_a_file_that_is_there_costs_no_work(
    tmp_path: Path, takes: tuple[Recording, ...], work: Counter[str]
) -> None:
    run(tmp_path, takes)
    twin = tmp_path / "takes" / "twin.wav"
    twin.write_bytes(Path(takes[0].url).read_bytes())
    run(tmp_path, (*takes, Recording("takes/twin.wav", candidate="c-1", url=str(twin))))
    assert (work["a.wav"], work["twin.wav"]) == (1, 0)
    assert tables(tmp_path)[0]["takes/twin.wav"] == "c-1"


def test_an_error_names_each_input_as_the_user_does(tmp_path: Path, takes: tuple[Recording, ...]) -> None:
    run(tmp_path, takes)
    (path,) = (tmp_path / "results" / "errors").glob("*.parquet")
    messages = {row["source"]: row["message"] for row in pq.read_table(path).to_pylist()}
    assert messages["takes/broken.wav"] == "takes/broken.wav holds no sound."


def test_a_file_that_was_changed_is_measured_again_and_has_one_row(
    tmp_path: Path, takes: tuple[Recording, ...], work: Counter[str]
) -> None:
    run(tmp_path, takes)
    Path(takes[0].url).write_text("Nobody owned the on-call rota, so I wrote one and pages fell by half.")
    run(tmp_path, takes)
    assert work["a.wav"] == 2
    assert len(tables(tmp_path)[0]) == 3


def test_an_input_that_can_be_used_at_last_leaves_the_errors(tmp_path: Path, takes: tuple[Recording, ...]) -> None:
    run(tmp_path, takes)
    Path(takes[2].url).write_text(TEXT)
    recording(tmp_path / "takes", "gone.wav")
    assert run(tmp_path, takes) == Summary(answers=5, errors=0, there=3)
    assert tables(tmp_path)[1] == {}


def test_what_failed_is_tried_again_only_when_it_is_asked_for(
    tmp_path: Path, takes: tuple[Recording, ...], work: Counter[str]
) -> None:
    run(tmp_path, takes)
    run(tmp_path, takes)
    assert work["broken.wav"] == 1
    run(tmp_path, takes, retry_errors=True)
    assert work["broken.wav"] == 2
    assert tables(tmp_path)[1]["takes/broken.wav"] == "audio_file"


def test_what_other_rules_measured_is_measured_again_by_the_next_run(
    tmp_path: Path, takes: tuple[Recording, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("voicemock.cohort.run.ANALYSIS_VERSION", 0)
        assert run(tmp_path, takes[:2]) == Summary(answers=0, errors=2, there=0)
    assert set(tables(tmp_path)[1].values()) == {"version"}
    assert run(tmp_path, takes[:2]) == Summary(answers=2, errors=0, there=0)


def test_an_engine_that_is_lost_makes_no_errors(tmp_path: Path, takes: tuple[Recording, ...]) -> None:
    class Lost(Stopping):
        def run(self, name: str, function: Any, jobs: Any) -> Iterator[tuple[str, Any]]:
            try:
                yield from super().run(name, function, jobs)
            except KeyboardInterrupt:
                raise EngineError("no workers any more") from None

    with pytest.raises(EngineError):
        run(tmp_path, takes, Lost(after=1))
    assert run(tmp_path, takes) == Summary(answers=3, errors=2, there=1)

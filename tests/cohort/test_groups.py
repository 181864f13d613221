from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicemock.cohort.groups import KEY_FILE, LEAST_CANDIDATES, Pseudonyms, pseudonyms_of, split
from voicemock.errors import StorageError


def people(first: int, last: int) -> frozenset[str]:
    return frozenset(f"c-{each}" for each in range(first, last))


@pytest.mark.parametrize(
    ("members", "alone", "together"),
    [
        pytest.param({}, (), (), id="nothing"),
        pytest.param({"a": people(0, 5), "b": people(0, 9)}, ("a", "b"), (), id="all are large"),
        pytest.param(
            {"a": people(0, 9), "b": people(0, 3), "c": people(3, 5)},
            ("a",),
            ("b", "c"),
            id="small ones are enough together",
        ),
        pytest.param(
            {"a": people(0, 9), "b": people(0, 7), "c": people(20, 24)},
            ("a",),
            ("b", "c"),
            id="one small group would be the total minus the others: the next larger one hides it",
        ),
        pytest.param(
            {"a": people(0, 9), "b": people(0, 6), "c": people(0, 2), "d": people(0, 2)},
            ("a",),
            ("b", "c", "d"),
            id="the same two people twice are two people",
        ),
        pytest.param({"a": people(0, 6), "b": people(0, 1)}, (), ("a", "b"), id="nothing is left to show alone"),
        pytest.param({"a": people(0, 2), "b": people(2, 4)}, (), ("a", "b"), id="the whole is too small"),
    ],
)
def test_small_groups_are_shown_together(
    members: dict[str, frozenset[str]], alone: tuple[str, ...], together: tuple[str, ...]
) -> None:
    assert split(members) == (alone, together)


@given(st.dictionaries(st.integers(), st.frozensets(st.sampled_from([f"c-{each}" for each in range(12)]), min_size=1)))
def test_neither_a_group_nor_what_is_left_of_the_total_has_fewer_than_five(
    members: dict[int, frozenset[str]],
) -> None:
    alone, together = split(members)
    assert set(alone) | set(together) == set(members)
    assert all(len(members[key]) >= LEAST_CANDIDATES for key in alone)
    rest = frozenset().union(*(members[key] for key in together))
    assert not rest or len(rest) >= LEAST_CANDIDATES or not alone


def test_a_pseudonym_is_the_same_in_each_report_of_the_same_results(tmp_path: Path) -> None:
    assert pseudonyms_of(tmp_path).of("candidate", "Ada") == pseudonyms_of(tmp_path).of("candidate", "Ada")


def test_it_differs_between_candidates_kinds_and_results() -> None:
    one, other = Pseudonyms(b"1" * 32), Pseudonyms(b"2" * 32)
    assert (
        len(
            {
                one.of("candidate", "Ada"),
                one.of("source", "Ada"),
                one.of("candidate", "Bo"),
                other.of("candidate", "Ada"),
            }
        )
        == 4
    )


@pytest.mark.parametrize("name", ["", "\N{SNOWMAN}", "a\0b", "x" * 10_000])
def test_any_name_has_a_pseudonym_of_the_same_form(name: str) -> None:
    shown = Pseudonyms(b"1" * 32).of("candidate", name)
    assert (shown[:10], len(shown)) == ("candidate-", 26)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_the_owner_reads_the_key(tmp_path: Path) -> None:
    pseudonyms_of(tmp_path)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("secret")
    with pytest.raises(StorageError, match="no key of pseudonyms"):
        pseudonyms_of(tmp_path)

"""Settings: flags over environment over file over defaults; every bad value is named with its source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from voicemock.errors import ContentError
from voicemock.settings import Settings, explain, load_settings, settings_file


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.delenv("VOICEMOCK_DATA_DIR")


def write(text: str) -> None:
    settings_file().write_text(text, encoding="utf-8")


def test_the_defaults_are_enough() -> None:
    settings = load_settings()
    assert (settings.patience, settings.no_speech_s, settings.model) == (1.0, 30.0, "auto")
    assert settings.data_dir.is_absolute()
    assert settings.data_dir != settings.cache_dir


@pytest.mark.parametrize(
    ("in_file", "in_environment", "flag", "patience", "origin"),
    [
        (None, None, None, 1.0, "default"),
        (5, None, None, 5.0, "config.toml"),
        (5, 6, None, 6.0, "environment (VOICEMOCK_PATIENCE)"),
        (5, 6, 7, 7.0, "command line"),
        (None, 6, None, 6.0, "environment (VOICEMOCK_PATIENCE)"),
        (5, None, 7, 7.0, "command line"),
    ],
)
def test_the_nearest_source_wins_and_is_named(
    monkeypatch: pytest.MonkeyPatch,
    in_file: int | None,
    in_environment: int | None,
    flag: int | None,
    patience: float,
    origin: str,
) -> None:
    if in_file:
        write(f"patience = {in_file}\n")
    if in_environment:
        monkeypatch.setenv("VOICEMOCK_PATIENCE", str(in_environment))
    assert load_settings(patience=flag).patience == patience
    value, where = explain(patience=flag)["patience"]
    assert value == patience
    assert where.endswith(origin)


def test_every_setting_is_explained() -> None:
    assert set(explain()) == set(Settings.model_fields)
    assert {origin for _, origin in explain().values()} == {"default"}


def test_an_environment_variable_may_be_written_in_lower_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("voicemock_patience", "6")
    assert explain()["patience"] == (6.0, "environment (VOICEMOCK_PATIENCE)")
    monkeypatch.setenv("voicemock_patience", "long")
    with pytest.raises(ContentError, match="from VOICEMOCK_PATIENCE"):
        load_settings()


def test_lists_and_folders_come_from_a_file(tmp_path: Path) -> None:
    write('extra_fillers = ["so yeah", "basically"]\ndata_dir = "~/interviews"\n')
    settings = load_settings()
    assert settings.extra_fillers == ("so yeah", "basically")
    assert settings.data_dir == Path.home() / "interviews"


@pytest.mark.parametrize(
    ("text", "phrases"), [("so yeah", ("so yeah",)), (" so yeah, basically ,", ("so yeah", "basically")), ("", ())]
)
def test_phrases_in_the_environment_are_separated_by_commas(
    monkeypatch: pytest.MonkeyPatch, text: str, phrases: tuple[str, ...]
) -> None:
    monkeypatch.setenv("VOICEMOCK_EXTRA_FILLERS", text)
    assert load_settings().extra_fillers == phrases


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("patience", 0),
        ("patience", 31),
        ("patience", "nan"),
        ("no_speech_s", -1),
        ("no_speech_s", "inf"),
        ("rate", 20),
        ("rate", "fast"),
        ("beam_size", 0),
        ("device", "tpu"),
        ("echo_holdoff_s", 5),
        ("realtime", "perhaps"),
        ("target_max_s", "inf"),
    ],
)
@pytest.mark.parametrize("place", ["file", "environment", "flag"])
def test_a_bad_value_is_named_with_its_place(
    monkeypatch: pytest.MonkeyPatch, name: str, value: Any, place: str
) -> None:
    flags: dict[str, Any] = {}
    if place == "file":
        write(f"{name} = {value!r}\n")
        expected = str(settings_file())
    elif place == "environment":
        monkeypatch.setenv(f"VOICEMOCK_{name.upper()}", str(value))
        expected = f"VOICEMOCK_{name.upper()}"
    else:
        flags[name] = value
        expected = "command line"
    with pytest.raises(ContentError) as caught:
        load_settings(**flags)
    assert name in str(caught.value)
    assert expected in str(caught.value)


def test_every_bad_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    write("patience = 99\n")
    monkeypatch.setenv("VOICEMOCK_RATE", "fast")
    with pytest.raises(ContentError) as caught:
        load_settings(beam_size=0)
    for name in ("patience", "VOICEMOCK_RATE", "beam_size"):
        assert name in str(caught.value)


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        ({"target_min_s": 90}, "must be given together"),
        ({"target_max_s": 90}, "must be given together"),
        ({"target_min_s": 90, "target_max_s": 90}, "must be below"),
    ],
)
def test_a_target_is_a_range_and_the_message_blames_no_file(flags: dict[str, float], reason: str) -> None:
    with pytest.raises(ContentError, match=reason) as caught:
        load_settings(**flags)
    assert str(settings_file()) not in str(caught.value)


def test_an_unknown_setting_in_the_file_is_named() -> None:
    write("silense_s = 5\n")
    with pytest.raises(ContentError, match=r"silense_s.*config\.toml"):
        load_settings()


@pytest.mark.parametrize("content", [b"patience = \n", b"= 5", b"patience = 5\npatience = 6\n", b"voice = '\xff'\n"])
def test_a_file_that_is_not_toml_is_named(content: bytes) -> None:
    settings_file().write_bytes(content)
    with pytest.raises(ContentError, match=r"config\.toml"):
        load_settings()


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    write("patience = 5\n")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refused)
    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(ContentError, match=r"config\.toml.*Permission denied"):
        load_settings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().patience = 9  # type: ignore[misc]

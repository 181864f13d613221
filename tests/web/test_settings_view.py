"""Settings and the doctor on the page say what the command line says."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from httpx2 import Response

from tests.web.conftest import OpenServer
from tests.web.stages import ORIGIN, Server
from voicemock.doctor import Check, examine_for_page, summary
from voicemock.report.settings import help_of, setting_rows
from voicemock.settings import Settings, load_settings


def words(reply: Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", reply.text)).split())


def test_every_setting_is_there_with_its_value_and_place(
    open_server: OpenServer, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "config.toml").write_text("patience = 1.25\n", encoding="utf-8")
    monkeypatch.setenv("VOICEMOCK_RATE", "150")
    page = words(open_server().client().get("/settings"))
    for name, value, origin in (
        ("patience", "1.25", str(home / "config.toml")),
        ("rate", "150", "environment (VOICEMOCK_RATE)"),
        ("vad", "webrtc", "command line"),
        ("model", "auto", "default"),
    ):
        assert re.search(rf"\b{name} .*?VOICEMOCK_{name.upper()} {re.escape(value)} {re.escape(origin)}", page), name
    for row in setting_rows():
        assert row.name in page
    assert f"Settings file: {home / 'config.toml'}" in page


def test_a_settings_file_that_is_not_there_is_told(open_server: OpenServer) -> None:
    assert "(not there yet)" in words(open_server().client().get("/settings"))


def test_each_setting_says_what_it_is_for_and_its_line_can_be_copied(tmp_path: Path, monkeypatch: Any) -> None:
    settings = load_settings(extra_fillers=("to be fair", 'so "to" speak'), data_dir=tmp_path / "a\\b")
    helps = help_of(settings)
    assert helps["patience"].about.startswith("Multiplies the silence")
    assert [name for name, found in helps.items() if not found.about] == []
    for name, found in helps.items():
        if getattr(settings, name) is None:
            continue
        file = tmp_path / "config.toml"
        file.write_text(found.line, encoding="utf-8")
        if name.startswith("target"):
            continue
        monkeypatch.setenv("VOICEMOCK_CONFIG", str(file))
        monkeypatch.delenv("VOICEMOCK_DATA_DIR", raising=False)
        assert getattr(load_settings(), name) == getattr(settings, name), found.line


def test_markup_in_a_value_is_shown_as_text(open_server: OpenServer, home: Path) -> None:
    (home / "config.toml").write_text('voice = "<script>alert(1)</script>"\n', encoding="utf-8")
    text = open_server().client().get("/settings").text
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text


CHECKS = (
    Check("Python", "ok", "3.11"),
    Check("data folder", "warning", "<b>recordings</b>", "Finish them with: voicemock recover --all"),
    Check("voice", "failed", "No voice works here.", 'pip install "voicemock[piper]"'),
)


def doctor(server: Server, monkeypatch: pytest.MonkeyPatch, checks: tuple[Check, ...]) -> Response:
    monkeypatch.setattr("voicemock.web.views.doctor.examine_for_page", lambda settings: iter(checks))
    return server.client().get("/doctor")


def test_the_doctor_shows_each_check_with_its_remedy(open_server: OpenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    page = doctor(open_server(), monkeypatch, CHECKS)
    assert "ok Python 3.11 look data folder <b>recordings</b> -> Finish them with" in words(page)
    assert 'FAILED voice No voice works here. -> pip install "voicemock[piper]"' in words(page)
    assert summary(1) in words(page)
    assert "<b>recordings" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_machine_that_is_ready_is_told_so(open_server: OpenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    page = doctor(open_server(), monkeypatch, (*CHECKS[:2], Check("voice", "ok", "piper (not played)")))
    assert "Ready. Practice" in words(page)
    assert 'data-listen="/speech/test"' in page.text


def test_the_checks_of_the_page_need_no_sound_card(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def no_sound(*_: object, **__: object) -> Iterator[None]:
        raise AssertionError("a device was opened")

    for name in ("open_microphone", "open_speaker", "list_devices"):
        monkeypatch.setattr(f"voicemock.doctor.{name}", no_sound)
    names = [check.name for check in examine_for_page(load_settings(data_dir=tmp_path, voice="silent"))]
    assert names[-1] == "voice"
    assert "PortAudio" not in names


def test_the_doctor_waits_for_an_interview(open_server: OpenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server = open_server()
    monkeypatch.setattr(type(server.stage), "is_on", property(lambda stage: True))
    reply = server.client().get("/doctor")
    assert reply.status_code == 409
    assert "Look again when it is over." in words(reply)
    assert server.client().get("/speech/test").text == "An interview is in progress. Listen when it is over."


def judged(server: Server, samples: np.ndarray, rate: object = 48_000) -> Response:
    content = (samples * 32767).astype("<i2").tobytes()
    headers = {"origin": ORIGIN, "content-type": "application/octet-stream"}
    return server.client().post(f"/doctor/microphone?rate={rate}", headers=headers, content=content)


AT = np.arange(2 * 48_000) / 48_000
TONE = np.sin(2 * np.pi * 220 * AT).astype(np.float32)


@pytest.mark.parametrize(
    ("samples", "verdict", "mark", "told"),
    [
        (TONE * 0, "failed", "FAILED", "silent: no sound at all comes in"),
        (np.sign(TONE), "warning", "look", "clipping: too loud"),
        (TONE[:10_000], "failed", "FAILED", "the browser gave no sound"),
        (TONE[:0], "failed", "FAILED", "the browser gave no sound"),
    ],
)
def test_a_recording_of_the_page_is_judged_as_on_the_command_line(
    open_server: OpenServer, samples: np.ndarray, verdict: str, mark: str, told: str
) -> None:
    check = judged(open_server(), samples).json()
    assert (check["verdict"], check["mark"], check["name"]) == (verdict, mark, "microphone test")
    assert told in check["detail"]
    assert check["cure"]


@pytest.mark.parametrize("rate", ["", "0", "7999", "192001", "-1", "1e5", "9" * 5000, "abc", "\N{SUPERSCRIPT TWO}"])
def test_what_is_no_sample_rate_is_refused(open_server: OpenServer, rate: str) -> None:
    assert judged(open_server(), TONE, rate).status_code == 422


def test_every_setting_has_its_own_help() -> None:
    assert set(help_of(load_settings())) == set(Settings.model_fields)

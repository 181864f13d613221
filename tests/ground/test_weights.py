"""Model files from packages: found, assembled, verified once, refused if damaged."""

import hashlib
import json
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from voicemock import weights
from voicemock.errors import WeightsError
from voicemock.packaged import BASE, JOE, MINILM, SILERO, SMART_TURN, SWIFT_F0, TINY_EN, PackagedFile, PackagedModel
from voicemock.speech.vad import Silero
from voicemock.speech.whisper import speech_in
from voicemock.weights import installed_models, piper_voice, ready_model, resolve_model, verify_bundled

ROOT = Path(__file__).parents[2]

HALVES = (b"first half, " * 1000, b"second half" * 1000)
CONFIG = b'{"alignment_heads": []}'


def sha256(*pieces):
    return hashlib.sha256(b"".join(pieces)).hexdigest()


def small_files(folder):
    return tuple(
        PackagedFile(name, sha256(CONFIG), (f"{folder}/{name}",))
        for name in ("config.json", "tokenizer.json", "vocabulary.txt")
    )


SPLIT = PackagedModel(
    "base",
    "Whisper base",
    "base",
    ("fake-part1==1.0.0", "fake-part2==1.0.0"),
    (
        PackagedFile("model.bin", sha256(*HALVES), ("fake_part1/data/m.1", "fake_part2/data/m.2")),
        *small_files("fake_part1/data"),
    ),
)
WHOLE = PackagedModel(
    "tiny.en",
    "Whisper tiny.en",
    "tiny",
    ("fake-whole==0.1.0",),
    (PackagedFile("model.bin", sha256(HALVES[0]), ("fake_whole/model/model.bin",)), *small_files("fake_whole/model")),
)


def install(site, package, folder, **contents):
    data = site / package / folder
    data.mkdir(parents=True)
    (site / package / "__init__.py").write_text("raise AssertionError('the code of a weights package was run')")
    for name, content in contents.items():
        (data / name.replace("__", ".")).write_bytes(content)
    return data


SMALL = {"config__json": CONFIG, "tokenizer__json": CONFIG, "vocabulary__txt": CONFIG}


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder of installed packages, empty, beside nothing: no real weights and no hub cache are seen."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    monkeypatch.setattr(weights, "WHISPER_MODELS", (SPLIT, WHOLE))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return folder


@pytest.fixture
def with_base(site):
    install(site, "fake_part1", "data", m__1=HALVES[0], **SMALL)
    install(site, "fake_part2", "data", m__2=HALVES[1])
    return site


@pytest.fixture
def with_tiny(site):
    return install(site, "fake_whole", "model", model__bin=HALVES[0], **SMALL)


def test_the_parts_of_base_become_one_folder(with_base, tmp_path):
    folder = resolve_model("base", tmp_path / "cache")
    assert folder == tmp_path / "cache" / "models" / "base"
    assert (folder / "model.bin").read_bytes() == b"".join(HALVES)
    assert sorted(path.name for path in folder.iterdir()) == [
        "config.json",
        "model.bin",
        "tokenizer.json",
        "vocabulary.txt",
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_only_the_owner_sees_the_cache(with_base, tmp_path):
    folder = resolve_model("base", tmp_path / "cache")
    assert folder.stat().st_mode & 0o077 == 0
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


def test_a_model_that_needs_no_joining_is_used_where_it_is(with_tiny, tmp_path):
    assert resolve_model("tiny.en", tmp_path / "cache") == with_tiny


@pytest.mark.parametrize("name", ["base", "tiny.en"])
@pytest.mark.parametrize("stray", ["preprocessor_config.json", "vocabulary.json", "vmap.txt"])
def test_a_file_that_was_put_beside_verified_ones_is_not_loaded(with_base, with_tiny, tmp_path, name, stray):
    folder = resolve_model(name, tmp_path)
    (folder / "README.md").write_bytes(b"harmless")
    assert resolve_model(name, tmp_path) == folder
    (folder / stray).write_bytes(b"{}")
    with pytest.raises(WeightsError, match=rf"{re.escape(stray)} would be loaded with Whisper .* Move it elsewhere"):
        resolve_model(name, tmp_path)


def test_auto_prefers_base(with_base, with_tiny, tmp_path):
    assert resolve_model("auto", tmp_path) == tmp_path / "models" / "base"


def test_auto_takes_tiny_where_there_is_no_base(with_tiny, tmp_path):
    assert resolve_model("auto", tmp_path) == with_tiny


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("auto", 'pip install "voicemock[base]"'),
        ("base", 'pip install "voicemock[base]"'),
        ("tiny.en", 'pip install "voicemock[tiny]"'),
        ("small", 'pip install "voicemock[base]"'),
    ],
)
def test_a_missing_model_names_the_command_that_cures_it(site, tmp_path, name, command):
    with pytest.raises(WeightsError, match=command.replace("[", r"\[")):
        resolve_model(name, tmp_path)


def test_an_unknown_name_lists_the_known_ones(site, tmp_path):
    with pytest.raises(WeightsError, match=r"model 'bass'.*tiny\.en.*large-v3"):
        resolve_model("bass", tmp_path)


def test_a_download_must_be_allowed(site, tmp_path):
    assert resolve_model("small", tmp_path, allow_download=True) == "small"


def test_a_model_downloaded_earlier_is_used(site, tmp_path):
    repository = tmp_path / "hub" / "models--Systran--faster-whisper-small"
    snapshot = repository / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc")
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        (snapshot / name).write_bytes(CONFIG)
    assert resolve_model("small", tmp_path) == snapshot


def test_half_an_installation_is_none(site, tmp_path):
    install(site, "fake_part1", "data", m__1=HALVES[0], **SMALL)
    assert installed_models(tmp_path) == ()
    with pytest.raises(WeightsError, match="not installed"):
        resolve_model("base", tmp_path)


def test_parts_that_are_not_the_published_ones_are_refused_and_leave_nothing(site, tmp_path):
    install(site, "fake_part1", "data", m__1=HALVES[0], **SMALL)
    install(site, "fake_part2", "data", m__2=b"something else")
    with pytest.raises(WeightsError, match=r"--force-reinstall .*fake-part1==1\.0\.0 fake-part2==1\.0\.0"):
        resolve_model("base", tmp_path)
    assert list((tmp_path / "models" / "base").iterdir()) == []


def test_a_damaged_package_is_named(with_tiny, tmp_path):
    (with_tiny / "model.bin").write_bytes(b"damaged")
    with pytest.raises(WeightsError, match=r"tiny\.en is damaged.*fake-whole==0\.1\.0"):
        resolve_model("tiny.en", tmp_path)


def test_a_damaged_copy_is_put_together_anew(with_base, tmp_path):
    model = resolve_model("base", tmp_path) / "model.bin"
    model.write_bytes(b"damaged")
    resolve_model("base", tmp_path)
    assert model.read_bytes() == b"".join(HALVES)


def test_a_damaged_copy_without_its_packages_is_removed(with_base, tmp_path):
    model = resolve_model("base", tmp_path) / "model.bin"
    for path in (with_base / "fake_part2").rglob("m.2"):
        path.unlink()
    model.write_bytes(b"damaged")
    with pytest.raises(WeightsError, match="force-reinstall"):
        resolve_model("base", tmp_path)
    assert not model.exists()


def test_what_was_put_together_outlives_its_packages(with_base, tmp_path):
    folder = resolve_model("base", tmp_path)
    for path in with_base.rglob("m.*"):
        path.unlink()
    assert resolve_model("auto", tmp_path) == folder


def test_a_file_is_hashed_once(with_base, tmp_path, monkeypatch):
    resolve_model("base", tmp_path)
    hashed = []
    monkeypatch.setattr(weights, "_sha256", hashed.append)
    resolve_model("base", tmp_path)
    assert hashed == []


def test_a_file_that_was_touched_is_hashed_again(with_tiny, tmp_path):
    resolve_model("tiny.en", tmp_path)
    model = with_tiny / "model.bin"
    model.write_bytes(HALVES[0][::-1])
    os.utime(model, ns=(1, 1))
    with pytest.raises(WeightsError, match="damaged"):
        resolve_model("tiny.en", tmp_path)


def test_broken_records_cost_a_hash_and_nothing_else(with_tiny, tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "tiny.en.verified.json").write_text("[not a record")
    assert resolve_model("tiny.en", tmp_path) == with_tiny
    assert json.loads((tmp_path / "models" / "tiny.en.verified.json").read_text())


def test_many_at_once_all_get_the_whole_model(with_base, tmp_path):
    with ThreadPoolExecutor(8) as pool:
        folders = set(pool.map(lambda _: resolve_model("base", tmp_path), range(16)))
    assert folders == {tmp_path / "models" / "base"}
    assert (folders.pop() / "model.bin").read_bytes() == b"".join(HALVES)


def test_what_a_killed_process_left_is_swept_up(with_base, tmp_path):
    folder = tmp_path / "models" / "base"
    folder.mkdir(parents=True)
    abandoned, fresh = folder / ".model.bin.old.part", folder / ".model.bin.new.part"
    abandoned.touch()
    fresh.touch()
    os.utime(abandoned, (0, 0))
    resolve_model("base", tmp_path)
    assert (abandoned.exists(), fresh.exists()) == (False, True)


def test_a_cache_that_cannot_be_written_is_explained(with_base, tmp_path):
    (tmp_path / "models").write_text("a file where a folder should be")
    with pytest.raises(WeightsError, match="cache_dir"):
        resolve_model("base", tmp_path)


def test_installed_models_tell_what_was_verified(with_base, with_tiny, tmp_path):
    resolve_model("tiny.en", tmp_path)
    assert [(model.name, model.where, model.intact) for model in installed_models(tmp_path)] == [
        ("base", tmp_path / "models" / "base", None),
        ("tiny.en", with_tiny, True),
    ]


def test_a_model_that_changed_its_size_is_known_to_be_damaged(with_tiny, tmp_path):
    resolve_model("tiny.en", tmp_path)
    (with_tiny / "model.bin").write_bytes(b"cut off")
    assert [model.intact for model in installed_models(tmp_path)] == [False]


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "my-model"
    path.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.json"):
        (path / name).write_bytes(CONFIG)
    return path


def test_a_folder_is_taken_as_it_is(site, folder, tmp_path):
    assert resolve_model(str(folder), tmp_path) == folder


@pytest.mark.parametrize("name", ["model.bin", "config.json", "tokenizer.json", "vocabulary.json"])
def test_an_incomplete_folder_names_what_is_missing(site, folder, tmp_path, name):
    (folder / name).unlink()
    with pytest.raises(WeightsError, match=name.split(".")[0]):
        resolve_model(str(folder), tmp_path)


def test_a_folder_that_is_not_there(site, tmp_path):
    with pytest.raises(WeightsError, match="is not a folder"):
        resolve_model(str(tmp_path / "nowhere"), tmp_path)


def test_a_folder_that_happens_to_be_called_like_a_model_is_not_mistaken_for_it(site, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("small").mkdir()
    with pytest.raises(WeightsError, match="not on this machine"):
        resolve_model("small", tmp_path)


def test_a_piper_voice_given_as_a_path_needs_its_description(tmp_path):
    voice = tmp_path / "amy.onnx"
    voice.touch()
    with pytest.raises(WeightsError, match=r"amy\.onnx\.json is missing"):
        piper_voice(str(voice), tmp_path)
    (tmp_path / "amy.onnx.json").touch()
    assert piper_voice(str(voice), tmp_path) == voice


def test_an_unknown_piper_voice(tmp_path):
    with pytest.raises(WeightsError, match=r"'amy'.*Use joe"):
        piper_voice("amy", tmp_path)


@pytest.mark.models
@pytest.mark.parametrize("name", ["base", "tiny.en"])
def test_the_real_packages_hold_the_published_models(name, tmp_path):
    folder = resolve_model(name, tmp_path)
    assert (Path(folder) / "model.bin").stat().st_size > 70_000_000
    assert {model.name: model.intact for model in installed_models(tmp_path)}[name] is True


@pytest.mark.models
def test_the_real_voice_is_the_published_one(tmp_path):
    assert piper_voice(None, tmp_path) == piper_voice("joe", tmp_path)


def test_silero_is_verified_before_it_is_loaded(tmp_path, monkeypatch):
    verify_bundled.cache_clear()
    (tmp_path / "silero_vad_v6.onnx").write_bytes(b"another network")
    monkeypatch.setattr(weights, "installed_sources", lambda file: (tmp_path / file.name,))
    with pytest.raises(WeightsError, match=r"Silero.*damaged.*faster-whisper==1\.2\.1"):
        Silero()
    with pytest.raises(WeightsError, match="Silero"):
        speech_in(np.zeros(16_000, np.float32))
    verify_bundled.cache_clear()


@pytest.mark.parametrize("model", [SILERO, SWIFT_F0], ids=lambda model: model.name)
def test_the_real_networks_that_come_with_libraries_are_the_published_ones(model):
    verify_bundled.cache_clear()
    verify_bundled(model)


def test_what_no_extra_installs_is_named_by_its_package(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "is_installed", lambda model: False)
    with pytest.raises(WeightsError, match=r"not installed\. Run: \S+ -m pip install --no-deps pipecat-ai==1\.14\.0$"):
        ready_model(SMART_TURN, tmp_path)


@pytest.mark.parametrize(
    "model", [BASE, TINY_EN, JOE, MINILM, SILERO, SMART_TURN, SWIFT_F0], ids=lambda model: model.name
)
def test_every_file_of_every_model_has_a_hash_and_comes_in_a_pinned_package(model):
    assert all(re.fullmatch("[0-9a-f]{64}", file.sha256) for file in model.files)
    locked = (ROOT / "requirements" / "test.lock").read_text(encoding="utf-8")
    assert all(f"\n{requirement} " in locked for requirement in model.requirements)

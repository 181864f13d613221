"""Finds, verifies and assembles the model files that install as packages.

A package is found without running its code. A file is verified by its hash once; the cache folder remembers it for as
long as the file keeps its size and modification time.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from voicemock.errors import WeightsError, hint_of
from voicemock.files import make_folder, write_whole
from voicemock.packaged import JOE, PIP, WHISPER_MODELS, PackagedFile, PackagedModel, installed_sources, is_installed

NEEDED_IN_A_FOLDER: Final = ("model.bin", "config.json", "tokenizer.json")
"""Without tokenizer.json faster-whisper would ask the network for one."""

_READ_FROM_A_FOLDER: Final = frozenset({".bin", ".json", ".txt"})
"""What faster-whisper and CTranslate2 look for beside a model's own files: such as a preprocessor_config.json."""

_BLOCK_BYTES: Final = 1 << 20

_ABANDONED_S: Final = 3600.0
"""A half-written file this old belongs to a process that has ended; joining takes about a second."""


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A Whisper model on this machine.

    Attributes:
        name: Its name in the settings.
        where: The folder it is used from.
        intact: Whether its files are the published ones; None if not yet verified.
    """

    name: str
    where: Path
    intact: bool | None


def resolve_model(name: str, cache_dir: Path, allow_download: bool = False) -> Path | str:
    """Return the folder of a verified Whisper model, or the name of one that may be downloaded.

    Args:
        name: "auto" for the best that is installed, "base", "tiny.en", a folder, or any faster-whisper name.
        cache_dir: Where models are assembled and verifications are kept.
        allow_download: Whether a model that is not on this machine may be fetched; its name is then returned.

    Raises:
        WeightsError: The model is not on this machine, is damaged, or cannot be assembled in the cache folder; or
            the folder is not a model.
    """
    if name == "auto":
        return _best_installed(cache_dir)
    packaged = next((model for model in WHISPER_MODELS if model.name == name), None)
    if packaged is not None and _is_here(packaged, cache_dir):
        return _ready(packaged, cache_dir)
    if packaged is None and (folder := _named_folder(name)):
        return _checked_folder(folder)
    if (cached := _from_hub_cache(name)) is not None:
        return cached
    if allow_download:
        return name
    if packaged is not None:
        raise _not_installed(packaged)
    raise WeightsError(
        f"The Whisper model {name!r} is not on this machine, and voicemock does not download anything by itself. "
        "Give the folder of a faster-whisper model, set VOICEMOCK_ALLOW_DOWNLOAD=true to allow a download by name, "
        f'or run: {PIP} install "voicemock[base]" and choose the model "base".'
    )


def installed_models(cache_dir: Path) -> tuple[InstalledModel, ...]:
    """Return the Whisper models installed from packages, best first, without hashing anything."""
    return tuple(_described(model, cache_dir) for model in WHISPER_MODELS if _is_here(model, cache_dir))


def ready_model(model: PackagedModel, cache_dir: Path) -> Path:
    """Return the folder of a model that installs as a package, verified.

    Raises:
        WeightsError: It is not installed, is damaged, or cannot be assembled in the cache folder.
    """
    if not is_installed(model):
        raise _not_installed(model)
    return _ready(model, cache_dir)


def piper_voice(name: str | None, cache_dir: Path) -> Path:
    """Return the ``.onnx`` file of a Piper voice, its ``.onnx.json`` beside it.

    Args:
        name: A voice that installs as a package ("joe" or "en_US-joe-medium"), or the path of an ``.onnx`` file;
            None means the packaged one.
        cache_dir: Where verifications are kept.

    Raises:
        WeightsError: No such voice exists, or it is damaged.
    """
    if name is None or name in (JOE.name, "joe"):
        return ready_model(JOE, cache_dir) / JOE.files[0].name
    voice = Path(name).expanduser()
    if voice.suffix != ".onnx":
        raise WeightsError(f"No Piper voice is called {name!r}. Use joe, or give the path of an .onnx file.")
    for needed in (voice, voice.with_name(f"{voice.name}.json")):
        if not needed.is_file():
            raise WeightsError(f"{needed} is missing. A Piper voice is an .onnx file with its .onnx.json beside it.")
    return voice


@cache
def verify_bundled(model: PackagedModel) -> None:
    """Check a small network that a library brings and loads, once in a process. Hashing it takes no noticeable time.

    Raises:
        WeightsError: It is missing or damaged.
    """
    sources = installed_sources(model.files[0])
    if not sources or _sha256(sources[0]) != model.files[0].sha256:
        raise _damaged(model, *sources)


def _best_installed(cache_dir: Path) -> Path:
    for model in WHISPER_MODELS:
        if _is_here(model, cache_dir):
            return _ready(model, cache_dir)
    for model in WHISPER_MODELS:
        if (cached := _from_hub_cache(model.name)) is not None:
            return cached
    raise WeightsError(f'No Whisper model is installed. Run: {PIP} install "voicemock[base]"')


def _named_folder(name: str) -> Path | None:
    """Return the folder that a name stands for; a bare one must hold a model, as "small" is a model."""
    folder = Path(name).expanduser()
    if folder.name == name:
        return folder if (folder / "model.bin").is_file() else None
    return folder if folder.is_dir() or name.startswith((".", "~")) or folder.is_absolute() else None


def _checked_folder(folder: Path) -> Path:
    if not folder.is_dir():
        raise WeightsError(f"{folder} is not a folder. Give the folder of a faster-whisper model.")
    missing = [name for name in NEEDED_IN_A_FOLDER if not (folder / name).is_file()]
    if not any(folder.glob("vocabulary.*")):
        missing.append("vocabulary.txt")
    if missing:
        raise WeightsError(
            f"{folder} does not contain a complete faster-whisper model: {', '.join(missing)} missing. "
            "Copy the missing files there, or give another folder."
        )
    return folder


def _from_hub_cache(name: str) -> Path | None:
    """Return the folder of a model that was downloaded earlier, without asking the network."""
    from faster_whisper.utils import available_models, download_model

    try:
        return _checked_folder(Path(download_model(name, local_files_only=True)))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise WeightsError(
            f"There is no Whisper model {name!r}. {hint_of(name, ('auto', *available_models()))} "
            "Or give the folder of a faster-whisper model."
        ) from error


def _is_here(model: PackagedModel, cache_dir: Path) -> bool:
    """Return whether a model is installed, or was assembled from packages that are gone since."""
    if is_installed(model):
        return True
    return model.is_split and all((_folder(model, cache_dir) / file.name).is_file() for file in model.files)


def _folder(model: PackagedModel, cache_dir: Path) -> Path:
    """Return where a model is used from: its package, or the cache if it must be assembled."""
    if model.is_split:
        return cache_dir / "models" / model.name
    return installed_sources(model.files[0])[0].parent


def _described(model: PackagedModel, cache_dir: Path) -> InstalledModel:
    folder = _folder(model, cache_dir)
    verified = _verifications(model, cache_dir)
    known = [verified.remembers(folder / file.name, file.sha256) for file in model.files]
    intact = False if False in known else None if None in known else True
    return InstalledModel(model.name, folder, intact)


def _ready(model: PackagedModel, cache_dir: Path) -> Path:
    """Return a model's folder with every file verified; a split model's missing files are assembled."""
    folder = _folder(model, cache_dir)
    verified = _verifications(model, cache_dir)
    for file in model.files:
        path = folder / file.name
        if verified.holds(path, file.sha256):
            continue
        if not model.is_split:
            raise _damaged(model, path)
        _assemble(model, file, path)
        verified.add(path, file.sha256)
    verified.keep()
    if model in WHISPER_MODELS:
        _refuse_strays(model, folder)
    return folder


def _refuse_strays(model: PackagedModel, folder: Path) -> None:
    """Refuse a folder with another file that would be loaded with the verified ones."""
    published = {file.name for file in model.files}
    for path in sorted(folder.iterdir()):
        if path.name not in published and path.suffix in _READ_FROM_A_FOLDER:
            raise WeightsError(
                f"{path} would be loaded with {model.title}, but was not published with it. Move it elsewhere."
            )


def _verifications(model: PackagedModel, cache_dir: Path) -> Verifications:
    return Verifications(cache_dir / "models" / f"{model.name}.verified.json")


def _not_installed(model: PackagedModel) -> WeightsError:
    what = f'"voicemock[{model.extra}]"' if model.extra else f"--no-deps {' '.join(model.requirements)}"
    return WeightsError(f"{model.title} is not installed. Run: {PIP} install {what}")


def _damaged(model: PackagedModel, path: Path | None = None) -> WeightsError:
    return WeightsError(
        f"{model.title} is damaged: {path or model.files[0].name} is not the file that was published. "
        f"Run: {PIP} install --force-reinstall --no-deps --no-cache-dir {' '.join(model.requirements)}"
    )


def _assemble(model: PackagedModel, file: PackagedFile, target: Path) -> None:
    """Join the pieces of a file and move the result into place, but only if its hash is right."""
    unfinished: Path | None = None
    try:
        make_folder(target.parent)
        _remove_abandoned(target.parent)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
        unfinished = Path(name)
        with os.fdopen(handle, "wb") as joined:
            digest = _join(installed_sources(file), joined.write)
        if digest != file.sha256:
            target.unlink(missing_ok=True)
            raise _damaged(model, target)
        _move_into_place(unfinished, target, file.sha256)
    except OSError as error:
        raise WeightsError(
            f"{target} cannot be written: {error.strerror or error}. Free some space, or choose another cache_dir."
        ) from error
    finally:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)


def _join(sources: Iterable[Path], write: Callable[[bytes], object]) -> str:
    """Pass the sources to ``write`` one after the other, and return the sha256 of them all."""
    digest = hashlib.sha256()
    for source in sources:
        with source.open("rb") as piece:
            while block := piece.read(_BLOCK_BYTES):
                digest.update(block)
                write(block)
    return digest.hexdigest()


def _move_into_place(unfinished: Path, target: Path, sha256: str) -> None:
    try:
        unfinished.replace(target)
    except PermissionError:
        # Windows refuses if another voicemock has just put the same file there and opened it.
        if not target.is_file() or _sha256(target) != sha256:
            raise


def _remove_abandoned(folder: Path) -> None:
    for part in folder.glob(".*.part"):
        with suppress(FileNotFoundError):
            if time.time() - part.stat().st_mtime > _ABANDONED_S:
                part.unlink()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass
class Verifications:
    """The files whose hashes were verified, in a small JSON file between runs.

    Attributes:
        path: The JSON file. Without it the files are hashed again, so failing to write it is no error.
    """

    path: Path
    _known: dict[str, dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        try:
            known = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            known = {}
        self._known = known if isinstance(known, dict) else {}

    def remembers(self, file: Path, sha256: str) -> bool | None:
        """Return whether a file is the one that was verified; None if it never was, or was touched since."""
        entry = self._known.get(str(file))
        if not isinstance(entry, dict) or entry.get("sha256") != sha256 or not file.is_file():
            return None
        stat = file.stat()
        if entry.get("size") != stat.st_size:
            return False
        return True if entry.get("mtime_ns") == stat.st_mtime_ns else None

    def holds(self, file: Path, sha256: str) -> bool:
        """Return whether a file has the hash; it is computed unless it was verified before."""
        if self.remembers(file, sha256):
            return True
        try:
            is_published = _sha256(file) == sha256
        except OSError:
            return False
        if is_published:
            self.add(file, sha256)
        return is_published

    def add(self, file: Path, sha256: str) -> None:
        """Note that a file has the hash."""
        stat = file.stat()
        self._known[str(file)] = {"size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "sha256": sha256}

    def keep(self) -> None:
        """Write the file if it changed."""
        text = json.dumps(self._known, indent=1, sort_keys=True)
        with suppress(OSError):
            if self.path.is_file() and self.path.read_text(encoding="utf-8") == text:
                return
            make_folder(self.path.parent)
            write_whole(self.path, text.encode())

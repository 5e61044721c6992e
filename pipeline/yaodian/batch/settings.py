"""What a run depends on, as plain data that crosses processes, and the hashes by which a run can be repeated."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from yaodian.errors import LexiconError
from yaodian.record import SCHEMA_VERSION
from yaodian.version import __version__

_CODE = (".py", ".csv", ".toml", ".txt", ".npz", ".json")
_LIBRARIES = (
    "charset-normalizer", "cn2an", "jieba-next", "lxml", "opencc", "pdfplumber", "pypdfium2", "python-docx",
    "spacy", "trafilatura",
)  # fmt: skip
"""Libraries whose version can change what is read off a file or a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Choices that change results. Jobs, engine and formats do not, and are not here."""

    lexicons: tuple[str, ...] = ()
    model: str | None = None
    text_column: str | None = None
    timeout: float = 300.0
    """Seconds that one document may take."""
    max_bytes: int = 256 << 20
    """Size up to which a single file is read."""
    max_characters: int = 2_000_000
    """Length up to which a text is extracted: no plan is so long, and a worker needs about 500 bytes a character."""


def fingerprint(settings: Settings) -> dict[str, Any]:
    """Versions and hashes of everything that results depend on.

    Two runs with the same fingerprint over the same bytes give the same records.

    Raises:
        LexiconError: a lexicon's file cannot be read.
    """
    import yaodian
    import zh_yaodian

    return {
        "yaodian": __version__,
        "schema": SCHEMA_VERSION,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "code_sha256": _tree(Path(yaodian.__file__).parent),
        "model_sha256": _tree(Path(settings.model) if settings.model else Path(zh_yaodian.__file__).parent),
        "lexicons_sha256": {path: _tree(Path(path)) for path in settings.lexicons},
        "settings": {key: value for key, value in asdict(settings).items() if key not in ("lexicons", "timeout")},
    }


def key_of(found: dict[str, Any]) -> str:
    """Hash of a fingerprint: results under one key can be reused."""
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


def _tree(root: Path) -> str:
    """SHA-256 over a file, or over the names and contents of a folder's files that results depend on."""
    digest = hashlib.sha256()
    files = [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.suffix in _CODE and p.is_file())
    try:
        for file in files:
            if file != root:
                digest.update(file.relative_to(root).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    except OSError as error:
        raise LexiconError(f"{root}: cannot be read ({error.strerror}); check the path") from error
    return digest.hexdigest()

"""Records as JSON Lines, as `yaodian.read_jsonl` reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from yaodian.export.base import Extracted, Options


class JsonLines:
    """Writes `records.jsonl`: UTF-8 without BOM, one record a line."""

    name = "jsonl"

    def __init__(self, folder: Path, options: Options) -> None:  # noqa: ARG002  one signature for all
        self._file = (folder / "records.jsonl").open("w", encoding="utf-8", newline="\n")

    def write(self, found: Extracted) -> None:
        """Append one record."""
        self._file.write(found.line + "\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

"""`python -m yaodian`, and the console script.

Help and version are answered from text that comes with the package: importing the command line's libraries would
take many times as long as a bare interpreter. The pages are what Typer prints; the tests hold them to it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from yaodian.version import __version__

_PAGES = Path(__file__).parent / "cli" / "help"
_HELP = ("--help", "-h")


def _page(arguments: list[str]) -> str | None:
    """Text that answers a call for help or version, None for any other call."""
    if arguments == ["--version"]:
        return f"yaodian {__version__}\n"
    if not arguments or arguments[-1] not in _HELP or len(arguments) > 2:  # noqa: PLR2004
        return None
    path = _PAGES / f"{arguments[0] if len(arguments) > 1 else 'yaodian'}.txt"
    return path.read_text(encoding="utf-8") if path.parent == _PAGES and path.is_file() else None


def main() -> None:
    """Answer at once where that is possible, else run the command line."""
    page = _page(sys.argv[1:])
    if page is not None:
        sys.stdout.buffer.write(page.encode("utf-8"))
        return
    from yaodian.cli import main as run

    run()


if __name__ == "__main__":
    main()

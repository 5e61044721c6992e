"""Help pages as text: `python -m yaodian.cli.pages` writes them anew from the commands."""

from __future__ import annotations

from pathlib import Path

from typer.main import get_command
from typer.testing import CliRunner

from yaodian.cli.app import app

FOLDER = Path(__file__).parent / "help"
_WIDTH = 100


def pages() -> dict[str, str]:
    """Return every help page by command, `yaodian` for the whole, 100 columns wide."""
    runner = CliRunner(env={"COLUMNS": str(_WIDTH), "TERMINAL_WIDTH": str(_WIDTH), "NO_COLOR": "1"})
    names = sorted(getattr(get_command(app), "commands", {}))
    found = {name: runner.invoke(app, [name, "--help"], prog_name="yaodian").output for name in names}
    return {"yaodian": runner.invoke(app, ["--help"], prog_name="yaodian").output, **found}


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(exist_ok=True)
    for name, page in pages().items():
        (FOLDER / f"{name}.txt").write_text(page, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    import yaodian.cli  # noqa: F401  registers the commands

    main()

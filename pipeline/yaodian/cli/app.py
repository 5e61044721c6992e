"""The Typer application and what all commands share: errors as one line, exit status, consoles."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from yaodian.errors import YaodianError
from yaodian.version import __version__

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(
    name="yaodian",
    help="Chinese government work plans as data: extract, show, compare, audit, score, errors, train.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_PIPED = 160

Lexicons = Annotated[
    list[str] | None,
    typer.Option("--lexicon", help="Further lexicon file or folder (CSV); may be given more than once."),
]
Model = Annotated[
    str | None, typer.Option("--model", help="Folder of a trained classifier; default: the packaged one.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


def talk() -> Console:
    """Console on standard error: progress and notes; silent progress when it is no terminal."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def answer() -> Console:
    """Console on standard output: results; wide where it is no terminal, so that a pipe cuts nothing off."""
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PIPED)


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"yaodian {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda value: _version(wanted=value),
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; an expected error is one line on standard error and an exit status."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console or a C locale must not turn Chinese output into an error.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure and (stream.encoding or "").lower().replace("-", "") != "utf8":
            reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except YaodianError as error:
        typer.echo(f"yaodian: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("yaodian: interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)

"""The command line; every command is a module that parses, calls the library and prints."""

from yaodian.cli import audit, compare, errors, extract, schema, score, show, train  # noqa: F401  each registers its command
from yaodian.cli.app import app, main

__all__ = ["app", "main"]

"""The words of the report in Chinese and English: its own from one table, names of classes from the taxonomies."""

from __future__ import annotations

from functools import cache
from importlib import resources

from yaodian.errors import UsageError
from yaodian.labels import functions, instruments

LANGUAGES = ("zh", "en")


@cache
def words(language: str) -> dict[str, str]:
    """All words of a language by key; classes are `function.…` and `instrument.…`.

    Raises:
        UsageError: the report does not speak this language.
    """
    if language not in LANGUAGES:
        raise UsageError(f"{language}: no such language of the report; known: {', '.join(LANGUAGES)}")
    found = {key: texts[LANGUAGES.index(language)] for key, texts in _table().items()}
    for axis, classes in (("function", functions()), ("instrument", instruments())):
        for name, what in classes.items():
            found[f"{axis}.{name}"] = what.chinese if language == "zh" else name.capitalize()
    return found


@cache
def _table() -> dict[str, tuple[str, ...]]:
    lines = packaged("strings.tsv").splitlines()[1:]
    return {key: tuple(texts) for key, *texts in (line.split("\t") for line in lines)}


def packaged(name: str) -> str:
    """Text of a file of the report's package data."""
    return resources.files(__package__).joinpath("report", name).read_text(encoding="utf-8").replace("\r\n", "\n")

"""A comparison as files: one page for the browser that needs no network, charts for papers, tables for Excel."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from yaodian.compare.report_data import COUNTED, DIRECTIONS, RELATIONS, view
from yaodian.compare.report_files import check, write_charts, write_tables
from yaodian.compare.report_words import LANGUAGES, packaged, words
from yaodian.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from markupsafe import Markup

    from yaodian.compare.chains import History
    from yaodian.compare.report_data import View
    from yaodian.compare.report_tables import Section

__all__ = ["write_charts", "write_report", "write_tables"]


def write_report(history: History, path: Path, *, language: str = "zh") -> None:
    """Write a comparison as one HTML file that holds all it needs: it opens offline and makes no request.

    Args:
        history: plans and what became of their measures.
        path: file to write; its folder is made where it is missing.
        language: language in which the page opens, `zh` or `en`; a button changes it.

    Raises:
        UsageError: unknown language, no plans, or the libraries for charts are not installed.
        InputError: the file cannot be written.
    """
    words(language)
    check(history)
    page = _page(history, language)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8", newline="\n", errors="replace")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); choose another place") from error


def _page(history: History, language: str) -> str:
    from jinja2 import Environment, StrictUndefined

    from yaodian.compare.report_charts import relations, relations_rows
    from yaodian.compare.report_tables import Figure, sections

    made = view(history)
    parts = sections(made)
    bars = relations_rows(made)
    figures = [Figure("relations", lambda said: relations(bars, said) if bars else None)]
    figures += [figure for part in parts for figure in part.figures if not figure.static]
    specs = {
        figure.name: {said: chart for said in LANGUAGES if (chart := _spec(figure.draw(words(said))))}
        for figure in figures
    }
    scripts = [_bundle(), packaged("page.js")]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(packaged("page.html")).render(
        language=language,
        t=_speaker(language),
        w=words(language),
        csp=_policy(scripts),
        style=_inline(packaged("page.css"), "style"),
        scripts=[_inline(script, "script") for script in scripts],
        data=_data({"words": {said: words(said) for said in LANGUAGES}, "specs": specs, "places": made.places.groups}),
        view=made,
        sections=parts,
        counted=COUNTED,
        words_of=lambda pair: {what: figure[0] for what, figure in pair["figures"].items()},
        drawn=[name for name, by_language in specs.items() if by_language],
        texts=[list(made.places.leaves(plan)) for plan in range(len(made.records))],
        definitions=_definitions(),
        **_choices(made, parts),
    )


def _choices(made: View, parts: list[Section]) -> dict[str, Any]:
    """What the filters offer: classes and hazards that occur."""
    functions = [key[9:] for key in words("zh") if key.startswith("function.")]
    present = {name for row in made.rows for name in row["functions"]}
    hazards = sorted({name for row in made.rows for name in row["hazards"]})
    return {
        "relations": [*RELATIONS, "moved"],
        "directions": DIRECTIONS,
        "functions": [name for name in functions if name in present],
        "hazards": hazards,
        "hazard_number": {name: number for number, name in enumerate(hazards)},
        "titles": [part.name for part in parts],
    }


def _definitions() -> dict[str, str]:
    from yaodian.labels import functions

    return {name: what.definition for name, what in functions().items()}


def _speaker(language: str) -> Any:
    """What a template calls for a word: a span that the page's script can say anew in another language."""
    from markupsafe import Markup

    said = words(language)

    def speak(key: str, **values: Any) -> Markup:
        text = said[key]
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        arguments = Markup(' data-v="{}"').format(json.dumps(values, ensure_ascii=False)) if values else ""
        return Markup('<span data-t="{}"{}>{}</span>').format(key, arguments, text)

    return speak


def _spec(chart: Any) -> dict[str, Any] | None:
    """A chart as Vega-Lite for the page: as wide as the page, in the fonts of the reader's system."""
    from yaodian.compare.report_charts import FONTS, styled

    if chart is None:
        return None
    sized = chart.properties(width="container", autosize={"type": "fit-x", "contains": "padding"})
    made: dict[str, Any] = styled(sized, FONTS).to_dict()
    made.pop("$schema", None)
    return made


def _bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script."""
    import vl_convert

    from yaodian.compare.report_charts import vega_lite

    # A carriage return would become a line feed in the browser, and the hash in the policy would not fit.
    script: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=vega_lite())
    return script.replace("\r\n", "\n").replace("\r", "\n").replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _policy(scripts: list[str]) -> str:
    """Content security policy: the page's own scripts by their hashes, and no request whatever."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _inline(text: str, tag: str) -> Markup:
    """Packaged text as the content of a tag that it cannot close."""
    from markupsafe import Markup

    if f"</{tag}" in text.lower():
        raise AssertionError(f"packaged text closes its own <{tag}>")
    return Markup(text)  # noqa: S704  packaged, not from a document


def _data(values: Mapping[str, Any]) -> Markup:
    """JSON that no text can break out of."""
    from markupsafe import Markup

    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  escaped above

"""The spaCy components: each calls one stage and keeps its result in the Doc."""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy.language import Language

from yaodian import classify, recognise, relate, times
from yaodian.components.layers import SPANS, Layer, Rows, Stage, get_view, layer, record
from yaodian.labels import phase_of
from yaodian.lexicon import load_lexicon
from yaodian.normalise import Canonical, Context, Named, attributes
from yaodian.segment import completed, segment
from yaodian.spans import Span, View
from yaodian.tag import Candidate, build, tag
from yaodian.traditional import simplified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from yaodian.labels import Attributes


@Language.factory("yaodian_segmenter", assigns=["doc.spans"])
def make_segmenter(nlp: Language, name: str) -> Segmenter:
    """Create the component that finds metadata, sections and measures."""
    return Segmenter()


class Segmenter(Stage):
    """Writes `doc.spans["yaodian_sections"]` and `doc.spans["yaodian_measures"]`."""

    def run(self, stored: Layer) -> None:
        """Segment one document."""
        found = segment(stored["text"])
        stored["view"], stored["offsets"] = found.view.text, list(found.view.offsets or ())
        if found.reading is not stored["text"]:
            stored["reading"] = found.reading
        given = stored.get("given")
        read = completed(found.metadata, given["metadata"], first=given["first"]) if given else found.metadata
        stored["metadata"] = read.model_dump()
        stored["measure_views"] = [(span.start, span.end) for span in found.views]
        stored["notes"] = [[(note.start, note.end) for note in notes] for notes in found.notes]
        for name, parts in (("sections", found.sections), ("measures", found.measures), ("warnings", found.warnings)):
            # Copies of the parts' own dictionaries: what they hold is plain already, and dumping it takes longer.
            stored[name] = [dict(part.__dict__) for part in parts]
        if given:
            stored["warnings"] = [*given["notices"], *stored["warnings"]]

    def groups(self, stored: Layer) -> dict[str, Rows]:
        """Sections by level, and measures."""
        return {
            f"{SPANS}_sections": [
                (Span(s["start"], s["end"]), f"LEVEL{s['level']}", s["id"]) for s in stored["sections"]
            ],
            f"{SPANS}_measures": [(Span(m["start"], m["end"]), "MEASURE", m["id"]) for m in stored["measures"]],
        }


@Language.factory(
    "yaodian_tagger", assigns=["doc.spans"], default_config={"lexicons": [], "taggers": None, "model": None}
)
def make_tagger(
    nlp: Language, name: str, lexicons: list[str], taggers: list[str] | None, model: str | None
) -> EntityTagger:
    """Create the component that finds entities with their attributes.

    `lexicons` are paths of further lexicon files or folders, `taggers` names of installed taggers (None: all),
    `model` is the folder of a trained model, whose recogniser fills gaps between the taggers' entities.
    """
    return EntityTagger([Path(path) for path in lexicons], taggers, _folder(model))


def _folder(model: str | None) -> Path:
    """Folder of a model, the packaged one for None."""
    from zh_yaodian import PATH

    return Path(model) if model else PATH


class EntityTagger(Stage):
    """Writes `doc.spans["yaodian"]`, labelled by type."""

    def __init__(self, lexicons: Sequence[Path], taggers: Sequence[str] | None, model: Path) -> None:
        self.lexicon = load_lexicon(lexicons)
        self.taggers = build(self.lexicon, taggers)
        weights = recognise.load(model)
        if weights is not None:
            self.taggers.append(recognise.Recogniser(weights, self.lexicon))

    def run(self, stored: Layer) -> None:
        """Tag one document."""
        stored["entities"], stored["targets"] = [], []
        if any(w["code"] in ("empty_text", "not_chinese", "no_words", "not_a_plan") for w in stored["warnings"]):
            return
        looked, source = get_view(stored), stored["text"]
        found = tag(looked.text, self.taggers)
        measures = [Span(*pair) for pair in stored["measure_views"]]
        names = [Named(c.type, looked.text[c.start : c.end], c.start) for c in found]
        canonical = Canonical(looked.text, names, stored["metadata"]["issuer"], self.lexicon)
        views, position = [], 0
        for number, candidate in enumerate(found, start=1):
            while position < len(measures) and measures[position].end <= candidate.start:
                position += 1
            inside = position < len(measures) and measures[position].start <= candidate.start
            place = looked.to_source(candidate.start, candidate.end)
            stored["entities"].append(
                {
                    "id": f"e{number:03d}",
                    "type": candidate.type,
                    "start": place.start,
                    "end": place.end,
                    "text": source[place.start : place.end],
                    "measure": f"m{position + 1:03d}" if inside else None,
                    "attributes": self._attributes(looked.text, candidate),
                    "canonical": canonical.of(names[number - 1]),
                    "source": candidate.source,
                    "score": round(candidate.score, 4),
                }
            )
            views.append((candidate.start, candidate.end))
        stored["entity_views"] = views
        stored["targets"] = [
            (row["id"], row["measure"])
            for row in stored["entities"]
            if row["type"] == "QUANTITY" and row["measure"] and row["attributes"].role == "target"
        ]

    def groups(self, stored: Layer) -> dict[str, Rows]:
        """Entities by type."""
        return {SPANS: [(Span(e["start"], e["end"]), e["type"], e["id"]) for e in stored["entities"]]}

    def _attributes(self, text: str, candidate: Candidate) -> Attributes:
        return attributes(candidate.type, Context(text, candidate.start, candidate.end, self.lexicon))

    def __call__(self, doc: Doc) -> Doc:
        """Tag one Doc, whose layer is to hold nothing but plain data."""
        doc = super().__call__(doc)
        for row in layer(doc)["entities"]:
            row["attributes"] = row["attributes"].model_dump(exclude_none=True)
        return doc


@Language.factory("yaodian_relator", requires=["doc.spans"])
def make_relator(nlp: Language, name: str) -> Relator:
    """Create the component that fills actors, actions, deadlines and goals of measures."""
    return Relator()


class Relator(Stage):
    """Completes measures and writes relations."""

    def run(self, stored: Layer) -> None:
        """Relate one document."""
        looked, source = get_view(stored), stored["text"]
        text, entities = looked.text, stored.get("entities", [])
        views = [Span(*pair) for pair in stored.get("entity_views", [])]
        bodies: dict[str | None, list[int]] = {}
        for i, row in enumerate(entities):
            if row["type"] == "INSTITUTION":
                bodies.setdefault(row["measure"], []).append(i)
        loose = bodies.get(None, [])
        relations: list[dict[str, str]] = []
        year = stored["metadata"]["plan_year"]
        for index, row in enumerate(stored["measures"]):
            span = Span(*stored["measure_views"][index])
            notes = [Span(*note) for note in stored["notes"][index]]
            near = bodies.get(row["id"], []) + _in_notes(notes, loose, views)
            found = [near[i] for i in relate.actors(text, span, notes, [views[i] for i in near])] if near else []
            acting = [entities[i]["id"] for i in found]
            by_when = next((d for part in (span, *notes) if (d := times.find(text, part.start, part.end, year))), None)
            row["actors"] = tuple(acting)
            row["actions"] = tuple(
                _excerpt(source, looked.to_source(a.start, a.end)) for a in relate.actions(text, span)
            )
            row["deadline"] = _wording(source, looked, by_when[0]) if by_when else None
            row["qualitative_goals"] = tuple(
                _wording(source, looked, goal) for goal in relate.goals(text, span.start, span.end)
            )
            relations += [{"type": "actor_of", "head": actor, "tail": row["id"]} for actor in acting]
            relations += [
                {"type": relate.role(text, views[i], notes), "head": entities[i]["id"], "tail": row["id"]}
                for i in found
            ]
        relations += [
            {"type": "target_of", "head": figure, "tail": measure} for figure, measure in stored.get("targets", ())
        ]
        stored["relations"] = relations


def _in_notes(notes: Sequence[Span], bodies: Sequence[int], views: Sequence[Span]) -> list[int]:
    """Those of the bodies, given by their index in `views` and in the order of the text, that stand in a note."""
    found: set[int] = set()
    for note in notes:
        first = bisect_left(bodies, note.start, key=lambda i: views[i].start)
        last = bisect_left(bodies, note.end, key=lambda i: views[i].start)
        found.update(i for i in bodies[first:last] if views[i].end <= note.end)
    return sorted(found)


def _wording(source: str, looked: View, span: Span) -> str:
    place = looked.to_source(span.start, span.end)
    return source[place.start : place.end]


def _excerpt(source: str, place: Span) -> dict[str, Any]:
    return {"start": place.start, "end": place.end, "text": source[place.start : place.end]}


@Language.factory("yaodian_classifier", requires=["doc.spans"], default_config={"model": None})
def make_classifier(nlp: Language, name: str, model: str | None) -> MeasureClassifier:
    """Create the component that gives each measure function, phase and instrument; `model` is a folder."""
    return MeasureClassifier(model)


class MeasureClassifier(Stage):
    """Completes measures with calibrated classes; the model is read at the first Doc."""

    def __init__(self, model: str | None) -> None:
        self.path = _folder(model)
        classify.check_meta(self.path)
        self._model: classify.Classifier | None = None

    def run(self, stored: Layer) -> None:
        """Classify one document's measures."""
        if not stored["measures"]:
            return
        if self._model is None:
            self._model = classify.load(self.path)
        reading = stored.get("reading")
        headings = {
            row["id"]: (simplified(row["heading"]) if reading else row["heading"], row["parent"])
            for row in stored["sections"]
        }
        places = [(row["start"], row["end"], row["section"]) for row in stored["measures"]]
        measures = classify.seen_places(reading or stored["text"], headings, places)
        for row, found in zip(stored["measures"], self._model.predict(measures), strict=True):
            row["function"] = {"primary": found.function, "secondary": None, "scores": found.function_scores}
            row["phase"] = phase_of(found.function)
            row["instrument"] = found.instrument


__all__ = ["EntityTagger", "MeasureClassifier", "Relator", "Segmenter", "record"]

"""What a run did, in counts that do not depend on how it was done."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from typing import Any

_KEPT = 1000
"""Lines of warnings and of failures that are kept for printing; all of them are in the tables."""


@dataclass(slots=True)
class Summary:
    """Counts over all documents, and the first lines of warnings and failures."""

    documents: int = 0
    characters: int = 0
    sections: int = 0
    measures: int = 0
    entities: dict[str, int] = field(default_factory=dict)
    functions: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    warnings_by_code: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    failures_by_reason: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0
    """Documents whose results were at hand from before; not in the manifest, for it depends on the past."""

    def add(self, doc_id: str, counts: dict[str, Any]) -> None:
        """Count one document."""
        self.documents += 1
        self.characters += counts["characters"]
        self.sections += counts["sections"]
        self.measures += counts["measures"]
        for name in ("entities", "functions"):
            sums = getattr(self, name)
            for key, n in counts[name].items():
                sums[key] = sums.get(key, 0) + n
        for warning in counts["warnings"]:
            code = warning.partition(":")[0]
            self.warnings_by_code[code] = self.warnings_by_code.get(code, 0) + 1
            if len(self.warnings) < _KEPT:
                self.warnings.append(f"{doc_id}: {warning}")

    def fail(self, reason: str, message: str) -> None:
        """Count one failure."""
        self.failures_by_reason[reason] = self.failures_by_reason.get(reason, 0) + 1
        if len(self.failures) < _KEPT:
            self.failures.append(message)

    def counts(self) -> dict[str, Any]:
        """Counts alone, keys in a fixed order: the same for every run over the same bytes."""
        names = [f.name for f in fields(self) if f.name not in ("warnings", "failures", "unchanged")]
        found = {name: getattr(self, name) for name in names}
        return {k: dict(sorted(v.items())) if isinstance(v, dict) else v for k, v in found.items()}


def as_json(summary: Summary) -> str:
    """Return the summary as one JSON object."""
    return json.dumps(
        {**summary.counts(), "warnings": summary.warnings, "failures": summary.failures}, ensure_ascii=False
    )

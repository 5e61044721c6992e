"""Who does what, and with whom: bodies by role and year, and the network of bodies that act in the same measure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from yaodian.compare.tables import distinct, frame, year_of
from yaodian.record.derived import ROLES, level_of, system_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import networkx as nx
    import pandas as pd

    from yaodian.record import Record

ACTS = ("doc_id", "year", "issuer", "measure", "body", "role", "kind", "entity", "start", "end", "text")
ACTORS = (
    "body", "kind", "level", "system", "year", *ROLES, "acts", "documents", "doc_id", "measure", "entity", "start",
    "end", "text",
)  # fmt: skip
NODES = (
    "body", "kind", "level", "system", "measures", "degree", "weighted_degree", "betweenness", "doc_id", "measure",
    "entity", "start", "end", "text",
)  # fmt: skip
EDGES = ("source", "target", "weight", "years", "measures")
_PLACE = ("doc_id", "measure", "entity", "start", "end", "text")
_Row = dict[str, Any]


def acts(records: Iterable[Record]) -> pd.DataFrame:
    """One row a measure, body and role, with the place that names the body (`ACTS`).

    The role is `leads`, `supports` or `responsible_for` where the text says it, else `acts`. Only bodies that the text
    names are here: the issuer is not put in the place of a missing actor.
    """
    return frame(_acts(distinct(records)), ACTS)


def _acts(records: Iterable[Record]) -> Iterator[_Row]:
    for record in records:
        entities = {entity.id: entity for entity in record.entities}
        measures = {measure.id for measure in record.measures}
        roles: dict[str, dict[tuple[str, str], str]] = {measure.id: {} for measure in record.measures}
        told: set[tuple[str, str]] = set()
        named = [(r.tail, r.head, r.type) for r in record.relations if r.type in ROLES]
        named += [(measure.id, actor, "acts") for measure in record.measures for actor in measure.actors]
        for measure, head, role in named:
            if measure not in measures or head not in entities:
                continue
            body = entities[head].canonical or entities[head].text
            if role == "acts" and (measure, body) in told:
                continue
            told.add((measure, body))
            # A body that a measure names twice in one role acts once.
            roles[measure].setdefault((body, role), head)
        for measure, found in roles.items():
            for (body, role), head in found.items():
                entity = entities[head]
                yield {
                    "doc_id": record.doc_id,
                    "year": year_of(record),
                    "issuer": record.metadata.issuer,
                    "measure": measure,
                    "body": body,
                    "role": role,
                    "kind": getattr(entity.attributes, "kind", None),
                    "entity": entity.id,
                    "start": entity.start,
                    "end": entity.end,
                    "text": entity.text,
                }


def actors(records: Iterable[Record]) -> pd.DataFrame:
    """One row a body and year: in how many measures it acts in each role.

    Returns:
        Columns of `ACTORS`: measures it leads, supports and is responsible for, and `acts`, those in which it acts in
        any role, of `documents` documents; then the first place. The most active come first.
    """
    groups: dict[tuple[str, int | None], list[_Row]] = {}
    for row in _acts(distinct(records)):
        groups.setdefault((row["body"], row["year"]), []).append(row)
    rows = []
    for (body, year), found in groups.items():
        by_role = Counter(row["role"] for row in found)
        rows.append(
            {
                **_body(body, found[0]),
                "year": year,
                **{role: by_role[role] for role in ROLES},
                "acts": len(_measures(found)),
                "documents": len({row["doc_id"] for row in found}),
            }
        )
    rows.sort(key=lambda r: (-r["acts"], r["body"], r["year"] is None, r["year"] or 0))
    return frame(rows, ACTORS)


def _body(body: str, first: _Row) -> _Row:
    named = {"body": body, "kind": first["kind"], "level": level_of(body), "system": system_of(body)}
    return named | {column: first[column] for column in _PLACE}


def _measures(found: Iterable[_Row]) -> dict[tuple[str, str], None]:
    return dict.fromkeys((row["doc_id"], row["measure"]) for row in found)


@dataclass(frozen=True, slots=True)
class Network:
    """Bodies (`nodes`, columns of `NODES`) and pairs that act together (`edges`, columns of `EDGES`).

    `density` is the share of possible pairs that occur, 2m / (n (n - 1)); None below two bodies.
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    density: float | None

    def to_graphml(self, path: Path) -> None:
        """Write the network as GraphML, which Gephi, Cytoscape, igraph and networkx read."""
        import networkx as nx

        # By name: `write_graphml` takes another writer where lxml is installed, and the bytes shall be the same.
        nx.write_graphml_xml(_graph(self.nodes.to_dict("records"), self.edges.to_dict("records")), path)

    def to_edge_list(self, path: Path) -> None:
        """Write the edges as CSV with a header: source, target, weight; UTF-8 with a byte order mark for Excel."""
        from yaodian.export.cells import to_csv

        columns = ["source", "target", "weight"]
        rows = self.edges[columns].itertuples(index=False, name=None)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            file.write(to_csv([columns]) + to_csv(rows))


def network(records: Iterable[Record], *, collective: bool = True) -> Network:
    """Network of the bodies that act together: an edge for two bodies in the same measure, weighted by the measures.

    Degree is the number of a body's partners, weighted degree the sum of its edges' weights, betweenness (Freeman 1977)
    the share of shortest paths between other bodies that pass through it, without regard to weights, as is usual for
    such networks; computed by networkx. Bodies that only act alone are nodes without edges. For the network of one
    year or issuer give that year's or issuer's records.

    Args:
        records: documents of one or several years and issuers.
        collective: whether classes of bodies such as 各区 take part, or named bodies alone.
    """
    import networkx as nx

    together: dict[tuple[str, str], list[_Row]] = {}
    bodies: dict[str, list[_Row]] = {}
    for row in _acts(distinct(records)):
        if collective or row["kind"] != "collective":
            bodies.setdefault(row["body"], []).append(row)
            together.setdefault((row["doc_id"], row["measure"]), []).append(row)
    edges = _edges(together)
    graph = _graph([{"body": body} for body in sorted(bodies)], edges)
    betweenness = nx.betweenness_centrality(graph)
    nodes = [
        {
            **_body(body, bodies[body][0]),
            "measures": len(_measures(bodies[body])),
            "degree": graph.degree(body),
            "weighted_degree": graph.degree(body, weight="weight"),
            "betweenness": float(betweenness[body]),
        }
        for body in sorted(bodies)
    ]
    nodes.sort(key=lambda node: (-node["weighted_degree"], node["body"]))
    density = float(nx.density(graph)) if len(nodes) > 1 else None
    return Network(frame(nodes, NODES), frame(edges, EDGES), density)


def _edges(together: dict[tuple[str, str], list[_Row]]) -> list[_Row]:
    """Pairs of bodies, the heaviest first; `measures` lists where they act together (`tj-2023#m017`)."""
    found: dict[tuple[str, str], list[_Row]] = {}
    for rows in together.values():
        bodies = {row["body"]: row for row in rows}
        for pair in combinations(sorted(bodies), 2):
            found.setdefault(pair, []).append(bodies[pair[0]])
    edges = [
        {
            "source": source,
            "target": target,
            "weight": len(rows),
            "years": "; ".join(str(year) for year in sorted({r["year"] for r in rows} - {None})) or None,
            "measures": "; ".join(f"{row['doc_id']}#{row['measure']}" for row in rows),
        }
        for (source, target), rows in found.items()
    ]
    return sorted(edges, key=lambda edge: (-edge["weight"], edge["source"], edge["target"]))


def _graph(nodes: Iterable[Any], edges: Iterable[Any]) -> nx.Graph:
    import networkx as nx

    graph = nx.Graph()
    for node in nodes:
        graph.add_node(node["body"], **_present(node, {"body", "start", "end"}))
    for edge in edges:
        graph.add_edge(edge["source"], edge["target"], **_present(edge, {"source", "target"}))
    return graph


def _present(row: Any, left_out: set[str]) -> _Row:
    """A row's values that GraphML can hold; it knows no missing ones."""
    return {key: value for key, value in row.items() if key not in left_out and value is not None and value == value}  # noqa: PLR0124  NaN

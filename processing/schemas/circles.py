"""Which parts of a schema lead back to themselves, and how many rules it is once references are put in their place."""

from collections.abc import Iterator, Mapping, Sequence

Graph = Mapping[str, Sequence[str]]  # from each part to those that it leads to


def circles(graph: Graph) -> dict[str, int | None]:
    """For each part the number of the circle that it belongs to, None for those of none (Kosaraju's two walks)."""
    back: dict[str, list[str]] = {where: [] for where in graph}
    for where, targets in graph.items():
        for target in targets:
            back[target].append(where)
    found: dict[str, int | None] = {}
    finished = list(_finished(graph, graph))
    for number, start in enumerate(reversed(finished)):
        if start in found:
            continue
        members = _reached(back, start, found)
        is_circle = len(members) > 1 or start in graph[start]
        found.update(dict.fromkeys(members, number if is_circle else None))
    return found


def unfolded(graph: Graph, circle: Mapping[str, int | None], own: Mapping[str, int] | None = None) -> dict[str, int]:
    """How many rules each part is with all that it leads to; within a circle each part counts once. `own`: those of each part."""
    size: dict[str, int] = {}
    apart = {
        where: [one for one in targets if circle[where] is None or circle[one] != circle[where]]
        for where, targets in graph.items()
    }
    for where in _finished(apart, apart):
        size[where] = (own or {}).get(where, 1) + sum(size[one] for one in apart[where])
    return size


def _finished(graph: Graph, starts: Graph) -> Iterator[str]:
    """Every part after all that it leads to, as far as there are no circles. Without recursion: chains may be long."""
    seen: set[str] = set()
    for start in starts:
        if start in seen:
            continue
        seen.add(start)
        work = [(start, iter(graph[start]))]
        while work:
            where, rest = work[-1]
            target = next((one for one in rest if one not in seen), None)
            if target is None:
                work.pop()
                yield where
            else:
                seen.add(target)
                work.append((target, iter(graph[target])))


def _reached(graph: Graph, start: str, without: Mapping[str, int | None]) -> set[str]:
    members, work = {start}, [start]
    while work:
        fresh = [one for one in graph[work.pop()] if one not in members and one not in without]
        members.update(fresh)
        work += fresh
    return members

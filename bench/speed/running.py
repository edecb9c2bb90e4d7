"""One whole run: every hot request against floor and peer, growth, histories, writes, exports, the start."""

import http.client
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from bench.speed import special
from bench.speed.asking import Ask, Place, compared, creating, everything, own, writes
from bench.speed.building import build_histories, build_size, place_of
from bench.speed.contenders import Contender, envanter, floor, peer
from bench.speed.content import COPIED
from bench.speed.databases import Store
from bench.speed.gates import BY_NAME, Figure, quotients
from bench.speed.measuring import ENOUGH, Cell, Run, compare, measure
from bench.speed.multiplying import Marks
from bench.speed.registers import FEW, FIFTY, ONCE
from bench.speed.saying import say, say_cells

MEGABYTE = 1_000_000
LONG_ENOUGH = 20.0
HISTORY_ASKS = ("one", "page", "facts_transfers", "auditor_page", "one_then")


@dataclass(frozen=True)
class Measured:
    """A cell, and where it was measured."""

    backend: str
    size: int
    cell: Cell


@dataclass
class Bench:
    """What a run is about, and what it found."""

    sizes: tuple[int, ...]
    main: int
    rounds: int
    each: int
    is_quick: bool = False
    enough: float = ENOUGH
    cells: list[Measured] = field(default_factory=list)
    figures: dict[tuple[str, str], Figure] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def judge(self, step: Callable[[], list[Figure]]) -> None:
        """Measure figures, and once more where a gate fails; what cannot be measured fails the run at its end."""
        try:
            found = step()
            if not all(_holds(figure) for figure in found):
                say("… a gate fails: once more")
                found = step()
        except (RuntimeError, http.client.HTTPException, OSError) as error:
            self.errors.append(str(error))
            say(f"FAILED {error}")
            return
        self.figures |= {(figure.name, figure.backend): figure for figure in found}

    def note(self, backend: str, size: int, cells: Sequence[Cell]) -> None:
        """Keep cells; what is measured again replaces what was there."""
        fresh = {(cell.ask, cell.contender) for cell in cells}
        place = (backend, size)
        self.cells = [
            one
            for one in self.cells
            if (one.backend, one.size) != place or (one.cell.ask, one.cell.contender) not in fresh
        ]
        self.cells += [Measured(backend, size, cell) for cell in cells]


def _holds(figure: Figure) -> bool:
    return figure.name not in BY_NAME or BY_NAME[figure.name].holds(figure)


def run(bench: Bench, store: Store, marks: Marks, moment: str) -> None:
    """Measure everything on one database."""
    registers = {size: build_size(store, marks, size, with_plain=size <= bench.main) for size in bench.sizes}
    histories = build_histories(store, marks, bench.sizes[0])
    places = {size: place_of(store, name, COPIED, moment) for size, name in registers.items()}
    with contenders(store, bench.main) as three:
        for ask in compared(places[bench.main]):
            bench.judge(lambda ask=ask: against(bench, store, ask, three))  # type: ignore[misc]
    grow(bench, store, registers, places)
    _histories(bench, store, histories, moment)
    with contenders(store, bench.main) as three:
        _export(bench, store, registers, three)
        for ask in writes(places[bench.main]):
            bench.judge(lambda ask=ask: against(bench, store, ask, three))  # type: ignore[misc]
        _writers(bench, store, places[bench.main], three[0])


@contextmanager
def contenders(store: Store, size: int) -> Iterator[list[Contender]]:
    """Serve the same content three times."""
    log = store.directory / "servers.log"
    with (
        envanter(store, f"register_{size}", log) as ours,
        floor(store, f"plain_{size}", log) as bare,
        peer(store, f"plain_{size}", log) as them,
    ):
        yield [ours, bare, them]


def against(bench: Bench, store: Store, ask: Ask, three: Sequence[Contender]) -> list[Figure]:
    """Compare one request with the floor and the peer."""
    cells = compare(ask, three, bench.rounds, bench.enough)
    bench.note(store.backend, bench.main, cells)
    say_cells(f"{store.backend} {bench.main}", ask.title, cells)
    by = {cell.contender: cell.rounds for cell in cells}
    figures = []
    if "floor" in by:
        figures.append(Figure(f"ratio.{ask.name}", store.backend, quotients(by["envanter"], by["floor"])))
    if "peer" in by:
        figures.append(Figure(f"peer.{ask.name}", store.backend, quotients(by["peer"], by["envanter"])))
    return figures


def grow(bench: Bench, store: Store, registers: dict[int, str], places: dict[int, Place]) -> None:
    """Ask registers of every size for the same, in turn."""
    log = store.directory / "servers.log"
    asks = {size: {ask.name: ask for ask in [*compared(place), *own(place)]} for size, place in places.items()}
    with ExitStack() as stack:
        served = {
            size: stack.enter_context(envanter(store, name, log, f"envanter {size}"))
            for size, name in registers.items()
        }
        for name in asks[bench.main]:
            if bench.is_quick and f"growth.{name}" not in BY_NAME:
                continue
            pairs = [(asks[size][name], one) for size, one in served.items()]
            bench.judge(lambda pairs=pairs: _grown(bench, store, pairs))  # type: ignore[misc]


def _grown(bench: Bench, store: Store, pairs: list[tuple[Ask, Contender]]) -> list[Figure]:
    is_gated = f"growth.{pairs[0][0].name}" in BY_NAME
    enough, rounds = (bench.enough, bench.rounds) if is_gated else (bench.enough / 2, min(2, bench.rounds))
    cells = measure([Run(ask, one, enough) for ask, one in pairs], rounds)
    for size, cell in zip(bench.sizes, cells, strict=True):
        bench.note(store.backend, size, [cell])
    title = pairs[0][0].title
    factor = cells[-1].median / cells[0].median
    say_cells(f"{store.backend} growth", f"{title}: × {factor:.2f}", cells)
    name = pairs[0][0].name
    figures = [Figure(f"growth.{name}", store.backend, quotients(cells[-1].rounds, cells[0].rounds))]
    if not bench.is_quick:
        figures.append(Figure(f"large.{name}", store.backend, cells[-1].rounds))
    return figures


def _histories(bench: Bench, store: Store, registers: dict[str, str], moment: str) -> None:
    """Compare activities of fifty revisions with the same activities of one."""
    log = store.directory / "servers.log"
    places = {base: place_of(store, name, FEW, moment) for base, name in registers.items()}
    asks = {base: {ask.name: ask for ask in [*compared(place), *own(place)]} for base, place in places.items()}
    with (
        envanter(store, registers[ONCE], log, "one revision") as once,
        envanter(store, registers[FIFTY], log, "fifty revisions") as fifty,
    ):
        for name in HISTORY_ASKS:
            runs = [(asks[ONCE][name], once), (asks[FIFTY][name], fifty)]
            bench.judge(lambda runs=runs, name=name: _aged(bench, store, name, runs))  # type: ignore[misc]


def _aged(bench: Bench, store: Store, name: str, pairs: list[tuple[Ask, Contender]]) -> list[Figure]:
    once, fifty = measure([Run(ask, one, bench.enough) for ask, one in pairs], bench.rounds)
    bench.note(store.backend, 0, [once, fifty])
    say_cells(f"{store.backend} history", f"{pairs[0][0].title}: × {fifty.median / once.median:.2f}", [once, fifty])
    return [Figure(f"revisions.{name}", store.backend, quotients(fifty.rounds, once.rounds))]


def _writers(bench: Bench, store: Store, place: Place, ours: Contender) -> None:
    """Let eight writers create at once."""
    turn = iter(range(100))

    def step() -> list[Figure]:
        found = [
            special.percentile(
                special.latencies(ours, creating(place, f"w{next(turn)}", "/v1/activities"), bench.each), 0.99
            )
            for _ in range(bench.rounds)
        ]
        say(f"{store.backend}: create under 8 writers, 99th percentile {special.middle(found):.0f} ms")
        return [Figure("p99.create", store.backend, tuple(found))]

    bench.judge(step)


def _export(bench: Bench, store: Store, registers: dict[int, str], three: Sequence[Contender]) -> None:
    """Compare a whole export with COPY or a cursor, and watch its memory at every size."""
    ours, bare, _ = three
    path, is_lines = special.export_path(ours)
    if is_lines:
        bench.judge(lambda: _against_copy(bench, store, ours, bare, path))
    else:
        bench.errors.append(f"{store.backend}: an export in lines is not offered, so none is compared with COPY")
    log = store.directory / "servers.log"
    for size in [size for size in registers if size >= bench.main]:
        with envanter(store, registers[size], log) as one:
            bench.judge(lambda one=one, size=size: _watched(bench, store, one, path, size))  # type: ignore[misc]


def _against_copy(bench: Bench, store: Store, ours: Contender, bare: Contender, path: str) -> list[Figure]:
    pairs = [(special.stream(ours, path), special.stream(bare, "/export")) for _ in range(min(2, bench.rounds))]
    rounds = tuple(ours.cpu for ours, _ in pairs), tuple(bare.cpu for _, bare in pairs)
    cells = [
        Cell("export", one.name, spent, 1, pairs[0][place].size)
        for place, (one, spent) in enumerate(zip((ours, bare), rounds, strict=True))
    ]
    bench.note(store.backend, bench.main, cells)
    say_cells(f"{store.backend} {bench.main}", "export of whole activities", cells)
    return [Figure("ratio.export", store.backend, quotients(*rounds))]


def _watched(bench: Bench, store: Store, one: Contender, path: str, size: int) -> list[Figure]:
    seconds = LONG_ENOUGH / 4 if bench.is_quick else LONG_ENOUGH
    found = [special.stream(one, path, seconds) for _ in range(min(2, bench.rounds))]
    memory = tuple(each.grown / MEGABYTE for each in found)
    first = tuple(each.first for each in found)
    say(f"{store.backend}: export of {size}: {max(memory):.0f} MB more, first byte after {min(first):.0f} ms")
    at = "" if size == bench.sizes[-1] else f".{size}"
    return [Figure(f"memory.export{at}", store.backend, memory), Figure(f"first.export{at}", store.backend, first)]


def start(bench: Bench) -> None:
    """Import the app a few times."""

    def step() -> list[Figure]:
        times, held = special.starts(2 + bench.rounds)
        say(f"import of the app: {special.middle(times):.2f} s, {special.middle(held):.0f} MB")
        return [Figure("import.time", "sqlite", tuple(times)), Figure("import.memory", "sqlite", tuple(held))]

    bench.judge(step)


def narrow(bench: Bench, store: Store, marks: Marks, moment: str, only: Sequence[str]) -> None:
    """Measure some requests on registers of some sizes, for who is at work on one of them."""
    for size in bench.sizes:
        bench.main = size
        register = build_size(store, marks, size, with_plain=True)
        place = place_of(store, register, COPIED, moment)
        with contenders(store, size) as three:
            for ask in everything(place):
                if not only or ask.name in only:
                    against(bench, store, ask, three)

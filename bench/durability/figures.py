"""What a run found, as one table."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

FAULTS: Final = ("lost", "half-written", "twice", "stale", "unexpected", "broken")


@dataclass
class Figures:
    """The figures of one database."""

    database: str
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0

    def blame(self, fault: str, text: str) -> None:
        """Note that something is not as it must be."""
        if fault not in FAULTS:
            raise ValueError(fault)
        self.faults.append((fault, text))

    def number(self, fault: str) -> int:
        """Return how often something was not as it must be."""
        return sum(kind == fault for kind, _ in self.faults)

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield each figure with its name."""
        for name in ("rounds", "kills of the server", "crashes of the database", "acknowledged", "refused (412)"):
            yield name, str(self.counts[name])
        yield "in flight: happened", str(self.counts["happened"])
        yield "in flight: not at all", str(self.counts["not at all"])
        yield "sent again under their key", str(self.counts["repeated"])
        yield "kept answers `as_of`, asked again", str(self.counts["asked again"])
        for fault in FAULTS[:-1]:
            yield fault, str(self.number(fault))
        yield "chain whole", "no" if self.number("broken") else "yes"
        yield "seconds", f"{self.seconds:.0f}"


def table(found: list[Figures]) -> str:
    """Return the figures of all databases, side by side."""
    header = ["", *(one.database for one in found)]
    rows = zip(*(one.rows() for one in found), strict=True)
    lines = [header, ["---"] * len(header), *([cells[0][0], *(value for _, value in cells)] for cells in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    padded = ([cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in padded)

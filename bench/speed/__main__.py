"""Command: `python -m bench.speed` measures everything; with `--only` or `--sizes` a part, and judges nothing."""

import argparse
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.platform.listing import instant
from bench.speed.asking import names
from bench.speed.building import prepared
from bench.speed.databases import BACKENDS
from bench.speed.measuring import ENOUGH
from bench.speed.reporting import keep, report
from bench.speed.running import Bench, narrow, run, start

SIZES: Final[tuple[int, ...]] = (1_000, 10_000, 100_000)
QUICK: Final[tuple[int, ...]] = (1_000, 5_000)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller registers and fewer rounds, under five minutes")
    parser.add_argument("--database", choices=BACKENDS, help="only this one")
    parser.add_argument("--only", type=_only, default=[], help="names of requests, with commas")
    parser.add_argument("--sizes", help="activities, with commas")
    parser.add_argument("--rounds", type=int, help="how often each contender has its turn")
    return parser.parse_args()


def _only(text: str) -> list[str]:
    found = text.split(",")
    unknown = set(found) - set(names())
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: not among {', '.join(names())}")
    return found


def main() -> int:
    """Run."""
    given = _arguments()
    backends = [given.database] if given.database else list(BACKENDS)
    is_narrow = bool(given.only or given.sizes)
    sizes = QUICK if given.quick else SIZES
    if is_narrow:
        sizes = tuple(int(size) for size in (given.sizes or "1000").split(","))
    bench = Bench(
        sizes,
        sizes[1] if len(sizes) > 1 else sizes[0],
        given.rounds or (2 if given.quick else 3),
        5 if given.quick else 15,
    )
    bench.is_quick, bench.enough = given.quick, 150 if given.quick else ENOUGH
    directory = Path(tempfile.mkdtemp(prefix="envanter-speed-"))
    try:
        with prepared(directory, backends, with_histories=not is_narrow) as (stores, marks):
            moment = instant(datetime.now(UTC))
            for name in backends:
                if is_narrow:
                    narrow(bench, stores[name], marks, moment, given.only)
                else:
                    run(bench, stores[name], marks, moment)
                    keep(bench)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    if is_narrow:
        return 0
    start(bench)
    return report(bench)


if __name__ == "__main__":
    sys.exit(main())

"""Draws a run: how costs grow with the register, and how they stand to floor and peer."""

from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure as Picture

from bench.speed.gates import BY_NAME
from bench.speed.running import Bench

BACKENDS: Final = ("postgresql", "sqlite")
GROWING: Final = ("one", "page", "deep_page", "auditor_page", "auditor_groups", "facts_transfers", "notice")
COMPARED: Final = ("one", "page", "first_page", "deep_page", "auditor_groups", "notice", "create")
CONTENDERS: Final = {"floor": "#8a8f98", "envanter": "#0b6e4f", "peer": "#c8553d"}
SETTINGS: Final[Any] = {"svg.hashsalt": "envanter", "svg.fonttype": "none", "font.size": 9, "font.family": "sans-serif"}


def draw(bench: Bench, directory: Path) -> None:
    """Draw both pictures."""
    with mpl.rc_context(SETTINGS):
        _growth(bench).savefig(directory / "speed-growth.svg", metadata={"Date": None})
        _ratios(bench).savefig(directory / "speed-ratios.svg", metadata={"Date": None})


def _growth(bench: Bench) -> Picture:
    picture = Picture(figsize=(9, 4), layout="constrained")
    for backend, axes in zip(BACKENDS, picture.subplots(1, 2, sharey=True), strict=True):
        for name in GROWING:
            found = [
                (one.size, one.cell.median)
                for one in bench.cells
                if one.backend == backend and one.cell.ask == name and one.cell.contender.startswith("envanter ")
            ]
            if found:
                axes.plot(*zip(*sorted(found), strict=True), marker="o", markersize=3, label=name.replace("_", " "))
        axes.set(xscale="log", yscale="log", title=backend, xlabel="activities in the register")
        axes.grid(alpha=0.3)
    picture.axes[0].set_ylabel("ms of CPU per request")
    picture.legend(*picture.axes[0].get_legend_handles_labels(), loc="outside right upper", fontsize=8)
    return picture


def _ratios(bench: Bench) -> Picture:
    picture = Picture(figsize=(9, 4), layout="constrained")
    for backend, axes in zip(BACKENDS, picture.subplots(1, 2, sharey=True), strict=True):
        costs = {
            (one.cell.ask, one.cell.contender): one.cell.median
            for one in bench.cells
            if one.backend == backend and one.size == bench.main
        }
        for place, (contender, colour) in enumerate(CONTENDERS.items()):
            heights = [
                costs[name, contender] / costs[name, "floor"] if (name, contender) in costs else 0 for name in COMPARED
            ]
            axes.bar([x + 0.27 * place for x in range(len(COMPARED))], heights, 0.27, color=colour, label=contender)
        for x, name in enumerate(COMPARED):
            gate = BY_NAME.get(f"ratio.{name}")
            if gate is not None:
                axes.hlines(gate.limits(backend)[0], x - 0.15, x + 0.7, colors="#222", linewidth=1)
        labels = [name.replace("_", "\n") for name in COMPARED]
        axes.set(yscale="log", title=f"{backend}, {bench.main} activities")
        axes.set_xticks([x + 0.27 for x in range(len(COMPARED))], labels)
        axes.grid(alpha=0.3, axis="y")
    picture.axes[0].set_ylabel("CPU, floor = 1 (line: gate)")
    picture.legend(*picture.axes[0].get_legend_handles_labels(), loc="outside right upper", fontsize=8)
    return picture

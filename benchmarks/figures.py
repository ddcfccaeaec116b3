"""Figures: what was measured, with unit, quantiles and the ratio to a named baseline."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import Any


def quantile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


@dataclass(slots=True)
class Figures:
    """What one benchmark found. `lines` say the same for people."""

    name: str
    values: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def timing(self, what: str, milliseconds: list[float], *, unit: str = "ms") -> None:
        """Median and 95th percentile of a series, as ``<what>_p50_ms`` and ``<what>_p95_ms``."""
        prefix = f"{what}_" if what else ""
        for share in (50, 95, 99):
            self.values[f"{prefix}p{share}_{unit}"] = round(quantile(milliseconds, share / 100), 3)
        self.values[f"{prefix}n"] = len(milliseconds)
        self.lines.append(
            f"{what or self.name}: median {statistics.median(milliseconds):.1f} {unit}, "
            f"p95 {quantile(milliseconds, 0.95):.1f} {unit}, n {len(milliseconds)}"
        )

    def ratio(self, what: str, ours: float, baseline: float, to: str) -> None:
        """Ours beside a baseline of the same run."""
        value = round(ours / baseline, 3) if baseline else None
        self.values[f"{what}_ratio"] = value
        self.values[f"{what}_baseline"] = to
        self.lines.append(f"{what}: {value} times {to}")

    def value(self, what: str, value: float, unit: str) -> None:
        """One figure with its unit."""
        self.values[f"{what}_{unit}"] = round(value, 3)
        self.lines.append(f"{what}: {value:,.2f} {unit}")

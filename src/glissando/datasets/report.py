"""What became of the rows: how many came in, were kept, and were set aside for which reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from glissando.datasets.records import Rejection


@dataclass(slots=True)
class SetAside:
    """The rows set aside for one reason; `first` is the first of them."""

    first: Rejection
    count: int = 0


@dataclass(slots=True)
class Report:
    """The tally of a preparation, filled as rows go by.

    Attributes:
        kept: Rows written.
        set_aside: Reason → the rows set aside for it, in order of first appearance.
        without_user: Rows kept that name no user.
        splits: Split → rows written to it; holds every split from the start, empty without.
    """

    kept: int = 0
    set_aside: dict[str, SetAside] = field(default_factory=dict)
    without_user: int = 0
    splits: dict[str, int] = field(default_factory=dict)

    @property
    def rows_in(self) -> int:
        """Rows read, kept or not."""
        return self.kept + sum(entry.count for entry in self.set_aside.values())

    def reject(self, rejection: Rejection) -> None:
        """Count a row that is set aside."""
        self.set_aside.setdefault(rejection.reason, SetAside(rejection)).count += 1

    def keep(self, user: str, split: str = "") -> None:
        """Count a row that is written."""
        self.kept += 1
        self.without_user += not user
        if split:
            self.splits[split] += 1

    def to_json(self) -> dict[str, Any]:
        """The tally as a JSON object."""
        return {
            "rows_in": self.rows_in,
            "kept": self.kept,
            "without_user": self.without_user,
            "splits": dict(self.splits),
            "set_aside": {
                reason: {
                    "count": entry.count,
                    "first": entry.first.origin,
                    "message": entry.first.message,
                }
                for reason, entry in self.set_aside.items()
            },
        }

    def summary(self) -> str:
        """The tally for a person, a reason a line, the most frequent first."""
        lines = [f"rows in    {self.rows_in:>10,}", f"kept       {self.kept:>10,}"]
        lines += [f"  {name:<9}{rows:>10,}" for name, rows in self.splits.items()]
        lines.append(f"set aside  {self.rows_in - self.kept:>10,}")
        entries = sorted(self.set_aside.items(), key=lambda item: -item[1].count)
        width = max((len(reason) for reason in self.set_aside), default=0)
        for reason, entry in entries:
            lines.append(
                f"  {reason:<{width}} {entry.count:>8,}  first: {entry.first.origin}: "
                f"{entry.first.message}"
            )
        if self.splits and self.without_user:
            lines.append(
                f"warning: {self.without_user:,} rows name no user and were split row by row: "
                "one person may be in several splits"
            )
        return "\n".join(lines)

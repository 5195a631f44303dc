"""Draws a run's learning curves from its history."""

from __future__ import annotations

from pathlib import Path

from glissando.training.history import read_history


def draw_curves(history: Path, picture: Path, title: str) -> None:
    """Write a PNG: loss of training and validation, WER and CER, and throughput, by step."""
    from matplotlib.figure import Figure

    rows = list(read_history(history))
    figure = Figure(figsize=(13, 3.8), layout="constrained")
    figure.suptitle(title)
    loss, errors, speed = figure.subplots(1, 3)

    def plot(axes: object, name: str, label: str, factor: float = 1.0, mark: str = "") -> None:
        steps = [row["step"] for row in rows if name in row]
        values = [factor * row[name] for row in rows if name in row]
        axes.plot(steps, values, mark or "-", label=label)  # type: ignore[attr-defined]

    plot(loss, "train_loss", "training (distorted swipes)")
    plot(loss, "val_loss", "validation", mark="o-")
    loss.set(title="loss, nats a word", xlabel="step", yscale="log")
    plot(errors, "val_wer", "WER", 100, "o-")
    plot(errors, "val_cer", "CER", 100, "o-")
    errors.set(title="validation errors, %, greedy without lexicon", xlabel="step", ylim=(0, None))
    plot(speed, "samples_per_second", "samples a second")
    speed.set(title="throughput, samples a second", xlabel="step", ylim=(0, None))
    for axes in (loss, errors):
        axes.legend()
    for axes in (loss, errors, speed):
        axes.grid(alpha=0.3)
    figure.savefig(picture, dpi=110)

"""Honest numbers for any decoder: the protocol, paired comparisons, calibration, and the report."""

from glissando.evaluation.answers import Answer, read_answers, write_answers
from glissando.evaluation.calibration import fit_temperature, reliability
from glissando.evaluation.comparison import Comparison, compare
from glissando.evaluation.protocol import Evaluation, evaluate, to_json
from glissando.evaluation.report import write_report
from glissando.evaluation.running import EvaluationError, Latency
from glissando.evaluation.stability import Stability, stability
from glissando.evaluation.swipes import Rows, Swipes, read_swipes

__all__ = [
    "Answer",
    "Comparison",
    "Evaluation",
    "EvaluationError",
    "Latency",
    "Rows",
    "Stability",
    "Swipes",
    "compare",
    "evaluate",
    "fit_temperature",
    "read_answers",
    "read_swipes",
    "reliability",
    "stability",
    "to_json",
    "write_answers",
    "write_report",
]

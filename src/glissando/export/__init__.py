"""From a trained model to a bundle: graphs, precision, tuning, and the check of all of it."""

from glissando.export.exporting import Exported, ExportError, PrecisionFacts
from glissando.export.parity import Parity, ParityError
from glissando.export.run import export_run

__all__ = ["ExportError", "Exported", "Parity", "ParityError", "PrecisionFacts", "export_run"]

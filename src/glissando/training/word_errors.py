"""Word and character error rates of greedy decoding on validation, and words beside truth."""

from __future__ import annotations

from typing import Any

import lightning.pytorch as lightning
import torch
from kaldialign import edit_distance
from nemo.collections.asr.metrics.wer import WER
from torch import Tensor

from glissando.training.history import History
from glissando.training.run_folder import RunFolder


class RecordingWER(WER):
    """NeMo's WER that also keeps every (truth, decoded) pair of the validation it measures."""

    def __init__(self, decoding: Any) -> None:
        super().__init__(
            decoding=decoding, batch_dim_index=0, log_prediction=False, dist_sync_on_step=True
        )
        self.pairs: list[tuple[str, str]] = []

    def update(
        self,
        predictions: Tensor,
        predictions_lengths: Tensor,
        targets: Tensor,
        targets_lengths: Tensor,
        **kwargs: Any,
    ) -> None:
        """Decode a batch once; NeMo counts its word errors, we keep the words."""
        super().update(predictions, predictions_lengths, targets, targets_lengths, **kwargs)
        rows = zip(targets.tolist(), targets_lengths.tolist(), self.hypotheses, strict=True)
        for ids, length, hypothesis in rows:
            self.pairs.append((self.decoding.decode_ids_to_str(ids[:length]), hypothesis.text))


class PredictionLogger(lightning.Callback):
    """At each validation: WER, CER and loss to the history, and decoded words beside the truth."""

    def __init__(self, folder: RunFolder, history: History, show_words: int) -> None:
        self._folder, self._history, self._show = folder, history, show_words
        self._loss = self._swipes = 0.0

    def on_validation_start(self, trainer: Any, model: Any) -> None:
        """Forget the previous validation."""
        model.wer.pairs.clear()
        self._loss = self._swipes = 0.0

    def on_validation_batch_end(
        self, trainer: Any, model: Any, outputs: Any, batch: Any, *_: Any
    ) -> None:
        """Weigh the batch's loss by its swipes; with a CTC head beside it, the transducer's."""
        loss = outputs.get("val_rnnt_loss", outputs["val_loss"])
        self._loss += float(loss) * batch.size
        self._swipes += batch.size

    def on_validation_epoch_end(self, trainer: Any, model: Any) -> None:
        """Sum over processes, log, and write what was decoded."""
        if trainer.sanity_checking:
            return
        pairs = model.wer.pairs
        counts = [
            sum(truth != decoded for truth, decoded in pairs),
            sum(edit_distance(truth, decoded)["total"] for truth, decoded in pairs),
            sum(len(truth) for truth, _ in pairs),
            self._loss,
            self._swipes,
        ]
        totals = torch.tensor(counts, dtype=torch.float64, device=model.device)
        wrong, edits, letters, loss, swipes = trainer.strategy.reduce(
            totals, reduce_op="sum"
        ).tolist()
        scores = {"val_loss": loss / swipes, "val_wer": wrong / swipes, "val_cer": edits / letters}
        model.log("val_cer", scores["val_cer"])  # NeMo logs val_loss and val_wer itself
        if trainer.is_global_zero:
            self._history.validation(trainer.global_step, scores)
            self._history.words(trainer.global_step, pairs[:: max(1, len(pairs) // self._show)])
            self._folder.write_predictions(trainer.global_step, pairs)

"""Trains a transducer to tell the right word from the words that a search takes for it (MMI).

A transducer's own loss makes the right word likely; a user sees the first of a list of words.
Maximum mutual information (Bahl et al., ICASSP 1986), here over an n-best list as in minimum word
error rate training (Prabhavalkar et al., ICASSP 2018), raises the right word above its rivals.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MethodType
from typing import Any

import torch
from torch import Tensor

from glissando.alphabet import Alphabet
from glissando.lexicon.words import load_lexicon
from glissando.training.config import MmiConfig
from glissando.training.rivals import Contest, Rivals


def train_against_rivals(model: Any, alphabet: Alphabet, config: MmiConfig) -> None:
    """Let the training steps of this model add the MMI loss to its own.

    The loss of a step is (own + weight * MMI) / (1 + weight). A swipe whose word the list lacks has
    no MMI loss.

    Args:
        model: A transducer, with or without a CTC head beside it; its loss is set.
        alphabet: Letters of its labels.
        config: The weight, and how rivals are found.

    Raises:
        LexiconError: no such word list.
    """
    rivals = Rivals(model, alphabet, load_lexicon(config.lexicon), config)

    def training_step(self: Any, batch: Any, batch_nb: int) -> dict[str, Tensor]:
        features, points, labels, label_lengths = batch
        encoded, lengths = self.forward(processed_signal=features, processed_signal_length=points)
        own, mmi = losses_against_rivals(self, rivals, encoded, lengths, batch.swipes.words)
        if getattr(self, "ctc_loss_weight", 0):
            ctc = self.ctc_loss(
                log_probs=self.ctc_decoder(encoder_output=encoded),
                targets=labels,
                input_lengths=lengths,
                target_lengths=label_lengths,
            )
            own = (1 - self.ctc_loss_weight) * own + self.ctc_loss_weight * ctc
        return {"loss": weighed(own, mmi, config.weight)}

    model.training_step = MethodType(training_step, model)


def losses_against_rivals(
    model: Any, rivals: Rivals, encoded: Tensor, lengths: Tensor, words: Sequence[str]
) -> tuple[Tensor, Tensor]:
    """The transducer's own loss of a batch and its MMI loss, each the mean in nats.

    Args:
        model: The transducer; its loss is set.
        rivals: Who competes.
        encoded: `(B, D, T)` encoder frames.
        lengths: `(B,)` frames of each swipe.
        words: B right words in the alphabet's letters.
    """
    frames = model.joint.project_encoder(encoded.transpose(1, 2))
    contest = rivals.find(model, frames.detach(), words)
    costs = _costs(model, frames, lengths, contest, rivals.alphabet)
    first = torch.ones_like(contest.swipes, dtype=torch.bool)
    first[1:] = contest.swipes[1:] != contest.swipes[:-1]
    return costs[first].mean(), mmi_loss(-costs, contest, first, rivals.prior_weight)


def weighed(own: Tensor, mmi: Tensor, weight: float) -> Tensor:
    """Both losses as one, of the size of one whatever the weight."""
    return (own + weight * mmi) / (1 + weight)


def mmi_loss(log_probs: Tensor, contest: Contest, first: Tensor, prior_weight: float) -> Tensor:
    """Mean negative log posterior of the right words among their rivals, in nats.

    Args:
        log_probs: `(N,)` log probability of each word given its swipe.
        contest: The words; their priors, weighed, are added.
        first: Bool `(N,)`: which are the right ones.
        prior_weight: Weight of the log prior.
    """
    device = log_probs.device
    swipes, priors = contest.swipes.to(device), contest.log_priors.to(device)
    listed = priors[first].isfinite()
    if not listed.any():
        return log_probs.sum() * 0.0
    scores = log_probs + prior_weight * priors.clamp(min=_NO_PRIOR)
    table = scores.new_full((len(listed), len(swipes)), -torch.inf)
    places = torch.arange(len(swipes), device=device)
    table = table.index_put((swipes, places), scores)
    posterior = scores[first] - table.logsumexp(dim=1)
    return -posterior[listed].mean()


_NO_PRIOR = -100.0  # so that a word without one gives no infinite gradient before it is left out


def _costs(
    model: Any, frames: Tensor, lengths: Tensor, contest: Contest, alphabet: Alphabet
) -> Tensor:
    """Negative log probability `(N,)` of each word, its swipe's frames `(B, T, J)` given."""
    labels, label_lengths = (
        part.to(frames.device) for part in _encoded(contest.spellings, alphabet)
    )
    swipes = contest.swipes.to(frames.device)
    outputs, _, _ = model.decoder(targets=labels, target_length=label_lengths)
    outputs = model.joint.project_prednet(outputs.transpose(1, 2))
    scores = model.joint.joint_after_projection(frames[swipes], outputs)
    reduction, model.loss.reduction = model.loss.reduction, None
    costs: Tensor = model.loss(
        log_probs=scores,
        targets=labels,
        input_lengths=lengths[swipes],
        target_lengths=label_lengths,
    )
    model.loss.reduction = reduction
    return costs


def _encoded(spellings: Sequence[str], alphabet: Alphabet) -> tuple[Tensor, Tensor]:
    """Label ids `(N, U)`, 0 beyond each word, and lengths `(N,)`."""
    spelt = [torch.tensor(alphabet.encode(word)) for word in spellings]
    return torch.nn.utils.rnn.pad_sequence(spelt, batch_first=True), torch.tensor(
        [*map(len, spelt)]
    )

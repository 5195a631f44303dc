"""Training against rivals: the loss by hand, who is a rival, and that its rest is NeMo's loss."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from glissando.alphabet import ENGLISH
from glissando.lexicon.words import load_lexicon
from glissando.training.config import MmiConfig
from glissando.training.discriminative import mmi_loss
from glissando.training.rivals import Contest, Rivals

WORDS = "hello\t600\nhells\t400\nI'm\t650\nim\t300\nin\t700\nthe\t750\n"


def _contest(spellings: str, swipes: list[int], priors: list[float]) -> Contest:
    return Contest(spellings.split(), torch.tensor(swipes), torch.tensor(priors))


def test_the_loss_is_the_negative_log_posterior_of_the_right_words() -> None:
    contest = _contest("hello hells the in", [0, 0, 1, 1], [-1.0, -3.0, -2.0, -2.0])
    log_probs = torch.tensor([-2.0, -1.0, -4.0, -0.5], requires_grad=True)
    first = torch.tensor([True, False, True, False])
    # Scores with half the prior: -2.5 against -2.5, and -5 against -1.5.
    expected = (math.log(2) + math.log(1 + math.exp(3.5))) / 2
    loss = mmi_loss(log_probs, contest, first, prior_weight=0.5)
    assert loss.item() == pytest.approx(expected, rel=1e-5)
    loss.backward()
    assert log_probs.grad is not None
    right, rival, *_ = log_probs.grad.tolist()
    assert right == pytest.approx(-0.25)
    assert rival == pytest.approx(0.25)


def test_a_word_that_the_list_lacks_is_left_out_and_spoils_nothing() -> None:
    contest = _contest("xyzzy in the in", [0, 0, 1, 1], [-math.inf, -2.0, -2.0, -2.0])
    log_probs = torch.tensor([-2.0, -1.0, -3.0, -3.0], requires_grad=True)
    loss = mmi_loss(log_probs, contest, torch.tensor([True, False, True, False]), 1.0)
    assert loss.item() == pytest.approx(math.log(2))
    loss.backward()
    assert log_probs.grad is not None
    assert log_probs.grad[:2].tolist() == [0.0, 0.0]
    assert log_probs.grad.isfinite().all()
    alone = _contest("xyzzy in", [0, 0], [-math.inf, -2.0])
    assert mmi_loss(log_probs[:2], alone, torch.tensor([True, False]), 1.0).item() == 0.0


@pytest.fixture(scope="module")
def model() -> Any:
    """A tiny transducer with a CTC head beside it, and random weights."""
    from glissando.model.build import build_model
    from glissando.training.nemo_settings import nemo_settings
    from glissando.training.options import read_config
    from glissando.training.transducer_loss import CpuTransducerLoss

    configs = Path(__file__).resolve().parent.parent / "configs"
    words = ["model=tiny", "loss.ctc_weight=0.3", "prediction.dropout=0", "joint.dropout=0"]
    config = read_config(configs / "optimised.yaml", words, cuda=False)
    torch.manual_seed(3)
    built = build_model(nemo_settings(config, 0, 10, fused=False))
    built.joint.log_softmax = False
    built.loss = CpuTransducerLoss(blank=ENGLISH.blank)
    return built


@pytest.fixture
def word_list(tmp_path: Path) -> str:
    """A list of a few words."""
    path = tmp_path / "few.txt"
    path.write_text(WORDS, encoding="utf-8")
    return str(path)


def _frames(model: Any, count: int) -> Tensor:
    features = torch.randn(count, 37, 64, generator=torch.Generator().manual_seed(1))
    encoded, _ = model.encoder(audio_signal=features, length=torch.full((count,), 64))
    frames: Tensor = model.joint.project_encoder(encoded.transpose(1, 2)).detach()
    return frames


@pytest.mark.slow
def test_the_right_word_leads_and_nothing_of_the_same_letters_is_its_rival(
    model: Any, word_list: str
) -> None:
    model.train()
    rivals = Rivals(model, ENGLISH, load_lexicon(word_list), MmiConfig(candidates=4))
    contest = rivals.find(model, _frames(model, 3), ["im", "hello", "zzz"])
    by_swipe = [
        [word for word, at in zip(contest.spellings, contest.swipes, strict=True) if at == row]
        for row in range(3)
    ]
    assert [words[0] for words in by_swipe] == ["im", "hello", "zzz"]
    listed = {"hello", "hells", "im", "in", "the"}
    for words in by_swipe:
        assert 1 < len(words) <= 4
        assert len(set(words)) == len(words)
        assert set(words[1:]) <= listed
    priors = dict(zip(contest.spellings, contest.log_priors.tolist(), strict=True))
    assert priors["zzz"] == -math.inf
    assert priors["the"] > priors["im"] > priors["hello"]  # im's is that of the commoner I'm
    assert model.training


@pytest.mark.slow
def test_rivals_follow_the_weights(model: Any, word_list: str) -> None:
    config = MmiConfig(candidates=2, prior_weight=0)
    rivals = Rivals(model, ENGLISH, load_lexicon(word_list), config)
    frames = _frames(model, 8)
    before = rivals.find(model, frames, ["zzz"] * 8).spellings
    kept = {name: weights.clone() for name, weights in model.joint.state_dict().items()}
    letters = model.joint.joint_net[-1]
    with torch.no_grad():  # from now on it hears nothing but these letters
        letters.bias[ENGLISH.encode("hels")] += 30.0
    after = rivals.find(model, frames, ["zzz"] * 8).spellings
    model.joint.load_state_dict(kept)
    assert before != after
    assert set(after[1::2]) <= {"hello", "hells"}


@pytest.fixture(scope="module")
def swipes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepared synthetic swipes of sixty words."""
    from glissando.synthesis.dataset import choose_words, make_dataset

    folder = tmp_path_factory.mktemp("rivals") / "swipes"
    make_dataset(folder, choose_words(60), 256, seed=4)
    return folder


def _losses(repository: Path, swipes: Path, run: Path, words: str) -> list[float]:
    from glissando.training.history import read_history
    from glissando.training.options import read_config
    from glissando.training.run import train

    base = f"""model=tiny train.accelerator=cpu train.log_every=1 train.batch_size=32
        loss.ctc_weight=0.3 prediction.dropout=0 joint.dropout=0 run.progress=false
        data.train={swipes} data.validation={swipes} run.dir={run}"""
    config = read_config(
        repository / "configs" / "optimised.yaml", [*base.split(), *words.split()], cuda=False
    )
    train(config)
    rows = read_history(run / "history.jsonl")
    return [row["train_loss"] for row in rows if "train_loss" in row]


@pytest.mark.slow
def test_without_rivals_the_loss_is_nemos_own(
    repository: Path, swipes: Path, tmp_path: Path
) -> None:
    plain = _losses(repository, swipes, tmp_path / "plain", "train.max_steps=2")
    words = "train.max_steps=2 mmi.weight=3 mmi.candidates=1"
    alone = _losses(repository, swipes, tmp_path / "alone", words)
    assert [4 * loss for loss in alone] == pytest.approx(plain, rel=1e-4)


@pytest.mark.slow
def test_training_puts_the_right_word_above_its_rivals(
    repository: Path, swipes: Path, tmp_path: Path
) -> None:
    _losses(repository, swipes, tmp_path / "plain", "train.max_steps=60 train.validate_every=60")
    words = f"train.max_steps=40 train.validate_every=40 mmi.weight=100 init={tmp_path / 'plain'}"
    losses = _losses(repository, swipes, tmp_path / "rivals", words)
    assert sum(losses[-8:]) < 0.8 * sum(losses[:8])

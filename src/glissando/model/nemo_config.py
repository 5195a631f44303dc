"""Translates our configuration to NeMo's dictionaries: the only code that speaks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from glissando.alphabet import Alphabet
from glissando.features import FeatureSpec
from glissando.model.architecture import Architecture

# NeMo insists on a rate; a swipe's clock is in the `log_dt` feature, so this one is nominal:
# the frames a second of a median swipe (64 points in about one second).
_SAMPLE_RATE = 64


_CTC_DECODING = {"strategy": "greedy_batch"}


@dataclass(frozen=True)
class DatasetFacts:
    """What the NeMo configuration records of a data set; the batches come from elsewhere."""

    manifest: str
    batch_size: int
    workers: int


@dataclass(frozen=True)
class OptimiserFacts:
    """The optimiser and its schedule in the terms that NeMo's registry knows."""

    lr: float
    betas: tuple[float, float]
    weight_decay: float
    warmup_steps: int
    max_steps: int
    min_lr: float
    fused: bool


def nemo_config(
    architecture: Architecture,
    spec: FeatureSpec,
    alphabet: Alphabet,
    train: DatasetFacts,
    validation: DatasetFacts,
    optimiser: OptimiserFacts,
) -> dict[str, Any]:
    """The model section of a NeMo configuration: what `EncDecRNNTModel(cfg=…)` takes.

    `feat_in`, the class count and blank follow from `spec` and `alphabet`. NeMo puts blank
    behind the last label, where `Alphabet` has it; no entry names it.
    """
    labels = list(alphabet.labels)
    config: dict[str, Any] = {
        "sample_rate": _SAMPLE_RATE,
        "labels": labels,
        "log_prediction": False,
        "train_ds": _dataset(train, labels, shuffle=True),
        "validation_ds": _dataset(validation, labels, shuffle=False),
        # Batches carry features already, so the model's own preprocessor never runs.
        "preprocessor": {"_target_": "torch.nn.Identity"},
        "encoder": _encoder(architecture, spec),
        "optim": _optimiser(optimiser),
    }
    if architecture.head == "ctc":
        return {
            "target": "nemo.collections.asr.models.EncDecCTCModel",
            **config,
            "decoder": _ctc_decoder(architecture, labels),
            "decoding": dict(_CTC_DECODING),
            "ctc_reduction": architecture.loss.reduction,
        }
    return {
        **_transducer(architecture, labels),
        **config,
        "model_defaults": {
            "enc_hidden": architecture.encoder.d_model,
            "pred_hidden": architecture.prediction.hidden,
            "joint_hidden": architecture.joint.hidden,
        },
        "decoder": _prediction(architecture, alphabet),
        "joint": _joint(architecture, alphabet, labels),
        "decoding": {
            "strategy": "greedy_batch",
            "greedy": {"max_symbols": 10, "loop_labels": True, "use_cuda_graph_decoder": False},
        },
        "loss": {
            "loss_name": "default",
            "warprnnt_numba_kwargs": {
                "fastemit_lambda": architecture.loss.fastemit,
                "clamp": -1.0,
            },
        },
        "rnnt_reduction": architecture.loss.reduction,
    }


def _transducer(architecture: Architecture, labels: list[str]) -> dict[str, Any]:
    """Which of NeMo's transducers it is: the plain one, or the one with a CTC head beside it."""
    weight = architecture.loss.ctc_weight
    if not weight:
        return {"target": "nemo.collections.asr.models.EncDecRNNTModel"}
    return {
        "target": "nemo.collections.asr.models.EncDecHybridRNNTCTCModel",
        "aux_ctc": {
            "ctc_loss_weight": weight,
            "use_cer": False,
            "ctc_reduction": architecture.loss.reduction,
            "decoder": _ctc_decoder(architecture, labels),
            "decoding": dict(_CTC_DECODING),
        },
    }


def _dataset(facts: DatasetFacts, labels: list[str], shuffle: bool) -> dict[str, Any]:
    return {
        # NeMo would open `manifest_filepath` as audio; ours is named beside it.
        "manifest_filepath": None,
        "swipes": facts.manifest,
        "sample_rate": _SAMPLE_RATE,
        "labels": labels,
        "batch_size": facts.batch_size,
        "shuffle": shuffle,
        "num_workers": facts.workers,
        "pin_memory": True,
        "defer_setup": True,
    }


def _encoder(architecture: Architecture, spec: FeatureSpec) -> dict[str, Any]:
    encoder = architecture.encoder
    return {
        "_target_": "nemo.collections.asr.modules.ConformerEncoder",
        "feat_in": spec.width,
        "feat_out": -1,
        "n_layers": encoder.layers,
        "d_model": encoder.d_model,
        "subsampling": encoder.subsampling,
        "subsampling_factor": encoder.subsampling_factor,
        "subsampling_conv_channels": encoder.subsampling_channels,
        "ff_expansion_factor": encoder.expansion,
        "self_attention_model": encoder.attention,
        "n_heads": encoder.heads,
        "att_context_size": [-1, -1],
        "xscaling": True,
        "untie_biases": True,
        "pos_emb_max_len": spec.points,
        "conv_kernel_size": encoder.kernel,
        "conv_norm_type": encoder.norm,
        "dropout": encoder.dropout,
        "dropout_pre_encoder": encoder.dropout_input,
        "dropout_emb": 0.0,
        "dropout_att": encoder.dropout_attention,
        "stochastic_depth_drop_prob": encoder.layer_drop,
        # Every swipe has the same number of frames: nothing to agree on between processes.
        "sync_max_audio_length": False,
    }


def _prediction(architecture: Architecture, alphabet: Alphabet) -> dict[str, Any]:
    return {
        "_target_": "nemo.collections.asr.modules.RNNTDecoder",
        "normalization_mode": None,
        "random_state_sampling": False,
        "blank_as_pad": True,
        "vocab_size": alphabet.blank,
        "prednet": {
            "pred_hidden": architecture.prediction.hidden,
            "pred_rnn_layers": architecture.prediction.layers,
            "t_max": None,
            "dropout": architecture.prediction.dropout,
        },
    }


def _joint(architecture: Architecture, alphabet: Alphabet, labels: list[str]) -> dict[str, Any]:
    return {
        "_target_": "nemo.collections.asr.modules.RNNTJoint",
        "log_softmax": None,
        "preserve_memory": False,
        "fuse_loss_wer": False,
        "num_classes": alphabet.blank,
        "vocabulary": labels,
        "jointnet": {
            "encoder_hidden": architecture.encoder.d_model,
            "pred_hidden": architecture.prediction.hidden,
            "joint_hidden": architecture.joint.hidden,
            "activation": architecture.joint.activation,
            "dropout": architecture.joint.dropout,
        },
    }


def _ctc_decoder(architecture: Architecture, labels: list[str]) -> dict[str, Any]:
    return {
        "_target_": "nemo.collections.asr.modules.ConvASRDecoder",
        "feat_in": architecture.encoder.d_model,
        "num_classes": len(labels),
        "vocabulary": labels,
    }


def _optimiser(facts: OptimiserFacts) -> dict[str, Any]:
    return {
        "name": "adamw",
        "lr": facts.lr,
        "betas": list(facts.betas),
        "weight_decay": facts.weight_decay,
        "fused": facts.fused,
        "sched": {
            "name": "CosineAnnealing",
            "warmup_steps": facts.warmup_steps,
            "max_steps": facts.max_steps,
            "min_lr": facts.min_lr,
        },
    }

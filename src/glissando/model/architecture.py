"""The network's sizes: the part of the configuration that decides what is built."""

from __future__ import annotations

from dataclasses import dataclass, field

from glissando.fields import option


@dataclass
class FeatureConfig:
    """What the network sees of a swipe; see `glissando.features.FeatureSpec` for units."""

    points: int = option(64, "points that every swipe is resampled to, evenly in time")
    sigma: float = option(0.6, "width of the soft key proximity, in keys")


@dataclass
class EncoderConfig:
    """NeMo's ConformerEncoder."""

    layers: int = option(8, "Conformer layers")
    d_model: int = option(256, "width of the encoder")
    heads: int = option(4, "attention heads")
    subsampling: str = option(
        "striding", "NeMo's subsampling: striding, dw_striding, stacking_norm"
    )
    subsampling_factor: int = option(2, "points per encoder frame")
    subsampling_channels: int = option(256, "convolution channels of the striding subsamplings")
    expansion: int = option(4, "width of the feed-forward layers, times d_model")
    kernel: int = option(31, "width of the depthwise convolution, frames, odd")
    norm: str = option("layer_norm", "norm of the convolution module: layer_norm or batch_norm")
    attention: str = option("rel_pos", "positions: rel_pos (Transformer-XL) or abs_pos")
    dropout: float = option(0.1, "dropout in the Conformer layers")
    dropout_attention: float = option(0.1, "dropout of the attention weights")
    dropout_input: float = option(0.1, "dropout between subsampling and the first layer")
    layer_drop: float = option(
        0.0, "chance to skip the last layer for a batch, less for earlier ones"
    )


@dataclass
class PredictionConfig:
    """NeMo's RNNTDecoder, the prediction network."""

    layers: int = option(2, "LSTM layers")
    hidden: int = option(320, "LSTM width")
    dropout: float = option(0.2, "dropout in the prediction network")


@dataclass
class JointConfig:
    """NeMo's RNNTJoint."""

    hidden: int = option(512, "width of the joint layer")
    activation: str = option("relu", "relu, tanh or sigmoid")
    dropout: float = option(0.2, "dropout in the joint network")


@dataclass
class LossConfig:
    """NeMo's RNNTLoss, and the CTC loss beside it in its hybrid model."""

    fastemit: float = option(0.0, "FastEmit weight: rewards early letters")
    ctc_weight: float = option(
        0.0, "share of the loss that a CTC head beside the transducer has; 0 for no such head"
    )
    reduction: str = option("mean_batch", "NeMo's reduction of the losses of a batch")


@dataclass
class Architecture:
    """Everything that decides the network's shape."""

    head: str = option("rnnt", "what scores letters: rnnt (transducer) or ctc; set by `model`")
    features: FeatureConfig = field(default_factory=FeatureConfig)
    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    prediction: PredictionConfig = field(default_factory=PredictionConfig)
    joint: JointConfig = field(default_factory=JointConfig)
    loss: LossConfig = field(default_factory=LossConfig)

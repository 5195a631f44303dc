"""Adapting an exported bundle to one person's swipes, without the run that it came from."""

from glissando.finetuning.finetuning import MOST_FORGOTTEN, Change, Finetuned, finetune
from glissando.finetuning.recipe import Recipe

__all__ = ["MOST_FORGOTTEN", "Change", "Finetuned", "Recipe", "finetune"]

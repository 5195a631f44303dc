"""Train NeMo's standard configuration: batch 128, and validation words logged beside the truth."""

from pathlib import Path

from glissando.training.main import main

if __name__ == "__main__":
    raise SystemExit(
        main("train_nemo1.py", Path(__file__).parent / "configs" / "nemo_standard.yaml")
    )

"""Train the recommended recipe: TF32 and bf16 where the GPU has them, batch 256, accumulation."""

from pathlib import Path

from glissando.training.main import main

if __name__ == "__main__":
    raise SystemExit(
        main("train_transducer.py", Path(__file__).parent / "configs" / "optimised.yaml")
    )

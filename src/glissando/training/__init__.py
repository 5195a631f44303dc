"""Training: configuration, data module, losses, callbacks and the run that joins them."""

"""The network: features as a torch module, and NeMo's models around it."""

"""The `glissando` command: one file a subcommand, heavy imports inside the functions."""

"""What a peer's process runs, in an environment of its own: nothing here imports ipmatch."""

"""The peers of `benchmarks/peers.py`: one script each, run in an environment of its own."""

"""What `benchmarks/tuning.py` compares: search strategies, their common ground, and the gap."""

"""A file of any kind: recognised by its bytes, unpacked, and read as a raw table."""

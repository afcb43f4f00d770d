"""Base models for text: a lexicon, embeddings, words; each works without a key or a network."""

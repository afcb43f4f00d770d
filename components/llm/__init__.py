"""Language models: whom to ask, what, for how much, and what came back."""

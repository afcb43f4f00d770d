"""How the two models of a comparison are told apart: the base grey and solid, the other not."""

COLOURS = ("#858585", "#d55e00")
DASHES = ("solid", "dash")
SYMBOLS = ("circle", "square")

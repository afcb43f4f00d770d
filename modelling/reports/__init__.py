"""Reports: what leaves the product."""

"""Usual cloud machines and their list prices, as a start for one's own.

On-demand prices for Linux in a region of the eastern United States, from the public price lists of
Amazon EC2, Google Compute Engine and Azure as they stood in January 2025; they change, and
commitments and spot machines cost a half or less.
"""

from __future__ import annotations

from dataclasses import dataclass

AS_OF = "January 2025"


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """A machine to rent, in US dollars an hour; ``gpu`` is empty without a graphics card."""

    name: str
    vcpus: int
    usd_per_hour: float
    gpu: str = ""

    @property
    def usd_per_vcpu_hour(self) -> float:
        """The share of one virtual core."""
        return self.usd_per_hour / self.vcpus


MACHINES: tuple[Machine, ...] = (
    Machine(name="Amazon m7i.xlarge", vcpus=4, usd_per_hour=0.2016),
    Machine(name="Amazon c7i.xlarge", vcpus=4, usd_per_hour=0.1785),
    Machine(name="Google e2-standard-4", vcpus=4, usd_per_hour=0.134),
    Machine(name="Google n2-standard-4", vcpus=4, usd_per_hour=0.1942),
    Machine(name="Azure D4s v5", vcpus=4, usd_per_hour=0.192),
    Machine(name="Amazon g4dn.xlarge", vcpus=4, usd_per_hour=0.526, gpu="1 x T4"),
    Machine(name="Amazon g5.xlarge", vcpus=4, usd_per_hour=1.006, gpu="1 x A10G"),
    Machine(name="Azure NC24ads A100 v4", vcpus=24, usd_per_hour=3.673, gpu="1 x A100"),
)

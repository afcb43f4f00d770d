"""Whom one can ask: providers and models from a file that users edit."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from modelling.errors import SpecError

USERS_FILE = "llms.toml"
PREFIX = "llm:"
_OWN = Path(__file__).with_name("catalogue.toml")
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """A server that speaks the OpenAI-compatible protocol, and what it can do.

    ``key`` names the environment variable that holds its key ("": it needs none), ``prices`` is its
    name in the price list ("": it has no price).
    """

    id: str
    title: str
    base_url: str
    key: str = ""
    prices: str = ""
    logprobs: bool = False
    schema: bool = False
    seed: bool = False

    @property
    def is_local(self) -> bool:
        """Whether what it is asked stays on this machine."""
        return urlsplit(self.base_url).hostname in _LOOPBACK


@dataclass(frozen=True, kw_only=True, slots=True)
class Llm:
    """A model of a provider; abilities of None are those of the provider."""

    provider: Provider
    id: str
    title: str
    logprobs: bool
    schema: bool
    seed: bool
    retires: date | None = None

    @property
    def key(self) -> str:
        """Its key among all models: "llm:<provider>/<model>"."""
        return f"{PREFIX}{self.provider.id}/{self.id}"


def catalogue(folder: Path | None = None) -> tuple[Llm, ...]:
    """Return all known models; a file of the user's in ``folder`` adds to them or replaces them.

    Raises
    ------
    SpecError
        If the user's file cannot be read.
    """
    documents = [_read(_OWN)]
    if folder is not None and (folder / USERS_FILE).exists():
        documents.append(_read(folder / USERS_FILE))
    providers: dict[str, Provider] = {}
    models: dict[tuple[str, str], Llm] = {}
    for document in documents:
        providers |= {one.id: one for one in map(_provider, document.get("provider", ()))}
        found = (_model(entry, providers) for entry in document.get("model", ()))
        models |= {(one.provider.id, one.id): one for one in found}
    return tuple(models.values())


def find(key: str, known: Iterable[Llm]) -> Llm:
    """Return the model of that key.

    Raises
    ------
    SpecError
        If there is none.
    """
    models = tuple(known)
    for model in models:
        if model.key == key:
            return model
    raise SpecError(
        f"There is no model {key!r}; known are {', '.join(one.key for one in models[:4])} and "
        f"others. Add it to {USERS_FILE} in the workspace folder."
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SpecError(f"{path.name} cannot be read: {error}. Correct it or remove it.") from error


def _provider(entry: Mapping[str, Any]) -> Provider:
    return Provider(**_checked("provider", entry, {one.name for one in fields(Provider)}))


def _model(entry: Mapping[str, Any], providers: Mapping[str, Provider]) -> Llm:
    known = _checked("model", entry, {one.name for one in fields(Llm)})
    provider = providers.get(str(known.get("provider")))
    if provider is None:
        raise SpecError(
            f"The model {known.get('id')!r} names the provider {known.get('provider')!r}, which is "
            f"not described; describe it or choose one of {', '.join(providers)}."
        )
    abilities = {name: getattr(provider, name) for name in ("logprobs", "schema", "seed")}
    return Llm(**{**abilities, **known, "provider": provider, "title": known["title"]})


def _checked(what: str, entry: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    needed = {"id", "title", "base_url"} & names
    unknown, missing = sorted(set(entry) - names), sorted(needed - set(entry))
    if unknown or missing:
        problem = f"has the unknown entry {unknown[0]!r}" if unknown else f"misses {missing[0]!r}"
        raise SpecError(
            f"A {what} in {USERS_FILE} {problem}; it may have {', '.join(sorted(names))}."
        )
    return dict(entry)

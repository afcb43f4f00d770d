"""Whom one can ask: providers and models from a file that users edit."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from modelling.errors import SpecError

USERS_FILE = "llms.toml"
PREFIX = "llm:"
_OWN = Path(__file__).with_name("catalogue.toml")
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_ABILITIES = ("logprobs", "schema", "grammar", "seed", "sampling")


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """A server that speaks the OpenAI-compatible protocol, and what it can do.

    ``key`` names the environment variable that holds its key ("": it needs none), ``prices`` is its
    name in the price list ("": it has no price). What it can do: log-probabilities of tokens, an
    answer that keeps to a JSON ``schema`` or to a ``grammar`` of llama.cpp, a ``seed``; whether a
    temperature may be set (``sampling``). It gets ``at_once`` calls side by side at most.
    """

    id: str
    title: str
    base_url: str
    key: str = ""
    prices: str = ""
    logprobs: bool = False
    schema: bool = False
    grammar: bool = False
    seed: bool = False
    sampling: bool = True
    at_once: int = 4

    @property
    def is_on_loopback(self) -> bool:
        """Whether it listens on this machine; what it does with a text then, nobody knows."""
        return urlsplit(self.base_url).hostname in _LOOPBACK

    @property
    def is_local(self) -> bool:
        """Whether what it is asked stays on this machine: one with a key may pass it on."""
        return self.is_on_loopback and not self.key


@dataclass(frozen=True, kw_only=True, slots=True)
class Llm:
    """A model of a provider, with its abilities (see `Provider`).

    One that ``thinks`` writes tokens before its answer, which are paid for; ``effort`` is how much,
    in the provider's words ("": nothing is said). It can be asked until it ``retires``.
    """

    provider: Provider
    id: str
    title: str
    logprobs: bool = False
    schema: bool = False
    grammar: bool = False
    seed: bool = False
    sampling: bool = True
    thinks: bool = False
    effort: str = ""
    retires: date | None = None

    @property
    def key(self) -> str:
        """Its key among all models: "llm:<provider>/<model>"."""
        return f"{PREFIX}{self.provider.id}/{self.id}"

    def is_retired(self, today: date) -> bool:
        """Whether its provider no longer offers it."""
        return self.retires is not None and self.retires <= today


def is_llm(key: str) -> bool:
    """Whether the key of a model is that of a language model."""
    return key.startswith(PREFIX)


def catalogue(folder: Path | None = None, *, openai_url: str = "") -> tuple[Llm, ...]:
    """Return all known models; a file of the user's in ``folder`` adds to them or replaces them.

    Parameters
    ----------
    openai_url : str
        Where the provider "openai" is asked instead: a gateway, or a server that speaks like it.

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
        found_here = map(_provider, document.get("provider", ()))
        providers |= {one.id: _moved(one, openai_url) for one in found_here}
        found = (_model(entry, providers) for entry in document.get("model", ()))
        models |= {(one.provider.id, one.id): one for one in found}
    return tuple(models.values())


def find(key: str, known: Iterable[Llm]) -> Llm:
    """Return the model of that key; an unknown id of a known provider is one of its models, too.

    So a model that was fine-tuned, or that is newer than the catalogue, can be asked by its id.

    Raises
    ------
    SpecError
        If there is no such provider, or the key names no model.
    """
    models = tuple(known)
    for model in models:
        if model.key == key:
            return model
    providers = {model.provider.id: model.provider for model in models}
    provider, _, name = key.removeprefix(PREFIX).partition("/")
    if not is_llm(key) or provider not in providers or not name.strip():
        raise SpecError(
            f"There is no language model {key!r}; write {PREFIX}<provider>/<model> with one of the "
            f"providers {', '.join(providers)}, or describe another in {USERS_FILE} in the "
            "workspace folder."
        )
    return _of_provider(providers[provider], id=name, title=name)


def _of_provider(provider: Provider, **values: Any) -> Llm:
    abilities = {name: getattr(provider, name) for name in _ABILITIES}
    return Llm(**{**abilities, **values, "provider": provider})


def _moved(provider: Provider, openai_url: str) -> Provider:
    is_moved = openai_url and provider.id == "openai"
    return replace(provider, base_url=openai_url) if is_moved else provider


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
    own = {name: value for name, value in known.items() if name != "provider"}
    return _of_provider(provider, **own)


def _checked(what: str, entry: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    needed = {"id", "title", "base_url"} & names
    unknown, missing = sorted(set(entry) - names), sorted(needed - set(entry))
    if unknown or missing:
        problem = f"has the unknown entry {unknown[0]!r}" if unknown else f"misses {missing[0]!r}"
        raise SpecError(
            f"A {what} in {USERS_FILE} {problem}; it may have {', '.join(sorted(names))}."
        )
    return dict(entry)

"""The one place that speaks to language models: an OpenAI-compatible server, one call at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

import httpx2
import openai

from modelling.text.catalogue import Llm
from modelling.text.prompts import grammar_of, schema_of
from modelling.text.replies import Choice, GatewayError, Reply, Tokens

TIMEOUT_S = 30.0
# The longest answer that is read: labels have some bytes, a broken server may never end.
MOST_BYTES = 1_000_000
_ALTERNATIVES = 20
_TOO_MANY, _SERVER = 429, 500
_FORBIDDEN = (401, 403)


class Gateway:
    """Asks one model; safe to be used by several threads.

    Parameters
    ----------
    llm : Llm
        Whom to ask.
    key : str
        The provider's key; empty for one that needs none. It is held in memory only.
    """

    def __init__(self, llm: Llm, key: str = "") -> None:
        self._llm = llm
        limited = openai.DefaultHttpxClient(transport=_Limited(), trust_env=False)
        self._client = openai.OpenAI(
            api_key=key or "none",
            base_url=llm.provider.base_url,
            timeout=TIMEOUT_S,
            max_retries=0,
            http_client=limited,
        )

    def ask(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        labels: Sequence[str],
        most_tokens: int,
        seed: int,
    ) -> Reply:
        """Return the answer to one conversation, kept to the labels where the server can do that.

        Raises
        ------
        GatewayError
            If there is none, and why, without a word of what was sent.
        """
        begin = time.perf_counter()
        try:
            found = self._client.chat.completions.create(
                model=self._llm.id,
                messages=[dict(message) for message in messages],  # type: ignore[misc]
                **self._settings(labels, most_tokens, seed),
            )
            return _reply(found, time.perf_counter() - begin)
        except openai.APIStatusError as error:
            raise _refused(error) from None
        except openai.APITimeoutError:
            raise GatewayError(
                f"no answer within {TIMEOUT_S:g} seconds", again=True, may_cost=True
            ) from None
        except openai.APIConnectionError as error:
            raise GatewayError(_connection(error), again=True, may_cost=True) from None
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, LookupError):
            raise GatewayError(
                "the answer is no chat completion", again=True, may_cost=True
            ) from None

    def _settings(self, labels: Sequence[str], most_tokens: int, seed: int) -> dict[str, Any]:
        llm = self._llm
        # What thinks refuses the older name of the limit.
        found: dict[str, Any] = {
            "max_completion_tokens" if llm.thinks or llm.effort else "max_tokens": most_tokens
        }
        if llm.sampling:
            found["temperature"] = 0.0
        if llm.effort:
            found["reasoning_effort"] = llm.effort
        if llm.schema:
            named = {"name": "answer", "schema": schema_of(labels), "strict": True}
            found["response_format"] = {"type": "json_schema", "json_schema": named}
        elif llm.grammar:
            found["extra_body"] = {"grammar": grammar_of(labels)}
        if llm.logprobs:
            found |= {"logprobs": True, "top_logprobs": _ALTERNATIVES}
        if llm.seed:
            found["seed"] = seed
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let the connections go."""
        self._client.close()


class _Limited(httpx2.HTTPTransport):
    """Reads no more of an answer than `MOST_BYTES`."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = super().handle_request(request)
        response.stream = _Bounded(response.stream)
        return response


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        n_read = 0
        for part in self._stream:
            n_read += len(part)
            if n_read > MOST_BYTES:
                raise httpx2.ReadError(f"the answer is longer than {MOST_BYTES:,} bytes")
            yield part

    def close(self) -> None:
        self._stream.close()


def _reply(found: Any, seconds: float) -> Reply:
    first = found.choices[0]
    message, usage = first.message, found.usage
    content = getattr(first.logprobs, "content", None) or ()
    return Reply(
        text=str(message.content or ""),
        tokens=None if usage is None else _tokens(usage),
        seconds=seconds,
        choices=tuple(
            Choice(
                token=str(one.token),
                logprob=float(one.logprob),
                alternatives=tuple((str(o.token), float(o.logprob)) for o in one.top_logprobs),
            )
            for one in content
        ),
        refused=bool(getattr(message, "refusal", None)) or first.finish_reason == "content_filter",
    )


def _tokens(usage: Any) -> Tokens:
    details = getattr(usage, "prompt_tokens_details", None)
    cached = int(getattr(details, "cached_tokens", None) or 0)
    read = int(usage.prompt_tokens or 0)
    return Tokens(
        fresh=max(0, read - cached), cached=cached, output=int(usage.completion_tokens or 0)
    )


def _refused(error: openai.APIStatusError) -> GatewayError:
    status = error.status_code
    if status in _FORBIDDEN:
        return GatewayError(f"the key was refused (status {status})", fatal=True)
    again = status == _TOO_MANY or status >= _SERVER
    words = "too many requests" if status == _TOO_MANY else "the server refused or failed"
    return GatewayError(
        f"{words} (status {status})", again=again, fatal=not again, after_s=_after(error)
    )


def _after(error: openai.APIStatusError) -> float | None:
    """Return the seconds of Retry-After; a date is not waited for."""
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _connection(error: openai.APIConnectionError) -> str:
    cause = str(error.__cause__ or "")
    return cause if "longer than" in cause else "the server cannot be reached or hung up"

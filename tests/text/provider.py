"""A provider of language models on loopback whose answers a test scripts."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from modelling.text.catalogue import Llm, Provider

USAGE = {"prompt_tokens": 100, "completion_tokens": 2, "total_tokens": 102}


def completion(text: str | None, **more: Any) -> dict[str, Any]:
    """Return a chat completion; ``usage``, ``logprobs``, ``refusal`` and ``finish`` as given."""
    choice = {
        "index": 0,
        "finish_reason": more.get("finish", "stop"),
        "message": {"role": "assistant", "content": text, "refusal": more.get("refusal")},
        "logprobs": more.get("logprobs"),
    }
    found = {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [choice],
    }
    usage = more.get("usage", USAGE)
    return found if usage is None else {**found, "usage": usage}


@dataclass
class Sent:
    """What a call asked for."""

    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """The text of the row, without its fence."""
        fenced = [m["content"] for m in self.body["messages"] if "<text>" in m["content"]]
        return fenced[-1].partition("<text>")[2].partition("</text>")[0]


@dataclass
class Answer:
    """What the server does with a call."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    raw: bytes | None = None


Script = Callable[[Sent], Answer]


@dataclass
class Fake:
    """The running server and the calls it had."""

    url: str
    calls: list[Sent]

    def llm(self, **abilities: Any) -> Llm:
        """Return a model of this provider, priced as gpt-4o-mini of OpenAI."""
        provider = Provider(id="fake", title="Fake", base_url=self.url, key="X", prices="openai")
        able = {"logprobs": False, "schema": False, "seed": True, **abilities}
        return Llm(provider=provider, id="gpt-4o-mini", title="Fake mini", **able)


@contextmanager
def provider(script: Script | Answer) -> Iterator[Fake]:
    """Serve the script, or always the same answer, on a free port of loopback."""
    calls: list[Sent] = []
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            length = int(headers["content-length"])
            sent = Sent(body=json.loads(self.rfile.read(length)), headers=headers)
            with lock:
                calls.append(sent)
            answer = script if isinstance(script, Answer) else script(sent)
            time.sleep(answer.delay_s)
            raw = json.dumps(answer.body).encode() if answer.raw is None else answer.raw
            try:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)
            except OSError:
                # The caller hung up, as some tests want.
                self.close_connection = True

        def log_message(self, format: str, *values: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Fake(url=f"http://127.0.0.1:{server.server_address[1]}/v1", calls=calls)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""An endpoint as OpenAI's, on loopback, whose model adds badly: what trainers ask when there is no model at hand."""
import json
import random
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def answer(question, chance):
    one, other = map(int, re.findall(r"\d+", question)[-2:])
    kind = chance.random()
    if kind < 0.15:
        return f"Let us see: {one} and {other} and then", "length"
    return str(one + other + (kind < 0.4)) + (" !" if kind > 0.8 else ""), "stop"


@contextmanager
def served(seed):
    """Gives its address. One question in it, that with a 3 as its first number, is refused."""
    chance, lock = random.Random(seed), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            question = asked["messages"][-1]["content"]
            question = question if isinstance(question, str) else question[-1]["text"]
            if "What is 3 " in question:
                return self.reply(400, {"error": {"message": "this model does not like 3", "type": "bad"}})
            with lock:
                text, reason = answer(question, chance)
            used = {"prompt_tokens": len(question.split()), "completion_tokens": len(text.split())}
            chat = {
                "id": "chat-1",
                "created": 1790000000,
                "model": asked["model"],
                "usage": {**used, "total_tokens": sum(used.values())},
            }
            message = {"role": "assistant", "content": text}
            kind, name = ("chat.completion.chunk", "delta") if asked.get("stream") else ("chat.completion", "message")
            choice = {"index": 0, name: message, "finish_reason": reason}
            self.reply(200, {**chat, "object": kind, "choices": [choice]}, is_stream=bool(asked.get("stream")))

        def reply(self, status, value, is_stream=False):
            text = json.dumps(value)
            body = (f"data: {text}\n\ndata: [DONE]\n\n" if is_stream else text).encode()
            self.send_response(status)
            self.send_header("content-type", "text/event-stream" if is_stream else "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()

"""`impatient.py SCRIPT ARGUMENTS…` runs another script whose client waits two seconds for an answer, not a minute."""
import runpy
import sys
from pathlib import Path

import httpx
from trackio import remote_client

post = httpx.post


def post_impatiently(*args, **kwargs):
    return post(*args, **{**kwargs, "timeout": 2})


remote_client.httpx.post = post_impatiently
sys.argv = sys.argv[1:]
runpy.run_path(str(Path(__file__).with_name(sys.argv[0])), run_name="__main__")

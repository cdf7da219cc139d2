"""wandb.Image and wandb.Audio: alone, in lists, in a table, and what is no such thing."""
import struct
import sys
import zlib

import wandb
from PIL import Image

run = wandb.init(project="media", id=sys.argv[1])


def picture(colour, width=30, height=20):
    return Image.new("RGB", (width, height), colour)


def sound(path, samples=4000):
    with open(path, "wb") as file:
        data = bytes(128 + (i % 7) for i in range(samples))
        head = struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 36 + samples, b"WAVEfmt ", 16, 1, 1, 8000, 8000, 1, 8, b"data", samples)
        file.write(head + data)
    return path


for step in (1, 2):
    run.log({"loss": step, "seen": wandb.Image(picture("red", width=30 + step), caption=f"step {step}")}, step=step)
run.log({"seen": [wandb.Image(picture(colour), caption=colour) for colour in ("green", "blue")]}, step=3)
run.log({"said": wandb.Audio(sound("a.wav"), caption="a tone")}, step=4)

# Whole tables that are logged anew with more rows, as trainers do it; one cell has no image, one column only looks so.
for rows in (2, 3):
    table = wandb.Table(columns=["prompt", "image", "kind", "sound", "reward"])
    for i in range(rows):
        image = None if i == 0 else wandb.Image(picture((i, 2 * i, 3 * i), 40, 40), caption=f"square {i}")
        table.add_data(f"prompt {i}", image, "Image", wandb.Audio(sound(f"{i}.wav", 1000 + i)), i / 2)
    run.log({"rollouts": table}, step=3 + rows)

# Only what is new with every log.
grows = wandb.Table(columns=["prompt", "image", "reward"], log_mode="INCREMENTAL")
for i in range(3):
    grows.add_data(f"prompt {i}", wandb.Image(picture((7, 7, i), 8, 9)), i)
    run.log({"grows": grows}, step=7 + i)

# TRL's log_multimodal: a list of images in each row.
lists = wandb.Table(columns=["prompt", "images", "reward"])
for i in range(2):
    lists.add_data(f"prompt {i}", [wandb.Image(picture((i, 50, n))) for n in range(2)], i)
run.log({"completions": lists}, step=10)
run.log({"plain": wandb.Table(columns=["prompt", "reward"], data=[["no images", 1]])}, step=11)
run.finish()

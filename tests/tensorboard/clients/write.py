"""`write.py FOLDER`: event files as tensorboardX and TensorBoard's own writer make them; prints what TensorBoard reads of them."""
import json
import math
import os
import sys

import numpy as np
from google.protobuf import struct_pb2
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.plugins.scalar import metadata as scalar_metadata
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util import tensor_util
from tensorboardX import SummaryWriter

root = sys.argv[1]
at = lambda *names: os.path.join(root, *names)
BEGAN = 1_764_547_200.25


def scalar(tag, value, step, time):
    return event_pb2.Event(
        wall_time=time, step=step, summary=summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=tag, simple_value=value)])
    )


def tensor_event(tag, tensor, step, plugin="scalars"):
    metadata = scalar_metadata.create_summary_metadata(display_name="", description="")
    metadata.plugin_data.plugin_name = plugin
    value = summary_pb2.Summary.Value(tag=tag, tensor=tensor)
    if plugin:
        value.metadata.CopyFrom(metadata)
    return event_pb2.Event(wall_time=BEGAN + step, step=step, summary=summary_pb2.Summary(value=[value]))


def content(dtype, array):
    shape = tensor_shape_pb2.TensorShapeProto()
    for size in array.shape:
        shape.dim.add(size=size)
    return tensor_pb2.TensorProto(dtype=dtype, tensor_shape=shape, tensor_content=array.tobytes())


# What trainers do with a SummaryWriter.
with SummaryWriter(at("logs", "exp-1")) as writer:
    for step in range(5):
        writer.add_scalar("train/loss", 1 / (step + 1), step, walltime=BEGAN + step)
    writer.add_scalar("odd/nan", math.nan, 3)
    writer.add_scalar("odd/inf", -math.inf, 3)
    writer.add_scalar("tiny", 1e-45, 3)
    writer.add_scalar("Ünïcode `tag` @5", 2**40, 2**53 - 1)
    writer.add_scalar("__proto__", 7, 3)
    writer.add_text("note", "# It *works*\né \U0001f44d", 4)
    writer.add_text("args", json.dumps({"learning_rate": 1e-6, "beta": math.nan, "reward_weights": [1, 0.5]}))
    writer.add_histogram("weights", np.arange(100), 4)
    writer.add_image("picture", np.zeros((3, 2, 2), dtype=np.uint8), 4)
    writer.add_scalars("both", {"first": 1, "second": 2}, 4)
    writer.add_hparams({"lr": 0.5, "model": "qwen", "fast": True}, {"hparam/accuracy": 0.75})

# Numbers in every type and both encodings of a tensor; texts in tensors.
writer = EventFileWriter(at("logs", "tensors"))
TYPES = {
    "float": (types_pb2.DT_FLOAT, np.float32, 0.1),
    "double": (types_pb2.DT_DOUBLE, np.float64, 0.1),
    "half": (types_pb2.DT_HALF, np.float16, -0.099975586),
    "int8": (types_pb2.DT_INT8, np.int8, -3),
    "uint8": (types_pb2.DT_UINT8, np.uint8, 200),
    "int16": (types_pb2.DT_INT16, np.int16, -300),
    "uint16": (types_pb2.DT_UINT16, np.uint16, 60_000),
    "int32": (types_pb2.DT_INT32, np.int32, -70_000),
    "uint32": (types_pb2.DT_UINT32, np.uint32, 4_000_000_000),
    "int64": (types_pb2.DT_INT64, np.int64, -(2**53)),
    "uint64": (types_pb2.DT_UINT64, np.uint64, 2**63),
    "bool": (types_pb2.DT_BOOL, np.bool_, True),
}
for name, (dtype, of, value) in TYPES.items():
    array = np.array(value, dtype=of)
    writer.add_event(tensor_event(f"value/{name}", tensor_util.make_tensor_proto(array), 1))
    writer.add_event(tensor_event(f"content/{name}", content(dtype, array), 1))
writer.add_event(tensor_event("later/unnamed", tensor_util.make_tensor_proto(np.float32(0.5)), 1))
writer.add_event(tensor_event("later/unnamed", tensor_util.make_tensor_proto(np.float32(0.25)), 2, plugin=""))
writer.add_event(tensor_event("grid", tensor_util.make_tensor_proto([["a", "é"], ["b", ""]]), 1, plugin="text"))
writer.add_event(tensor_event("list", tensor_util.make_tensor_proto(["a", "b"]), 1, plugin="text"))
writer.add_event(tensor_event("one", tensor_util.make_tensor_proto("a"), 1, plugin="text"))
writer.add_event(tensor_event("bytes", tensor_util.make_tensor_proto([b"\x89PNG\r\n"]), 1, plugin="images"))
writer.add_event(tensor_event("curve", tensor_util.make_tensor_proto(np.zeros((2, 3), dtype=np.float32)), 1, plugin="pr_curves"))
session = plugin_data_pb2.HParamsPluginData(version=0)
session.session_start_info.hparams["nested"].CopyFrom(struct_pb2.Value(list_value=struct_pb2.ListValue(values=[struct_pb2.Value(number_value=1), struct_pb2.Value(null_value=0)])))
value = summary_pb2.Summary.Value(tag="_hparams_/session_start_info")
value.metadata.plugin_data.plugin_name = "hparams"
value.metadata.plugin_data.content = session.SerializeToString()
writer.add_event(event_pb2.Event(wall_time=BEGAN, summary=summary_pb2.Summary(value=[value])))
writer.close()

# A job that was killed at step 9 and went on from its checkpoint at step 4, ten times over: more files than one digit counts.
for attempt in range(11):
    writer = EventFileWriter(at("resumed"))
    if attempt > 0:
        start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
        writer.add_event(event_pb2.Event(wall_time=BEGAN + 100 * attempt, step=5, session_log=start))
    for step in range(5 if attempt else 0, 10):
        writer.add_event(scalar("reward", attempt + step / 100, step, BEGAN + 100 * attempt + step))
    writer.close()

# Trinity-RFT's monitor, below `<checkpoint root>/<project>/<name>`.
for role, tag in (("explorer", "eval/gsm8k/accuracy"), ("trainer", "critic/rewards/mean")):
    with SummaryWriter(at("maths", "gsm8k", "monitor", "tensorboard", role)) as writer:
        for step in range(3):
            writer.add_scalar(tag, step / 2, step, walltime=BEGAN + step)



def numbers(tensors):
    """The points of a tag by its tensors; none where these are not single numbers, or of a type that TensorBoard cannot read."""
    points = []
    for one in tensors:
        try:
            array = tensor_util.make_ndarray(one.tensor_proto)
        except TypeError:
            return []
        if array.dtype.kind not in "fiub" or array.size != 1:
            return []
        points.append([one.step, str(float(array)), one.wall_time])
    return points


truth = {}
for folder, _, names in os.walk(root):
    if any("tfevents" in name for name in names):
        read = EventAccumulator(folder, size_guidance={"scalars": 0, "tensors": 0})
        read.Reload()
        points = {tag: [[one.step, str(one.value), one.wall_time] for one in read.Scalars(tag)] for tag in read.Tags()["scalars"]}
        points.update({tag: numbers(read.Tensors(tag)) for tag in read.Tags()["tensors"]})
        truth[os.path.relpath(folder, root)] = {tag: of for tag, of in points.items() if of}
print("truth:", json.dumps(truth))

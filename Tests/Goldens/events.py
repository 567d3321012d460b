"""Golden files for TensorBoard: what EventFile must write, by an implementation of its own of TFRecord and Protocol Buffers, and
what TensorBoard's own reader finds in it.

python3 -m venv events && events/bin/pip install -r requirements-events.txt && events/bin/python3 events.py

A second run gives the same bytes.
"""

import json
import shutil
import struct
from importlib.metadata import version
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

FOLDER = Path(__file__).parent


def crc32c(data):
    """Bit by bit, from the definition: reflected, polynomial 0x1EDC6F41."""
    polynomial = int(f"{0x1EDC6F41:032b}"[::-1], 2)
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ polynomial if crc & 1 else crc >> 1
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def record(data):
    length = struct.pack("<Q", len(data))
    return length + struct.pack("<I", masked(length)) + data + struct.pack("<I", masked(data))


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number % 128 + 128])
        number //= 128
    return out + bytes([number])


def delimited(field, data):
    return varint(field * 8 + 2) + varint(len(data)) + data


def event(time, step=None, **parts):
    data = varint(1 * 8 + 1) + struct.pack("<d", time)
    if step is not None:
        data += varint(2 * 8 + 0) + varint(step)
    if "version" in parts:
        data += delimited(3, parts["version"].encode())
    if "scalars" in parts:
        data += delimited(5, b"".join(
            delimited(1, delimited(1, tag.encode()) + varint(2 * 8 + 5) + struct.pack("<f", value))
            for tag, value in parts["scalars"]))
    if "session" in parts:
        data += delimited(7, varint(1 * 8 + 0) + varint(parts["session"]))
    return data


def write(name, time, first, values):
    """A file of a run that begins or goes on at step `first`: for each step the loss and the number on the validation classes."""
    data = record(event(time, version="brain.Event:2"))
    if first > 1:
        data += record(event(time, step=first, session=1))
    for step, (loss, measure) in enumerate(values, start=first):
        scalars = [("learning_rate", 0.001), ("loss", loss), ("loss/level_0", loss), ("validation/map_at_r", measure)]
        data += record(event(time, step=step, scalars=scalars))
    (FOLDER / "files" / "events" / name).write_bytes(data)


def main():
    assert crc32c(b"123456789") == 0xE3069283
    folder = FOLDER / "files" / "events"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    write("events.out.tfevents.1800000000.cub-hpl.1.1", 1800000000.25, 1, [(2.5, 0.25), (1.5, 0.3), (99.0, 0.1)])
    # The run was stopped, and goes on before its last epoch: readers must forget that one.
    write("events.out.tfevents.1800000100.cub-hpl.2.3", 1800000100.5, 3, [(1.25, 0.375), (1.125, 0.4)])
    reader = EventAccumulator(str(folder))
    reader.Reload()
    scalars = {
        tag: [[point.step, point.value, point.wall_time] for point in reader.Scalars(tag)]
        for tag in sorted(reader.Tags()["scalars"])}
    golden = {"script": "events.py", "version.tensorboard": version("tensorboard"), "scalars": scalars}
    (FOLDER / "events.json").write_text(json.dumps(golden, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()

"""Writes events.tfevents: what EventFile must write, by an implementation of its own of TFRecord and Protocol Buffers.

Run it in this folder with Python 3; a second run gives the same bytes.
"""

import struct


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


assert crc32c(b"123456789") == 0xE3069283
with open("events.tfevents", "wb") as file:
    file.write(record(event(1800000000.25, version="brain.Event:2")))
    file.write(record(event(1800000000.25, step=300, session=1)))
    scalars = [
        ("learning_rate", 0.001), ("loss", 1.5), ("loss/level_0", 1.25), ("loss/level_1", 2.5),
        ("validation/map_at_r", 0.3), ("validation/recall_at_1", 0.6)]
    file.write(record(event(1800000000.25, step=300, scalars=scalars)))

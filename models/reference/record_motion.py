"""Records the golden vectors of the example's checkpoint, examples/motion.

The media are made here, as phones and loggers would write them. What preprocessing makes of them is
computed by numpy, independently of the bundle: numpy.interp, exact integrals of straight lines,
numpy.fft. The tower is transformers' ASTModel; the projection is applied here.

Run: pip install -r requirements.txt && python record_motion.py
"""

import csv
import json
import pathlib

import numpy
import torch
import transformers
from safetensors.torch import load_file, save_file

CHECKPOINT = (
    pathlib.Path(__file__).parent.parent.parent
    / "examples" / "motion" / "src" / "main" / "checkpoints" / "world-motion"
)
GRAVITY = 9.80665
UNITS = {"ms": 1e-3, "ns": 1e-9, "s": 1.0, "g": GRAVITY, "m/s^2": 1.0}


def movement(times, generator):
    """Three knocks along a tilted axis and a swing across it, with gravity and noise."""
    up = generator.normal(size=3)
    up /= numpy.linalg.norm(up)
    across = numpy.cross(up, [0.3, -0.5, 0.8])
    across /= numpy.linalg.norm(across)
    knocks = sum(
        numpy.where(times > onset, numpy.exp(-(times - onset) / 0.1), 0)
        * numpy.sin(2 * numpy.pi * 9 * (times - onset))
        for onset in (0.3, 1.2, 2.1)
    )
    swing = numpy.sin(2 * numpy.pi * 3.3 * times) * numpy.exp(-times)
    noise = generator.normal(0, 0.03, (len(times), 3))
    return (GRAVITY + 4 * knocks)[:, None] * up + 2 * swing[:, None] * across + noise


def write(name, header, columns, formats):
    lines = [header] + [
        ",".join(form % value for form, value in zip(formats, row)) for row in zip(*columns)
    ]
    (CHECKPOINT / "media" / name).write_text("\n".join(lines) + "\n")


def media(generator):
    (CHECKPOINT / "media").mkdir(exist_ok=True)
    even = numpy.arange(400) / 100
    write("even.csv", "t,x,y,z", [even, *movement(even, generator).T], ["%.4f"] + ["%.4f"] * 3)
    # A phone: milliseconds since 1970, an uneven rate near 60 Hz, units of g, another column first.
    uneven = numpy.cumsum(generator.uniform(0.010, 0.024, 300))
    phone = movement(uneven, generator) / GRAVITY
    write(
        "phone.csv",
        "battery,time [ms],ax [g],ay [g],az [g]",
        [numpy.full(300, 83), 1.7955e12 + 1000 * uneven, *phone.T],
        ["%d", "%.3f"] + ["%.6f"] * 3,
    )
    # A logger at 500 Hz, whose samples are averaged; the axes stand before the time.
    fast = numpy.arange(2200) / 500
    write("logger.csv", "z,y,x,t", [*movement(fast, generator).T[::-1], fast], ["%.3f"] * 3 + ["%.4f"])
    short = numpy.arange(65) / 50
    write("short.csv", "t,x,y,z", [short, *movement(short, generator).T], ["%.3f"] * 4)


def read(path):
    with open(path, newline="") as lines:
        rows = list(csv.reader(lines))
    columns = {}
    for index, cell in enumerate(rows[0]):
        name, _, unit = cell.partition(" [")
        role = {"time": "t", "ax": "x", "ay": "y", "az": "z"}.get(name, name)
        values = numpy.array([float(row[index]) for row in rows[1:]])
        columns[role] = values * UNITS.get(unit.rstrip("]"), 1.0)
    return columns["t"] - columns["t"][0], [columns[axis] for axis in "xyz"]


def mean_of_lines(times, values, start, end):
    """The exact mean of the straight lines between samples."""
    knots = numpy.unique(numpy.concatenate([[start, end], times[(times > start) & (times < end)]]))
    return numpy.trapezoid(numpy.interp(knots, times, values), knots) / (end - start)


def resample(times, values, rate, most):
    count = min(most, int(numpy.floor((times[-1] + 1e-7) * rate)) + 1)
    grid = numpy.arange(count) / rate
    if (len(times) - 1) / times[-1] < 2 * rate:
        return numpy.interp(grid, times, values)
    half = 0.5 / rate
    return numpy.array(
        [mean_of_lines(times, values, max(0, at - half), min(times[-1], at + half)) for at in grid]
    )


def features(path, declared):
    rate, window, hop = (declared[key] for key in ("sampling_rate", "window_length", "hop_length"))
    frames = declared["max_length"]
    samples = (frames - 1) * hop + window
    times, axes = read(path)
    # The bundle stops reading one sample after what it needs.
    stop = numpy.searchsorted(times, (samples + 1) / rate) + 1
    moved = numpy.stack([resample(times[:stop], axis[:stop], rate, samples) for axis in axes])
    gravity = moved.mean(axis=1)
    moved = numpy.pad(moved - gravity[:, None], ((0, 0), (0, samples - moved.shape[1])))
    up = gravity / numpy.linalg.norm(gravity)
    hann = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(window) / window)
    rows = []
    for frame in range(frames):
        part = moved[:, frame * hop : frame * hop + window] * hann / numpy.sqrt((hann**2).sum())
        spectra = numpy.fft.rfft(part, declared["fft_length"])[:, 1 : declared["num_frequencies"] + 1]
        along = numpy.abs(up @ spectra) ** 2
        # Across gravity: what is left of the vectors when their part along it is taken away.
        across = (numpy.abs(spectra - numpy.outer(up, up @ spectra)) ** 2).sum(axis=0)
        rows.append(numpy.log(numpy.concatenate([along, across]) + declared["floor"]))
    values = (numpy.stack(rows) - declared["mean"]) / declared["std"]
    return torch.from_numpy(values.astype(numpy.float32))[None]


def main():
    media(numpy.random.default_rng(20261121))
    declared = json.loads((CHECKPOINT / "preprocessor_config.json").read_text())
    golden = {
        f"pre.{path.stem}.input_values": features(path, declared)
        for path in sorted((CHECKPOINT / "media").iterdir())
    }
    values = torch.cat(list(golden.values()))
    model = transformers.ASTModel.from_pretrained(CHECKPOINT).eval()
    projection = load_file(CHECKPOINT / "model.safetensors")["audio_projection.weight"]
    with torch.no_grad():
        embeds = torch.nn.functional.normalize(model(values).pooler_output @ projection.T, dim=-1)
    golden |= {"input.input_values": values, "output.audio_embeds": embeds.contiguous()}
    save_file(golden, CHECKPOINT / "golden.safetensors")


if __name__ == "__main__":
    main()

"""Records what torch's interpolate makes of grids of position embeddings.

Run: python record.py > recordings.csv
The grids are made by the integer formula below, which the Java test repeats; every line holds the resampled
grid row by row, the two channels of a position beside each other.
"""

import torch

CASES = [
    ("BICUBIC", 3, 3, 5, 5),
    ("BICUBIC", 7, 7, 4, 4),
    ("BICUBIC", 5, 3, 2, 7),
    ("BICUBIC", 1, 1, 3, 2),
    ("BICUBIC", 13, 13, 7, 7),
    ("BICUBIC_ANTIALIASED", 3, 3, 5, 5),
    ("BICUBIC_ANTIALIASED", 7, 7, 4, 4),
    ("BICUBIC_ANTIALIASED", 5, 3, 2, 7),
    ("BICUBIC_ANTIALIASED", 1, 1, 3, 2),
    ("BICUBIC_ANTIALIASED", 13, 13, 5, 3),
]
CHANNELS = 2


def grid(rows, columns):
    index = torch.arange(rows * columns * CHANNELS, dtype=torch.int64)
    values = ((index + 7) * 2654435761 >> 13 & 255).to(torch.float32) / 128 - 1
    return values.reshape(1, rows, columns, CHANNELS).permute(0, 3, 1, 2)


print(f"# torch {torch.__version__}: filter, rows, columns, wanted rows, wanted columns, values")
for name, rows, columns, wanted_rows, wanted_columns in CASES:
    resampled = torch.nn.functional.interpolate(
        grid(rows, columns), size=(wanted_rows, wanted_columns), mode="bicubic", align_corners=False,
        antialias=name.endswith("ANTIALIASED"),
    )
    values = resampled.permute(0, 2, 3, 1).flatten().tolist()
    print(name, rows, columns, wanted_rows, wanted_columns, *(f"{value:.9g}" for value in values), sep=",")

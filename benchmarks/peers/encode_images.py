"""Encodes a folder of JPEG files with transformers + torch and with Python onnxruntime.

Talks to `sensorium bench import --peer`: for every line on standard input that names a
measurement, one line of JSON on standard output.

    torch          images a second, transformers' processor and model
    onnxruntime    images a second, transformers' processor and the graph that Sensorium wrote
    prepare        images a second, Pillow's decoding and transformers' processor alone
    embeddings     writes embeddings.safetensors beside the pictures: what torch gives for them
"""
import argparse
import json
import pathlib
import sys
import time

import numpy as np
import onnxruntime
import torch
import transformers
from PIL import Image
from safetensors.numpy import save_file

BATCH = 32


class Peers:
    def __init__(self, checkpoint, graph, images, threads):
        torch.set_num_threads(threads)
        self.images = sorted(pathlib.Path(images).glob("*.jpg"))
        self.folder = pathlib.Path(images)
        self.processor = transformers.CLIPImageProcessorPil.from_pretrained(checkpoint)
        self.model = transformers.CLIPVisionModelWithProjection.from_pretrained(checkpoint).eval()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"])

    def pixels(self, paths):
        pictures = [Image.open(path).convert("RGB") for path in paths]
        return self.processor(pictures, return_tensors="np")["pixel_values"]

    def batches(self):
        for start in range(0, len(self.images), BATCH):
            yield self.images[start:start + BATCH]

    def run_torch(self, pixels):
        with torch.inference_mode():
            return self.model(torch.from_numpy(pixels)).image_embeds.numpy()

    def run_onnxruntime(self, pixels):
        return self.session.run(["image_embeds"], {"pixel_values": pixels})[0]

    def rate(self, work):
        start = time.perf_counter()
        for batch in self.batches():
            work(batch)
        return len(self.images) / (time.perf_counter() - start)

    def answer(self, measurement):
        if measurement == "torch":
            return {"imagesPerSecond": self.rate(lambda b: self.run_torch(self.pixels(b)))}
        if measurement == "onnxruntime":
            return {"imagesPerSecond": self.rate(lambda b: self.run_onnxruntime(self.pixels(b)))}
        if measurement == "prepare":
            return {"imagesPerSecond": self.rate(self.pixels)}
        if measurement == "embeddings":
            rows = np.concatenate([self.run_torch(self.pixels(b)) for b in self.batches()])
            file = self.folder / "embeddings.safetensors"
            save_file({"image_embeds": np.ascontiguousarray(rows)}, str(file))
            return {"file": str(file)}
        raise ValueError(f"unknown measurement {measurement}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoint")
    parser.add_argument("graph")
    parser.add_argument("images")
    parser.add_argument("threads", type=int)
    arguments = parser.parse_args()
    peers = Peers(arguments.checkpoint, arguments.graph, arguments.images, arguments.threads)
    versions = {m.__name__: m.__version__ for m in (torch, transformers, onnxruntime)}
    print(json.dumps({"versions": versions}), flush=True)
    for line in sys.stdin:
        print(json.dumps(peers.answer(line.strip())), flush=True)


if __name__ == "__main__":
    main()

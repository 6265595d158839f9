"""Decodes greedily with Python onnxruntime and IoBinding on the graph that Sensorium wrote.

Talks to `sensorium bench decode --peer 'python benchmarks/peers/decode_ort.py'`, which adds the
checkpoint, the graph, the precision and the number of threads: for every line `decode N` on standard
input, one line of JSON with tokens a second. Keys and values stay in one buffer, as there.
"""
import argparse
import json
import sys
import time

import numpy as np
import onnxruntime

CONTEXT = 1024
PROMPT = 16


class Decoder:
    def __init__(self, graph, threads):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"])
        self.binding = self.session.io_binding()
        self.mask = np.zeros((1, CONTEXT), np.int64)
        self.ids = np.zeros((1, 1), np.int64)
        self.length = 0
        self.caches = {}
        for tensor in self.session.get_inputs():
            if tensor.name.startswith("past_key_values."):
                shape = (1, tensor.shape[1], CONTEXT, tensor.shape[3])
                self.caches[tensor.name] = self.value(np.zeros(shape, np.float32))
        for name, cache in self.caches.items():
            self.binding.bind_ortvalue_input(name, cache)
            self.binding.bind_ortvalue_output(name.replace("past_key_values.", "present."), cache)
        vocabulary = next(o.shape[2] for o in self.session.get_outputs() if o.name == "logits")
        self.logits = np.zeros((1, 1, vocabulary), np.float32)
        self.bind("input_ids", self.ids)
        self.bind("attention_mask", self.mask)
        self.binding.bind_output(
            "logits", "cpu", 0, np.float32, self.logits.shape, self.logits.ctypes.data)
        for token in range(1, PROMPT + 1):
            self.step(token)

    @staticmethod
    def value(array):
        return onnxruntime.OrtValue.ortvalue_from_numpy(array)

    def bind(self, name, array):
        self.binding.bind_input(
            name, "cpu", 0, array.dtype.type, array.shape, array.ctypes.data)

    def step(self, token):
        self.ids[0, 0] = token
        self.mask[0, self.length] = 1
        self.length += 1
        self.session.run_with_iobinding(self.binding)
        return int(self.logits.argmax())

    def rate(self, tokens):
        self.mask[:, PROMPT:] = 0
        self.length = PROMPT
        token = self.step(1)
        start = time.perf_counter()
        for _ in range(tokens):
            token = self.step(token)
        return tokens / (time.perf_counter() - start)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoint")
    parser.add_argument("graph")
    parser.add_argument("precision")
    parser.add_argument("threads", type=int)
    arguments = parser.parse_args()
    decoder = Decoder(arguments.graph, arguments.threads)
    print(json.dumps({"versions": {"onnxruntime": onnxruntime.__version__}}), flush=True)
    for line in sys.stdin:
        tokens = int(line.split()[1])
        print(json.dumps({"tokensPerSecond": decoder.rate(tokens)}), flush=True)


if __name__ == "__main__":
    main()

"""Records what torch.save writes, for the reader of .pth files.

state.pth and legacy.pth hold one state dictionary in the two formats, checkpoint.pth wraps it as a
training script would, and expected.safetensors holds the same tensors. transposed.pth and module.pth
are to be refused: a tensor that is not contiguous, and a pickled module.

Run: pip install -r ../requirements.txt && python record.py
"""

import pathlib
from collections import OrderedDict

import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent


def main():
    generator = torch.Generator().manual_seed(20261120)
    module = torch.nn.Sequential(torch.nn.Linear(7, 3), torch.nn.BatchNorm1d(3))
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
    state = module.state_dict()
    rows = torch.randn(5, 4, generator=generator)
    state["rows"] = rows
    state["rows.tail"] = rows[3:]
    state["half"] = torch.randn(2, 1, 3, generator=generator).half()
    state["bfloat16"] = torch.randn(9, generator=generator).bfloat16()
    state["double"] = torch.randn(1, generator=generator).double()
    state["ids"] = torch.arange(6).reshape(2, 3)
    state["small"] = torch.tensor([-3, 7], dtype=torch.int8)
    state["mask"] = torch.tensor([True, False, True])
    state["scalar"] = torch.tensor(-1.25)
    state["empty"] = torch.empty(0, 4)
    state["parameter"] = torch.nn.Parameter(torch.randn(3, generator=generator))

    torch.save(state, HERE / "state.pth")
    torch.save(state, HERE / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save({"epoch": 3, "lr": 1e-3, "done": False, "best": None, "model": state}, HERE / "checkpoint.pth")
    save_file({name: tensor.detach().clone() for name, tensor in state.items()}, HERE / "expected.safetensors")
    torch.save(OrderedDict(weight=torch.randn(3, 4, generator=generator).T), HERE / "transposed.pth")
    torch.save(module, HERE / "module.pth")


if __name__ == "__main__":
    main()

"""Records tiny random-weight ImageBind checkpoints with what the reference implementation computes.

The reference is the code of https://github.com/facebookresearch/ImageBind (CC BY-NC 4.0), which is not part
of this project: give the folder of a clone, and have torch, einops, ftfy and regex installed. Only the sizes that
its constructor fixes (pictures of 224, 77 of 49408 tokens, 2000 samples) are made smaller from outside.

imagebind-pth is published as the original is: one .pth of torch.save, beside a constructor.json with the
arguments. imagebind-safetensors has the original's heads, needs no constructor.json and lacks a trunk.

Run: python record_imagebind.py CLONE
"""

import functools
import json
import pathlib
import sys
import types

import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent


def reference(clone):
    """The model's module; what only its data loading needs is not asked for."""
    for name in ("imagebind", "iopath", "iopath.common", "iopath.common.file_io", "timm", "timm.layers"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["imagebind"].__path__ = [str(clone / "imagebind")]
    sys.modules["iopath.common.file_io"].g_pathmgr = None
    sys.modules["timm.layers"].trunc_normal_ = torch.nn.init.trunc_normal_
    sys.modules["timm.layers"].DropPath = torch.nn.Dropout  # either does nothing in evaluation
    from imagebind.models import imagebind_model

    return imagebind_model


def shrink(module, sizes):
    """Wraps the preprocessors, so that they are built for smaller inputs than the constructor says."""
    original = {
        name: getattr(module, name)
        for name in ("RGBDTPreprocessor", "ThermalPreprocessor", "TextPreprocessor", "IMUPreprocessor")
    }

    def picture(build, modality):
        def make(img_size, **arguments):
            side = sizes[modality if img_size[0] == 1 else "vision"]
            return build(img_size=[*img_size[:-2], side, side], **arguments)

        return make

    module.RGBDTPreprocessor = picture(original["RGBDTPreprocessor"], "depth")
    module.ThermalPreprocessor = picture(original["ThermalPreprocessor"], "thermal")
    module.TextPreprocessor = lambda context_length, vocab_size, **arguments: original["TextPreprocessor"](
        context_length=sizes["context"], vocab_size=sizes["vocabulary"], **arguments
    )
    module.IMUPreprocessor = lambda img_size, **arguments: original["IMUPreprocessor"](
        img_size=[img_size[0], sizes["samples"]], **arguments
    )
    return original


def build(module, sizes, constructor, seed):
    original = shrink(module, sizes)
    model = module.ImageBindModel(**constructor)
    for name, preprocessor in original.items():
        setattr(module, name, preprocessor)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if "log_logit_scale" in name:
                parameter.copy_(sizes["log_scale"] + noise * 0.1)
            elif any(part in name for part in ("embed", "cls_token", "bias_k", "bias_v")):
                parameter.copy_(noise * 0.5)
            elif parameter.ndim > 1:
                parameter.copy_(noise / parameter[0].numel() ** 0.5)
            else:
                parameter.copy_(noise * 0.2 + (1.0 if "norm" in name and "weight" in name else 0.0))
    return model.eval()


def texts(sizes, generator):
    """Start, words, end (the largest token, twice in the last text), padding with 0."""
    tokens = torch.zeros(3, sizes["context"], dtype=torch.long)
    for row, length in enumerate((1, 4, sizes["context"] - 2)):
        tokens[row, 0] = sizes["vocabulary"] - 2
        tokens[row, 1 : length + 1] = torch.randint(1, sizes["vocabulary"] - 2, (length,), generator=generator)
        tokens[row, length + 1] = sizes["vocabulary"] - 1
    tokens[2, sizes["context"] - 3] = sizes["vocabulary"] - 1
    return tokens


def record(module, case, seed, sizes, constructor, audio, without=(), save=None):
    model = build(module, sizes, constructor, seed)
    generator = torch.Generator().manual_seed(seed + 1)
    inputs = {
        "vision": torch.randn(3, 3, sizes["vision"], sizes["vision"], generator=generator),
        "text": texts(sizes, generator),
        "audio": torch.randn(*audio, generator=generator),
        "depth": torch.randn(2, 1, sizes["depth"], sizes["depth"], generator=generator),
        "thermal": torch.randn(2, 1, sizes["thermal"], sizes["thermal"], generator=generator),
        "imu": torch.randn(2, 6, sizes["samples"], generator=generator),
    }
    inputs = {name: tensor for name, tensor in inputs.items() if name not in without}
    with torch.no_grad():
        outputs = model(inputs)
    state = {
        name: tensor for name, tensor in model.state_dict().items() if name.split(".")[1] not in without
    }
    folder = HERE / case / "checkpoint"
    folder.mkdir(parents=True, exist_ok=True)
    save(state, folder)
    # Random weights are ours: without a card they would count as Meta's, which forbid commercial use.
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\nRandom weights.\n")
    golden = {f"input.{name}": tensor for name, tensor in inputs.items()}
    golden |= {f"output.{name}": tensor.contiguous() for name, tensor in outputs.items()}
    save_file(golden, folder / "golden.safetensors")
    (folder / "golden.safetensors").chmod(0o644)


def save_torch(constructor, state, folder):
    torch.save(state, folder / "imagebind_tiny.pth")
    (folder / "constructor.json").write_text(json.dumps(constructor, indent=2) + "\n")


def save_safetensors(state, folder):
    save_file(state, folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)


def main():
    module = reference(pathlib.Path(sys.argv[1]).resolve())
    constructor = dict(
        kernel_size=[2, 7, 7], out_embed_dim=20, audio_kernel_size=8, audio_stride=5, audio_num_mel_bins=24,
        audio_target_len=43, vision_embed_dim=24, vision_num_blocks=3, vision_num_heads=3, audio_embed_dim=20,
        audio_num_blocks=2, audio_num_heads=5, text_embed_dim=18, text_num_blocks=2, text_num_heads=3,
        depth_embed_dim=16, depth_kernel_size=6, depth_num_blocks=2, depth_num_heads=4, thermal_embed_dim=12,
        thermal_kernel_size=5, thermal_num_blocks=1, thermal_num_heads=2, imu_embed_dim=14, imu_num_blocks=2,
        imu_num_heads=7, audio_drop_path=0.1, imu_drop_path=0.7,
    )  # fmt: skip
    sizes = dict(vision=21, depth=18, thermal=15, context=11, vocabulary=97, samples=56, log_scale=2.6)
    record(
        module, "imagebind-pth", 41, sizes, constructor, audio=(2, 3, 1, 24, 43),
        save=functools.partial(save_torch, constructor),
    )  # fmt: skip
    constructor = dict(
        out_embed_dim=36, vision_embed_dim=32, vision_num_blocks=2, vision_num_heads=16, text_embed_dim=32,
        text_num_blocks=2, text_num_heads=16, audio_embed_dim=24, audio_num_blocks=2, audio_num_heads=12,
        depth_embed_dim=24, depth_kernel_size=16, depth_num_blocks=1, depth_num_heads=8, imu_embed_dim=16,
        imu_num_blocks=1, imu_num_heads=8,
    )  # fmt: skip
    sizes = dict(vision=28, depth=32, thermal=16, context=16, vocabulary=120, samples=40, log_scale=4.9)
    record(
        module, "imagebind-safetensors", 42, sizes, constructor, audio=(1, 1, 128, 204),
        without=("thermal",), save=save_safetensors,
    )  # fmt: skip


if __name__ == "__main__":
    main()

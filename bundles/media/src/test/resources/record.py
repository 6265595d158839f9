"""Makes the media that Java cannot write, and what reference decoders answer for them.

Run in this folder: python record.py   (Pillow, NumPy, soundfile; lame, oggenc, oggdec, flac, ffmpeg)
Versions that made the committed files: Pillow 12.3.0, libsndfile through soundfile 0.14.0,
lame 3.100, vorbis-tools 1.4.2, flac 1.4.2, ffmpeg 5.1.

images: NAME.EXT beside NAME.rgb (upright, over white, R G B interleaved).
sounds: NAME.EXT beside NAME.ref.flac (16 bit).
"""
import os
import subprocess

import numpy as np
import soundfile as sf
from PIL import Image, ImageOps

os.makedirs("media", exist_ok=True)
rng = np.random.default_rng(7)


def picture(width, height):
    y, x = np.mgrid[0:height, 0:width]
    red = 255 * x / max(1, width - 1)
    green = 255 * y / max(1, height - 1)
    blue = 128 + 100 * np.sin(x / 3.0) * np.cos(y / 4.0)
    rgb = np.stack([red, green, blue], 2)
    rgb[height // 4: height // 2, width // 3: width // 2] = (250, 20, 30)
    return Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))


def alpha_of(image):
    width, height = image.size
    alpha = np.tile(np.linspace(0, 255, width).astype(np.uint8), (height, 1))
    with_alpha = image.convert("RGBA")
    with_alpha.putalpha(Image.fromarray(alpha))
    return with_alpha


def expected(path):
    image = ImageOps.exif_transpose(Image.open(path))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = np.asarray(image.convert("RGBA")).astype(int)
        a = rgba[:, :, 3:]
        rgb = (rgba[:, :, :3] * a + 255 * (255 - a) + 127) // 255
        return rgb.astype(np.uint8).tobytes()
    if image.mode.startswith("I;16"):
        grey = (np.asarray(image).astype(int) >> 8).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, 2).tobytes()
    return image.convert("RGB").tobytes()


def save(name, image, **options):
    path = "media/" + name
    image.save(path, **options)
    with open(os.path.splitext(path)[0] + ".rgb", "wb") as out:
        out.write(expected(path))


base = picture(37, 23)
save("lossy.webp", base, quality=90)
save("lossless.webp", base, lossless=True)
save("translucent.webp", alpha_of(base), lossless=True)
save("translucent-lossy.webp", alpha_of(base), quality=90)
save("baseline444.jpg", base, quality=90, subsampling=0)
save("baseline420.jpg", base, quality=85, subsampling=2)
save("baseline422.jpg", base, quality=85, subsampling=1)
save("progressive.jpg", base, quality=85, progressive=True)
save("grey.jpg", base.convert("L"), quality=85)
save("cmyk.jpg", base.convert("CMYK"), quality=95)
save("rgb.jpg", base, quality=95, keep_rgb=True)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    save(f"orientation{orientation}.jpg", picture(19, 10), quality=95, exif=exif)
exif = Image.Exif()
exif[0x0112] = 6
save("oriented.png", picture(19, 10), exif=exif)
save("oriented.webp", picture(19, 10), lossless=True, exif=exif)
save("palette-translucent.png", alpha_of(base).quantize(13))
save("grey16.png", Image.fromarray((np.arange(35 * 9).reshape(9, 35) * 200).astype(np.uint16)))
save("grey-alpha.png", alpha_of(base).convert("LA"))
save("bits1.png", base.convert("1"))
save("keyed.png", base.convert("P", palette=Image.Palette.ADAPTIVE, colors=5).convert("RGB"), transparency=(250, 20, 30))
save("adaptive.gif", base.convert("P", palette=Image.Palette.ADAPTIVE, colors=32), interlace=1)
save("palette.bmp", base.convert("P", palette=Image.Palette.ADAPTIVE, colors=200))
save("bits1.bmp", base.convert("1"))


def tone(rate, seconds, channels):
    t = np.arange(int(rate * seconds)) / rate
    columns = [
        0.4 * np.sin(2 * np.pi * (440 + 110 * c) * t * (1 + 0.3 * t))
        + 0.1 * np.sin(2 * np.pi * 0.17 * rate * t)
        + 0.01 * rng.standard_normal(len(t))
        for c in range(channels)
    ]
    columns[0][len(t) // 2: len(t) // 2 + 40] += 0.4
    return np.stack(columns, 1)


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def reference(path):
    if path.endswith(".ogg"):
        run("oggdec", "-Q", "-b", "16", "-o", "reference.wav", path)
    else:
        run("ffmpeg", "-y", "-i", path, "-c:a", "pcm_s16le", "reference.wav")
    run("flac", "-f", "-s", "--no-padding", "-o", os.path.splitext(path)[0] + ".ref.flac", "reference.wav")


def sound(name, rate, channels, seconds, subtype, *command):
    sf.write("source.wav", tone(rate, seconds, channels), rate, subtype=subtype)
    run(*[part.replace("IN", "source.wav").replace("OUT", "media/" + name) for part in command])
    if not name.endswith(".flac"):
        reference("media/" + name)


FLAC = ("flac", "-f", "-s", "--no-padding")
sound("stereo16.flac", 44100, 2, 0.2, "PCM_16", *FLAC, "-8", "-o", "OUT", "IN")
sound("mono24.flac", 22050, 1, 0.1, "PCM_24", *FLAC, "-5", "-o", "OUT", "IN")
sound("mono8.flac", 8000, 1, 0.2, "PCM_U8", *FLAC, "-0", "-o", "OUT", "IN")
sound("fixed.flac", 16000, 2, 0.1, "PCM_16", *FLAC, "-l", "0", "-b", "192", "-o", "OUT", "IN")
sound("joint-vbr.mp3", 44100, 2, 0.3, "PCM_16", "lame", "--quiet", "-V", "4", "-m", "j", "IN", "OUT")
sound("mono-lsf.mp3", 16000, 1, 0.4, "PCM_16", "lame", "--quiet", "-b", "32", "-m", "m", "IN", "OUT")
sound("mpeg25.mp3", 8000, 1, 0.4, "PCM_16", "lame", "--quiet", "-b", "16", "-m", "m", "IN", "OUT")
sound("stereo.ogg", 44100, 2, 0.3, "PCM_16", "oggenc", "-Q", "-q", "3", "-o", "OUT", "IN")
sound("mono.ogg", 16000, 1, 0.4, "PCM_16", "oggenc", "-Q", "-q", "6", "-o", "OUT", "IN")
sound("low.ogg", 8000, 2, 0.4, "PCM_16", "oggenc", "-Q", "-q", "-1", "-o", "OUT", "IN")
for left in ("source.wav", "reference.wav"):
    os.remove(left)

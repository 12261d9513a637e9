"""JPEG photos of a wanted size: noise, which no encoder makes smaller."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

SIZES = (50_000, 90_000, 250_000, 700_000, 1_800_000, 3_000_000, 5_000_000)
QUALITY = 92


@dataclass(frozen=True)
class Pool:
    """A photo of each size, made once; `fresh` gives one that was never sent before."""

    folder: Path
    bases: tuple[bytes, ...]

    def fresh(self, name: str, size: int, mark: str) -> Path:
        """A photo of about `size` bytes that carries `mark` and so has a hash of its own."""
        base = min(self.bases, key=lambda one: abs(len(one) - size))
        path = self.folder / name
        comment = mark.encode()
        segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
        path.write_bytes(base[:2] + segment + base[2:])
        return path


def make_pool(folder: Path) -> Pool:
    """Photos of SIZES, the same on every machine."""
    folder.mkdir(parents=True, exist_ok=True)
    return Pool(folder, tuple(_photo(size) for size in SIZES))


def _photo(size: int) -> bytes:
    per_pixel = len(_noise(200, 150)) / (200 * 150)
    width = int((size / per_pixel * 4 / 3) ** 0.5)
    return _noise(width, width * 3 // 4)


def _noise(width: int, height: int) -> bytes:
    noise = random.Random(width).randbytes(width * height * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (width, height), noise).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()

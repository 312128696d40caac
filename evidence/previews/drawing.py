"""The program that draws a hostile file: in a process of its own, with little memory and time, and nothing else to reach.

Reads the file from standard input; writes one line of JSON and a PNG to standard output. Run by `pictures.py` as
`python -I drawing.py KIND PAGE`, so that it imports nothing of ours. Whatever goes wrong, it ends with a status other than 0.
"""

import io
import json
import resource
import sys
import warnings

MEMORY = 1 << 30
SECONDS = 10
INPUT = 64 << 20  # bytes
PIXELS = 50_000_000  # of an image, before it is made smaller
WIDEST, HIGHEST = 1400, 2000  # pixels of the picture
PAGES = 500
IMAGES = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")


def confine() -> None:
    """Take away what drawing does not need: memory, time, files to write, other programs."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def image(data: bytes, _page: int) -> tuple[int, bytes]:
    """The first frame of an image, made small."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - only what is drawn is loaded

    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(data), formats=IMAGES) as opened:
        opened.draft("RGB", (WIDEST, HIGHEST))
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((WIDEST, HIGHEST))
        return 1, _png(upright.convert("RGBA"))


def pdf(data: bytes, page: int) -> tuple[int, bytes]:
    """A page of a PDF, from 1, and how many there are. Scripts and forms are not run."""
    import pypdfium2  # noqa: PLC0415

    document = pypdfium2.PdfDocument(data)
    count = len(document)
    sheet = document[min(page, count, PAGES) - 1]
    width, height = sheet.get_size()
    scale = min(WIDEST / max(width, 1), HIGHEST / max(height, 1), 3)
    picture = sheet.render(scale=scale, may_draw_forms=False).to_pil()
    return min(count, PAGES), _png(picture)


def _png(picture: object) -> bytes:
    made = io.BytesIO()
    picture.save(made, "PNG")  # type: ignore[attr-defined] # Pillow is loaded late
    return made.getvalue()


def main() -> None:
    """Draw what is asked for."""
    kind, page = sys.argv[1], int(sys.argv[2])
    data = sys.stdin.buffer.read(INPUT + 1)
    if len(data) > INPUT:
        sys.exit(2)
    confine()
    pages, made = {"image": image, "pdf": pdf}[kind](data, page)
    sys.stdout.buffer.write(json.dumps({"pages": pages}).encode() + b"\n" + made)


if __name__ == "__main__":
    main()

"""Keep stored pictures small: `python docs/pictures.py` (part of `make export`).

Notebooks store figures at twice their size with millions of possible colours. A plot has a few hundred,
most of them shades of its edges, so a palette of 256 looks the same and takes a third of the bytes.
A picture gets a palette only if no pixel's red, green or blue moves by more than 24 of 255 steps and
at least a third of the bytes is saved. Photographs, and the rest of each output, stay as they are.
"""
import base64
import io
import json
import numpy as np
from PIL import Image
import pages

least = 20_000 # bytes of a picture; below, there is nothing to gain
most_error = 24 # of 255 steps


def smaller(png):
    "The picture with a palette, or None where that gains little or can be seen"
    picture = Image.open(io.BytesIO(png))
    if len(png)<least or picture.mode=='P': return None
    if picture.mode=='RGBA':
        if picture.getextrema()[3]!=(255, 255): return None # transparent
        picture = picture.convert('RGB')
    if picture.mode!='RGB': return None
    reduced = picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    error = np.abs(np.asarray(reduced.convert('RGB'), dtype=int) - np.asarray(picture, dtype=int)).max()
    stored = io.BytesIO()
    reduced.save(stored, 'PNG', optimize=True)
    return stored.getvalue() if error<=most_error and 3*len(stored.getvalue())<2*len(png) else None


def shrink(path):
    "Store the pictures of a notebook with palettes; the bytes that this saves"
    text = path.read_text(encoding='utf-8')
    before = len(text)
    for cell in json.loads(text)['cells']:
        for output in cell.get('outputs', []):
            stored = ''.join(output.get('data', {}).get('image/png', ''))
            found = smaller(base64.b64decode(stored)) if stored else None
            if found: text = text.replace(stored.strip(), base64.b64encode(found).decode())
    if len(text)<before: path.write_text(text, encoding='utf-8')
    return before-len(text)


def main():
    for path in pages.notebooks():
        saved = shrink(path)
        if saved: print(f"{path.relative_to(pages.root)}: {saved/1e3:.0f} kB less")


if __name__=='__main__': main()

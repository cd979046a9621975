"""Run pages again and compare what they say now with what they store: `make fresh`, or for some pages

    python docs/freshness.py nbs/10_entropy.ipynb nbs/2*.ipynb
    python docs/freshness.py --relative .1      # all pages, numbers within a tenth

Pages run in a copy of the repository, each in a process of its own, with the runner and the flags of
`make notebooks`; nothing is stored. Words must be the same. Whole numbers must be the same, other
numbers to two in a hundred (`--relative`) or to their last printed digit: training carries the rounding
of another processor that far. A figure must be a figure on both sides. What cannot be the same twice (times, addresses, free memory) stands in a cell that says so:

    #| volatile        the cell's text is not compared

Prints a line for each cell that differs and exits 1.
"""
import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import pages

absolute = 1e-6 # numbers as small as this are rounding
_number = re.compile(r'(?<![\w.])[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)?\.?\d*(?<=[\d.])(?:e[-+]?\d{1,3}(?!\w))?', re.I)
_left_out = re.compile(r'<style.*?</style>| at 0x[0-9a-f]+', re.S) # addresses: nbdev-clean takes them out of what is stored


# Comparing ---------------------------------------------------------------------------------------

def texts(cell):
    "What a cell has printed and shown as text"
    shown = []
    for output in cell.get('outputs', []):
        if output.output_type=='stream': shown.append(output.text)
        data = output.get('data', {})
        if pictures(output)==0: shown += [data[kind] for kind in ('text/markdown', 'text/html', 'text/plain') if kind in data][:1]
    return _left_out.sub('', '\n'.join(shown))


def pictures(output): return sum(kind.startswith('image/') for kind in output.get('data', {}))


def _parts(text):
    "Words between numbers, without the white space that tables are set with, and the numbers"
    tokens = [t for t in _number.findall(text) if any(c.isdigit() for c in t)]
    words = re.split(r'\s+|[─-]{3,}', _number.sub(lambda m: '#' if any(c.isdigit() for c in m[0]) else m[0], text))
    return [w for w in words if w], tokens


def _same_number(stored, fresh, relative):
    "Whether two printed numbers are one within tolerance"
    a,b = (float(t.replace(',', '').replace('−', '-')) for t in (stored, fresh))
    if not any(c in t.lower() for t in (stored, fresh) for c in '.e'): return a==b
    return abs(a-b)<=max(relative*max(abs(a), abs(b)), absolute, 1.01*_last_digit(stored), 1.01*_last_digit(fresh))


def _last_digit(token):
    "One unit in the last printed place; nothing for a whole number"
    mantissa,_,exponent = token.lower().partition('e')
    decimals = len(mantissa.partition('.')[2])
    return float(f'1e{int(exponent or 0)-decimals}') if '.' in mantissa or exponent else 0.


def difference(stored, fresh, relative=.02):
    "What differs between the outputs of a cell, in words; None where nothing does"
    count = [sum(map(pictures, cell.get('outputs', []))) for cell in (stored, fresh)]
    if count[0]!=count[1]: return f"stores {count[0]} figures and draws {count[1]}"
    if 'volatile' in pages.directives(stored)[0]:
        empty = [not texts(cell).strip() for cell in (stored, fresh)]
        return 'stores no text and prints some' if empty==[True, False] else 'stores text and prints none' if empty==[False, True] else None
    (words,numbers),(fresh_words,fresh_numbers) = (_parts(texts(cell)) for cell in (stored, fresh))
    if words!=fresh_words:
        change = next(c for c in difflib.SequenceMatcher(None, words, fresh_words, autojunk=False).get_opcodes() if c[0]!='equal')
        return f"stores {' '.join(words[change[1]:change[2]])[:60]!r} and says {' '.join(fresh_words[change[3]:change[4]])[:60]!r}"
    apart = [(a, b) for a,b in zip(numbers, fresh_numbers) if not _same_number(a, b, relative)]
    if apart: return f"stores {apart[0][0]} and says {apart[0][1]}" + (f", and {len(apart)-1} more numbers differ" if len(apart)>1 else '')


# Running -----------------------------------------------------------------------------------------

def _copy(root, where):
    "What a page may read: the notebooks, which will be written to, and links to everything beside them"
    shutil.copytree(root/'nbs', where/'nbs', ignore=shutil.ignore_patterns('.ipynb_checkpoints', '.last_checked'))
    for path in root.iterdir():
        if path.name not in ('nbs', '.git', '.venv', 'runs'): (where/path.name).symlink_to(path)


def compare(path, root, copy, relative):
    "Lines for the cells of one page that differ, after running it in the copy"
    relative_path = path.relative_to(root)
    stored = pages.read(copy/relative_path)
    variables = dict(os.environ, OMP_NUM_THREADS='1', MPLBACKEND='agg', PYTHONPATH=os.pathsep.join(filter(None, [str(root), os.environ.get('PYTHONPATH')])))
    runner = Path(sys.executable).with_name('nbdev-test')
    done = subprocess.run([runner, relative_path, '--save', '--n-workers', '0'], cwd=copy, env=variables, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode: return [f"{relative_path}: does not run: {(done.stderr.split('nbdev Tests Failed')[0].strip() or 'nothing is said').splitlines()[-1]}"]
    skipped = {'slow', 'cuda', 'notest'}
    fresh = {cell.id: cell for cell in pages.read(copy/relative_path).cells}
    found = ((cell.id, difference(cell, fresh[cell.id], relative)) for cell in stored.cells if cell.cell_type=='code' and not skipped & set(pages.directives(cell)[0]))
    return [f"{relative_path}: cell {cell} {what}" for cell,what in found if what]


def stale(paths, root=pages.root, relative=.02, workers=2):
    "For each page, when it is done: its path and a line for each cell whose stored output is not what the cell says now"
    with tempfile.TemporaryDirectory(prefix='e2mc-fresh-') as folder, ThreadPoolExecutor(workers) as pool:
        copy = Path(folder).resolve()
        _copy(root, copy)
        yield from zip(paths, pool.map(lambda path: compare(path, root, copy, relative), paths))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('pages', nargs='*', type=Path, help="all by default")
    parser.add_argument('--relative', type=float, default=.02, help="how far apart numbers may be that are not whole")
    options = parser.parse_args()
    paths,number = [p.resolve() for p in options.pages] or pages.notebooks(),0
    for path,lines in stale(paths, relative=options.relative):
        print(*(lines or [f"ok  {path.relative_to(pages.root)}"]), sep='\n', flush=True)
        number += bool(lines)
    if number: sys.exit(f"{number} of {len(paths)} pages store something else than they say; run them again with `nbdev-test PAGE --save`, then `nbdev-clean`")


if __name__=='__main__': main()

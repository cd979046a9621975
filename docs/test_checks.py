"""Sees every check of docs/checks.py fail: `python docs/test_checks.py`.

A project of three small pages passes all checks. Then one violation of each kind is planted in a
copy of it, and exactly the expected line must be reported.
"""
import contextlib
import io
import json
import shutil
import tempfile
from pathlib import Path
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
import checks
import colab
import freshness
import pages
import readme


def write(path, *cells):
    "A clean notebook of cells, given as Markdown (beginning with #-space) or code"
    made = [c if isinstance(c, dict) else new_markdown_cell(c) if c.startswith('# ') else new_code_cell(c) for c in cells]
    for i,cell in enumerate(made): cell['id'] = f'cell{i:04d}'
    notebook = new_notebook(cells=made, metadata={'kernelspec': {'display_name': 'python3', 'language': 'python', 'name': 'python3'}})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook, indent=1, ensure_ascii=False)+'\n', encoding='utf-8')


def code(source, **output): return new_code_cell(source, outputs=[new_output(**output)])


def project(root):
    "Pages 10 to 24, the page of literal forms and both documents, exported and in order"
    nbs = root/'nbs'
    write(nbs/'03_by_definition.ipynb', '# Literal', '#| default_exp by_definition', '#| export\nimport math')
    write(nbs/'10_low.ipynb', '# Low\n\n> One?', '#| default_exp low', '#| export\ndef low(): return 1', '#| export by_definition\ndef low_by_definition(): return 1')
    write(nbs/'12_high.ipynb', '# High', '#| default_exp high', '#| export\nfrom e2mc.low import low', '#| export\ndef high(): return low()+1')
    write(nbs/'20_criteria.base.ipynb', '# Base', '#| default_exp criteria.base', '#| export\nclass Criterion: pass')
    write(nbs/'21_criteria.one.ipynb', '# One', '#| default_exp criteria.one', '#| export\nfrom e2mc.criteria.base import Criterion')
    write(nbs/'24_criteria.two.ipynb', '# Two', '#| default_exp criteria.two', '#| export\ndef two():\n    from e2mc.high import high\n    return high()')
    write(nbs/'index.ipynb', '# Index\n\nSee [low](10_low.ipynb#one) and ![all](images/all.png).', '#| hide\nhidden = 1', code('1+1', output_type='execute_result', data={'text/plain': '2'}),
        code('#| echo: false\n#| label: curve\n#| alt: A rising curve\nplot()', output_type='display_data', data={'image/png': 'aGVsbG8='}),
        code('table()', output_type='display_data', data={'text/html': '<style>td {}</style><table><td>3</td></table>', 'text/plain': '3'}))
    write(nbs/'contributing.ipynb', '# Contributing\n\nBack to [index](index.ipynb).')
    (root/'e2mc').mkdir()
    (root/'e2mc/__init__.py').write_text("_where = dict(Two='criteria.two')\n")
    shutil.copy(pages.root/'pyproject.toml', root)
    (root/'settings.ini').write_text('[DEFAULT]\nname = thing\nversion = 0.3.0\nuser = someone\nrepo = something\nbranch = main\ngit_url = https://github.com/%(user)s/%(repo)s\ndoc_url = https://%(user)s.github.io/%(repo)s/\nmin_python = 3.10\nrequirements =\n    scikit-learn>=1.4\n    Pillow\n')
    (root/'CHANGELOG.md').write_text('# Changelog\n\n## [Unreleased]\n\nWhat will become 0.3.0.\n\n## [0.2.0] - 2025-01-01\n')
    export(root)


def export(root):
    "Bring package and documents in step with the notebooks, as `make export` does"
    fresh = Path(checks._fresh(root).name)
    shutil.rmtree(root/'e2mc')
    shutil.copytree(fresh/'e2mc', root/'e2mc')
    for path,content in readme.files(root).items():
        (root/path).parent.mkdir(parents=True, exist_ok=True)
        (root/path).write_bytes(content)
    checks._fresh.cache_clear()


def violations(root):
    "What all checks say, but for the one that has a test of its own: the small pages have no Colab cells"
    return [v for check in checks.checks if check is not checks.notebooks_open_in_colab for v in check(root)]


def edit(path, old, new):
    text = path.read_text(encoding='utf-8')
    assert old in text, f"{path.name} does not hold {old!r}"
    path.write_text(text.replace(old, new), encoding='utf-8')


def source(path, number, text):
    "Replace the source of one cell and leave the notebook clean"
    notebook = json.loads(path.read_text(encoding='utf-8'))
    notebook['cells'][number]['source'] = text.splitlines(True)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False)+'\n', encoding='utf-8')


def stored(root, **output): write(root/'nbs/tutorials/lesson.ipynb', '# Lesson', code('run()', **output))


def github(root, name, text):
    "A file in .github"
    path = root/'.github'/name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text+'\n', encoding='utf-8')


# Each: what is planted, whether the package is exported afterwards, and the only line that may be reported
planted = [
    ("a module edited by hand", lambda r: edit(r/'e2mc/low.py', 'return 1', 'return 2'), False,
     "e2mc/low.py: differs from what the notebooks export"),
    ("a notebook not exported", lambda r: source(r/'nbs/12_high.ipynb', 3, '#| export\ndef high(): return low()+2'), False,
     "e2mc/high.py: differs from what the notebooks export"),
    ("a literal form twice in the gathering module", lambda r: (r/'e2mc/by_definition.py').open('a').write('\n\n# %% ../nbs/10_low.ipynb #x\ndef again(): pass'), False,
     "e2mc/by_definition.py: differs from what the notebooks export"),
    ("a module without a page", lambda r: shutil.copy(r/'e2mc/low.py', r/'e2mc/old.py'), False, "e2mc/old.py: no notebook exports it"),
    ("a page whose module is missing", lambda r: (r/'e2mc/criteria/two.py').unlink(), False, "e2mc/criteria/two.py: missing"),
    ("an execution count", lambda r: edit(r/'nbs/10_low.ipynb', '"execution_count": null', '"execution_count": 7'), False, "nbs/10_low.ipynb: not clean"),
    ("cell metadata", lambda r: edit(r/'nbs/10_low.ipynb', '"metadata": {},', '"metadata": {"scrolled": true},'), False, "nbs/10_low.ipynb: not clean"),
    ("a README edited by hand", lambda r: edit(r/'README.md', 'See', 'Behold'), False, "README.md: not what its notebook says"),
    ("a changed contributing page", lambda r: edit(r/'nbs/contributing.ipynb', 'Back', 'Return'), False, "CONTRIBUTING.md: not what its notebook says"),
    ("an old picture in the README", lambda r: (r/'docs/images/curve.png').write_bytes(b'old'), False, "docs/images/curve.png: not what its notebook says"),
    ("a picture without words", lambda r: source(r/'nbs/index.ipynb', 3, '#| label: curve\nplot()'), False, "nbs/index.ipynb: a cell draws a picture without `#| alt:` words"),
    ("an arrow forward", lambda r: source(r/'nbs/10_low.ipynb', 2, '#| export\nfrom e2mc.high import high'), True,
     "e2mc/low.py:9: page 10_low reaches forward to 12_high"),
    ("an arrow forward inside a function", lambda r: source(r/'nbs/10_low.ipynb', 2, '#| export\ndef low():\n    from e2mc.criteria import base\n    return base'), True,
     "e2mc/low.py:10: page 10_low reaches forward to 20_criteria.base"),
    ("an arrow forward by plain import", lambda r: source(r/'nbs/12_high.ipynb', 2, '#| export\nimport e2mc.criteria.base as base\nlow = int'), True,
     "e2mc/high.py:7: page 12_high reaches forward to 20_criteria.base"),
    ("an arrow forward out of the gathering module", lambda r: source(r/'nbs/10_low.ipynb', 3, '#| export by_definition\nfrom e2mc.high import high'), True,
     "e2mc/by_definition.py:10: page 10_low reaches forward to 12_high"),
    ("a criterion that imports its sibling", lambda r: source(r/'nbs/24_criteria.two.ipynb', 2, '#| export\nfrom e2mc.criteria.one import Criterion'), True,
     "e2mc/criteria/two.py:7: page 24_criteria.two imports its sibling 21_criteria.one"),
    ("a module that imports the top of the package", lambda r: source(r/'nbs/24_criteria.two.ipynb', 2, '#| export\nfrom e2mc import Two'), True,
     "e2mc/criteria/two.py:7: imports from the top of the package"),
    ("a lesson that looks ahead", lambda r: write(r/'nbs/11_lesson.ipynb', '# Lesson', '%matplotlib inline\nfrom e2mc.high import high'), False,
     "nbs/11_lesson.ipynb: cell cell0001 reaches forward to 12_high"),
    ("a lesson that looks ahead from the top", lambda r: write(r/'nbs/11_lesson.ipynb', '# Lesson', 'from e2mc import Two'), False,
     "nbs/11_lesson.ipynb: cell cell0001 reaches forward to 24_criteria.two"),
    ("a stored error", lambda r: stored(r, output_type='error', ename='KeyError', evalue='', traceback=[]), False, "nbs/tutorials/lesson.ipynb: cell cell0001 stores an error, KeyError"),
    ("a stored warning", lambda r: stored(r, output_type='stream', name='stderr', text='UserWarning: old'), False, "cell cell0001 stores text from stderr, 'UserWarning: old'"),
    ("a path of a machine", lambda r: stored(r, output_type='stream', name='stdout', text='saved in /home/someone/runs'), False, "cell cell0001 stores a path of the machine"),
    ("a library's place on a machine", lambda r: stored(r, output_type='stream', name='stdout', text='W1 .venv/lib/python3.11/site-packages/torch/x.py:7] recompiled'), False, "cell cell0001 stores a path of the machine"),
    ("the same in a table", lambda r: stored(r, output_type='display_data', data={'text/html': '<td>/tmp/xyz/report.html</td>'}), False, "cell cell0001 stores a path of the machine"),
    ("a page of more than a megabyte", lambda r: stored(r, output_type='display_data', data={'image/png': 'x'*1_000_000}), False, "nbs/tutorials/lesson.ipynb: 1.00 MB; pages stay below 1 MB"),
    ("a page that nbdev's index does not know", lambda r: edit(r/'e2mc/_modidx.py', 'low_by_definition', 'low_by_heart'), False, "e2mc/_modidx.py: nbdev's index is old"),
    ("a library that is not required", lambda r: source(r/'nbs/10_low.ipynb', 2, '#| export\nimport os\nfrom PIL import Image\nimport sklearn.neighbors\ndef low():\n    import scipy.special\n'), True,
     "e2mc/low.py:13: imports scipy, which is not a requirement"),
    ("a badge of another repository", lambda r: write(r/'nbs/tutorials/lesson.ipynb', '# L [![Colab](x.svg)](https://colab.research.google.com/github/other/something/blob/main/nbs/l.ipynb)'), False,
     "nbs/tutorials/lesson.ipynb: cell cell0000 names other/something as this repository; settings.ini says someone/something"),
    ("an installation from another repository", lambda r: write(r/'nbs/tutorials/lesson.ipynb', '%pip install git+https://github.com/someone/else.git'), False,
     "cell cell0000 names someone/else as this repository"),
]

harmless = [
    ("the right address, and somebody else's code", lambda r: write(r/'nbs/tutorials/lesson.ipynb', '# L\n\n`pip install git+https://github.com/someone/something`\n'
        'https://github.com/someone/something/blob/main/nbs/l.ipynb https://github.com/author/vicreg/blob/main/main.py')),
    ("the right addresses in files, and an action", lambda r: github(r, 'workflows/test.yml', "- {python: '3.10', torch: oldest}\nuses: other/action@abc # https://github.com/someone/something/actions https://someone.github.io/something/")),
    ("an address", lambda r: stored(r, output_type='stream', name='stdout', text='https://example.org/home/page and data/tmp/x and 1/2')),
    ("a page without a number that uses everything", lambda r: write(r/'nbs/tutorials/all.ipynb', '# All', 'from e2mc.criteria.two import two\nfrom e2mc import Two')),
]


def colab_cells(root):
    "Cells are missing, then written, then of another address, then of an older version: reported, accepted, reported, reported"
    from fastcore.nbio import dict2nb, write_nb
    page = root/'nbs/10_low.ipynb'
    source(page, 2, "#| export\ndef low(): return open('results/low.csv')")
    said = lambda: [v for v in checks.notebooks_open_in_colab(root) if '10_low' in v]
    write_cells = lambda: write_nb(dict2nb(colab.with_cells(page, root)), page)
    assert len(said())==1, said()
    write_cells()
    assert said()==[], said()
    assert 'os.chdir' not in pages.read(page).cells[2].source # a folder that a page only names
    (page.parent/'results').mkdir()
    write_cells()
    assert said()==[], said()
    assert [c['id'] for c in json.loads(page.read_text())['cells'][:3]]==['cell0000', 'colab-badge', 'colab-install']
    installs = lambda: pages.read(page).cells[2].source
    for wanted in ("'thing @ git+https://github.com/someone/something'", "'--branch', 'main'", "os.chdir('e2mc-pages/nbs')"): assert wanted in installs(), installs()
    edit(page, 'someone/something', 'someone/else')
    assert len(said())==1, said()
    write_cells()
    edit(root/'CHANGELOG.md', '## [Unreleased]', '## [0.3.0] - 2026-01-01')
    assert len(said())==1, said()
    write_cells()
    for wanted in ("'thing==0.3.0'", "'--branch', 'v0.3.0'"): assert wanted in installs(), installs()


def gpu_cells(root):
    "Where there is no GPU a cell marked so is left out, and the cells below it run"
    import torch
    from IPython.core.interactiveshell import InteractiveShell
    write(root/'nbs/tutorials/gpu.ipynb', '# GPU', '#| cuda\n#| output: false\nimport nothing', 'done = 1')
    sources = [c.source for c in colab.with_cells(root/'nbs/tutorials/gpu.ipynb', root).cells if c.cell_type=='code']
    shell = InteractiveShell()
    with contextlib.redirect_stdout(io.StringIO()): ran = [shell.run_cell(source.replace(f"if {colab.missing}", 'if False')).success for source in sources]
    assert ran==[True, not torch.cuda.is_available(), True] and shell.user_ns['done']==1, ran


def said(text, source='run()'): return nbformat.from_dict(code(source, output_type='stream', name='stdout', text=text))

drawn = lambda *kinds: nbformat.from_dict(new_code_cell('plot()', outputs=[new_output('display_data', data={kind: 'x'}) for kind in kinds]))

# Each: what a cell stores, what it says now, and how the difference begins; None where there is none
outputs = [
    (said('loss 0.5000, 1,281,167 images'), said('loss 0.5004,  1,281,167 images'), None),
    (said('loss 0.5000'), said('loss 0.5200'), 'stores 0.5000 and says 0.5200'),
    (said('loss −0.40 [−2.19, +1.39]'), said('loss +0.40 [−2.19, +1.39]'), 'stores −0.40 and says +0.40'),
    (said('gradient 3e-10'), said('gradient 8e-12'), None),
    (said('<function f>'), said('<function f at 0x7f4726c6fce0>'), None),
    (said('digest 1e51234567ab'), said('digest 1e51234567ac'), "stores '#e51234567ab' and says '#e51234567ac'"),
    (said('rate 3.0e-04'), said('rate 4.0e-04'), 'stores 3.0e-04 and says 4.0e-04'),
    (said('94.2'), said('94.3'), None),
    (said('94.2 and 7'), said('91.2 and 8'), 'stores 94.2 and says 91.2, and 1 more'),
    (said('25 images'), said('26 images'), 'stores 25 and says 26'),
    (said('no difference'), said('E2MC is better'), "stores 'no difference' and says 'E2MC is better'"),
    (said('arm  knn\n───  ───\nx    9.5'), said('arm   knn\n───  ─────\nx     9.50'), None),
    (said('1 2'), said('1'), "stores '#' and says ''"),
    (said(''), said('1'), "stores '' and says '#'"),
    (said('3 ms', '#| volatile\nrun()'), said('4 ms', '#| volatile\nrun()'), None),
    (said('3 ms', '#| volatile\nrun()'), said('', '#| volatile\nrun()'), 'stores text and prints none'),
    (drawn('image/png'), drawn('image/png'), None),
    (drawn('image/png'), drawn(), 'stores 1 figures and draws 0'),
    (drawn('image/png'), drawn('image/png', 'image/png'), 'stores 1 figures and draws 2'),
]


def stale_outputs(root):
    "Pages that run: one that stores what it says, one that does not, and one that fails"
    for stored,fresh,begins in outputs:
        found = freshness.difference(stored, fresh)
        assert found is None if begins is None else found and found.startswith(begins), f"{stored.outputs} and {fresh.outputs}: {found}, expected {begins}"
    write(root/'nbs/tutorials/fresh.ipynb', '# Fresh', code('print(1/3)', output_type='stream', name='stdout', text='0.3333\n'), code('#| slow\nprint(2)', output_type='stream', name='stdout', text='7\n'))
    write(root/'nbs/tutorials/old.ipynb', '# Old', code('print(1/3)', output_type='stream', name='stdout', text='0.4333\n'))
    write(root/'nbs/tutorials/wrong.ipynb', '# Wrong', code('print(1/0)', output_type='stream', name='stdout', text='0.3333\n'))
    before = (root/'nbs/tutorials/old.ipynb').read_bytes()
    found = [lines for _,lines in freshness.stale([root/f'nbs/tutorials/{name}.ipynb' for name in ('fresh', 'old', 'wrong')], root)]
    assert found[0]==[] and len(found[1])==len(found[2])==1, found
    assert found[1][0].startswith('nbs/tutorials/old.ipynb: cell cell0001 stores 0.4333 and says 0.333') and 'wrong.ipynb: does not run' in found[2][0], found
    assert (root/'nbs/tutorials/old.ipynb').read_bytes()==before


def main():
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder).resolve()/'clean'
        clean.mkdir()
        project(clean)
        assert violations(clean)==[], violations(clean)
        text = (clean/'README.md').read_text()
        for wanted in ('[low](nbs/10_low.ipynb#one)', '![all](nbs/images/all.png)', '```python\n1+1\n```', '```text\n2\n```', '![A rising curve](docs/images/curve.png)', '\n<table><td>3</td></table>'):
            assert wanted in text, f"{wanted} is not in {text}"
        for unwanted in ('hidden', 'plot()', '#|', '<style>'): assert unwanted not in text, f"{unwanted} is in {text}"
        assert (clean/'docs/images/curve.png').read_bytes()==b'hello'
        assert '[index](README.md)' in (clean/'CONTRIBUTING.md').read_text()
        cases = [(name, plant, exported, [line]) for name,plant,exported,line in planted] + [(name, plant, False, []) for name,plant in harmless]
        for number,(name, plant, exported, expected) in enumerate(cases):
            root = clean.parent/str(number)
            shutil.copytree(clean, root)
            plant(root)
            if exported: export(root)
            found = violations(root)
            assert len(found)==len(expected) and all(e in f for e,f in zip(expected, found)), f"{name}: expected {expected}, found {found}"
            checks._fresh.cache_clear()
        colab_cells(shutil.copytree(clean, clean.parent/'colab'))
        gpu_cells(shutil.copytree(clean, clean.parent/'gpu'))
        stale_outputs(shutil.copytree(clean, clean.parent/'stale'))
    print(f"ok  a clean project passes, {len(planted)} planted violations are reported, {len(harmless)} harmless cells are not")


if __name__=='__main__': main()

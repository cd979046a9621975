"""Run every tutorial as somebody does who opens it in Colab: an empty folder, and an environment without e2mc.

    python docs/test_tutorials.py              # requirements linked from this environment, nothing is downloaded
    python docs/test_tutorials.py --empty      # requirements installed from the registry into a new environment

The notebook's own first cell installs the wheel that was built here and clones the files that the page
reads. The environment holds what the wheel requires and a notebook kernel, and nothing else: what is
installed here only to work on the project (nbdev, Sphinx, this checkout) is not there. Cells marked
`#| slow` or `#| cuda` are left out, as in `make test`.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from importlib.metadata import distribution
from pathlib import Path
import nbformat
import colab
import pages
from test_package import build

program = ['pip', 'ipykernel', 'nbclient'] # what Colab has besides: the notebook itself
run_notebook = '''
import sys, time, nbformat
from nbclient import NotebookClient
from traitlets.config import Config
start, notebook = time.perf_counter(), nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=600, kernel_name='python3', config=Config(KernelManager=dict(transport='ipc'))).execute()
print(f"ok  {sys.argv[1]}, {time.perf_counter()-start:.0f} s", flush=True)
'''
nothing_yet = '''
import importlib.util
assert not importlib.util.find_spec('e2mc'), "the environment holds e2mc before it is installed"
'''
proof = '''
import importlib.util, sys, e2mc
assert e2mc.__file__.startswith(sys.prefix), f"this is not the wheel but {e2mc.__file__}"
assert importlib.util.find_spec('nbdev') is None, "the environment holds more than the wheel requires"
'''


def required(names):
    "Distributions that `names` require, all the way down, as installed here; this project's own stands for its requirements"
    from packaging.requirements import Requirement
    found, left = {}, list(names)
    while left:
        one = distribution(left.pop())
        name = re.sub(r'[-_.]+', '-', one.metadata['Name']).lower()
        if name in found: continue
        found[name] = one
        wanted = [Requirement(text) for text in one.requires or []]
        left += [r.name for r in wanted if r.marker is None or r.marker.evaluate({'extra': ''})]
    return found


def link_environment(where):
    "A virtual environment with links to what e2mc requires, and without e2mc"
    venv.create(where, symlinks=True)
    site = next((where/'lib').glob('python*/site-packages'))
    name = pages.settings()['name']
    for key,one in required([name, *program]).items():
        tops = {Path(file).parts[0] for file in one.files or []} - {'..', '__pycache__'}
        if key!=name:
            for top in tops:
                if not (site/top).exists(): (site/top).symlink_to(one.locate_file(top))
    return where/'bin'/'python'


def install_environment(where):
    "The same, from the registry"
    venv.create(where, with_pip=True)
    python = where/'bin'/'python'
    wanted = [line for line in pages.settings()['requirements'].split('\n') if line]
    subprocess.run([python, '-m', 'pip', 'install', '--quiet', *wanted, *program], check=True)
    return python


def repository(where, tag):
    "A repository that holds the tutorials and what they read, under the tag of the release"
    shutil.copytree(pages.root/'nbs'/'tutorials', where/'nbs'/'tutorials', ignore=shutil.ignore_patterns('.*'))
    git = lambda *arguments: subprocess.run(['git', '-c', 'user.name=test', '-c', 'user.email=test@localhost', *arguments], cwd=where, check=True)
    git('init', '--quiet'); git('add', '.'); git('commit', '--quiet', '-m', 'Tutorials'); git('tag', tag)


def page_for_test(path, where):
    "The notebook with the cells of a release, without cells that take long or a GPU, and with a proof that it used the wheel"
    notebook = colab.with_cells(path)
    tag = f"v{pages.settings()['version']}"
    first = next(c for c in notebook.cells if c.get('id')=='colab-install')
    if not colab.released(): # as it will read once there is one
        facts = pages.settings()
        first.source = first.source.replace(f" @ git+{facts['git_url']}", f"=={tag[1:]}").replace(f"'--branch', '{facts['branch']}'", f"'--branch', '{tag}'")
    notebook.cells = [c for c in notebook.cells if c.cell_type!='code' or not {'slow', 'cuda'} & set(pages.directives(c)[0])]
    notebook.cells.append(nbformat.v4.new_code_cell(proof))
    nbformat.write(notebook, where)


def environment_variables(where):
    "As little as possible: the registry is the folder of the wheel, and this project's address is a repository here"
    git = {'GIT_CONFIG_COUNT': '1', 'GIT_CONFIG_KEY_0': f"url.{(where/'repository').as_uri()}.insteadOf", 'GIT_CONFIG_VALUE_0': pages.settings()['git_url']}
    pip = {'PIP_NO_INDEX': '1', 'PIP_FIND_LINKS': str(where/'dist'), 'PIP_NO_DEPS': '1', 'PIP_DISABLE_PIP_VERSION_CHECK': '1', 'PIP_CONFIG_FILE': os.devnull}
    return {'PATH': os.environ['PATH'], 'HOME': str(where/'home'), 'OMP_NUM_THREADS': os.environ.get('OMP_NUM_THREADS', '1'), **git, **pip}


def main():
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder).resolve()
        (where/'home').mkdir()
        build(where/'dist')
        repository(where/'repository', f"v{pages.settings()['version']}")
        python = (install_environment if '--empty' in sys.argv else link_environment)(where/'environment')
        subprocess.run([python, '-c', nothing_yet], cwd=where/'home', env=environment_variables(where), check=True)
        failed = []
        for path in sorted((pages.root/'nbs'/'tutorials').glob('*.ipynb')):
            empty = where/path.stem
            empty.mkdir()
            page_for_test(path, empty/path.name)
            code = subprocess.run([python, '-c', run_notebook, path.name], cwd=empty, env=environment_variables(where)).returncode
            if code: failed.append(path.name)
        if failed: sys.exit(f"not working from the wheel alone: {', '.join(failed)}")
    print(f"all tutorials work from the wheel alone, {time.perf_counter()-start:.0f} s")


if __name__=='__main__': main()

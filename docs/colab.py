"""Give every notebook, below its title, a badge that opens it in Colab and a cell that installs e2mc where it is missing.

    python docs/colab.py            # write them
    python docs/colab.py --check    # exit 1, with a line for each notebook that differs

What is installed follows from two files: the version in settings.ini is a release once CHANGELOG.md
has a heading with its number, and is then installed by it; until then it is installed from source.
A page that reads files beside it (results, reference numbers) also gets those, from the same place.
On a machine without a GPU, cells marked `#| cuda` are left out, so that the others run to the end.
The cells are written, never edited by hand.
"""
import re
import sys
import nbformat
import pages

badge = 'colab-badge.svg'
missing = "importlib.util.find_spec('e2mc') is None"
beside = re.compile(r"""['"]((?:experiments/|tutorials/)?results|reference|\.\./docs)\b""")
clone = 'e2mc-pages'


def released(root=pages.root):
    "The tag of the version in settings.ini, or None as long as CHANGELOG.md has no heading for it"
    version = pages.settings(root)['version']
    text = (root/'CHANGELOG.md').read_text(encoding='utf-8')
    return f'v{version}' if re.search(rf'^## \[{re.escape(version)}\]', text, re.M) else None


def requirement(notebook, root=pages.root):
    "What pip has to install for a page, with the extra that the page needs"
    facts, tag = pages.settings(root), released(root)
    source = '\n'.join(c.source for c in notebook.cells if c.cell_type=='code')
    extra = '[dev]' if '../docs' in source else '[parquet]' if 'pyarrow' in source else ''
    return f"{facts['name']}{extra}" + (f'=={tag[1:]}' if tag else f" @ git+{facts['git_url']}")


def install(path, notebook, root=pages.root):
    "Source of the cell that makes a page run where nothing is installed"
    facts, branch = pages.settings(root), released(root) or pages.settings(root)['branch']
    files = next((found[1] for c in notebook.cells if c.cell_type=='code' and (found := beside.search(c.source)) and (path.parent/found[1]).is_dir()), None)
    lines = ['#| hide', f"# Where e2mc is missing, as in Colab: install it{', and get the files that this page reads' if files else ''}",
        f"import importlib.util,{' os,' if files else ''} subprocess, sys",
        f"if {missing}: subprocess.run([sys.executable, '-m', 'pip', 'install', '-q', '{requirement(notebook, root)}'], check=True)"]
    if files: lines += [f"if not os.path.isdir('{files}'):",
        f"    if not os.path.isdir('{clone}'): subprocess.run(['git', '-c', 'advice.detachedHead=false', 'clone', '-q', '--depth', '1', '--branch', '{branch}', '{facts['git_url']}', '{clone}'], check=True)",
        f"    os.chdir('{clone}/{path.relative_to(root).parent.as_posix()}')"]
    if any('cuda' in pages.directives(c)[0] for c in notebook.cells if c.cell_type=='code'): lines += ['import torch',
        "if not torch.cuda.is_available(): # cells marked so are left out",
        "    get_ipython().input_transformers_cleanup.append(lambda lines: [\"print('left out: there is no GPU')\\n\"] if '#| cuda\\n' in lines[:3] else lines)"]
    return '\n'.join(lines)


def cells(path, notebook, root=pages.root):
    "The two cells of one notebook, given its other cells"
    facts = pages.settings(root)
    where = path.relative_to(root).as_posix()
    address = f"https://colab.research.google.com/github/{facts['user']}/{facts['repo']}/blob/{facts['branch']}/{where}"
    return [nbformat.from_dict(dict(cell_type='markdown', id='colab-badge', metadata={}, source=f'[![Open in Colab](https://colab.research.google.com/assets/{badge})]({address})')),
        nbformat.from_dict(dict(cell_type='code', id='colab-install', metadata={}, execution_count=None, outputs=[], source=install(path, notebook, root)))]


def with_cells(path, root=pages.root):
    "The notebook as it should be"
    notebook = pages.read(path)
    notebook.cells = others = [c for c in notebook.cells if badge not in c.source and missing not in c.source]
    title = next((i for i,c in enumerate(others) if c.cell_type=='markdown' and c.source.startswith('# ')), -1)
    notebook.cells = others[:title+1] + cells(path, notebook, root) + others[title+1:]
    return notebook


def differing(root=pages.root):
    "Notebooks without the right two cells"
    return [path for path in pages.notebooks(root) if pages.read(path)!=with_cells(path, root)]


def main():
    changed = differing()
    if '--check' in sys.argv:
        if changed: sys.exit('\n'.join(f"{p.relative_to(pages.root)}: badge or install cell missing or old; run `make export`" for p in changed))
        return
    from fastcore.nbio import dict2nb, write_nb
    for path in changed: write_nb(dict2nb(with_cells(path)), path)


if __name__=='__main__': main()

"""Give every notebook, below its title, a badge that opens it in Colab and a cell that installs e2mc where it is missing.

    python docs/colab.py            # write them
    python docs/colab.py --check    # exit 1, with a line for each notebook that differs

The repository's address comes from settings.ini. The cells are written, never edited by hand.
"""
import sys
import nbformat
import pages

badge = 'colab-badge.svg'
missing = "importlib.util.find_spec('e2mc') is None"


def cells(path, root=pages.root):
    "The two cells of one notebook"
    facts = pages.settings(root)
    where = path.relative_to(root).as_posix()
    address = f"https://colab.research.google.com/github/{facts['user']}/{facts['repo']}/blob/{facts['branch']}/{where}"
    install = f"""#| hide
import importlib.util, subprocess, sys
if {missing}: subprocess.run([sys.executable, '-m', 'pip', 'install', '-q', 'git+{facts['git_url']}'], check=True)"""
    return [nbformat.from_dict(dict(cell_type='markdown', id='colab-badge', metadata={}, source=f'[![Open in Colab](https://colab.research.google.com/assets/{badge})]({address})')),
        nbformat.from_dict(dict(cell_type='code', id='colab-install', metadata={}, execution_count=None, outputs=[], source=install))]


def with_cells(path, root=pages.root):
    "The notebook as it should be"
    notebook = pages.read(path)
    others = [c for c in notebook.cells if badge not in c.source and missing not in c.source]
    title = next((i for i,c in enumerate(others) if c.cell_type=='markdown' and c.source.startswith('# ')), -1)
    notebook.cells = others[:title+1] + cells(path, root) + others[title+1:]
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

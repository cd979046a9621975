"""The site, from the notebooks' stored outputs: `python docs/build.py` (or `make docs`).

Each page under nbs/ becomes a page of the site: directives and hidden cells go, exported functions
and classes get an entry with their parameters, and their source folds away unless the cell says
`#| exports`. Then Sphinx, MyST-NB and Furo render everything into docs/_build/html. Nothing is
executed, and the site needs no network: MathJax is copied from the package `sphinx-mathjax-offline`.
"""
import ast
import importlib
import inspect
import re
import shutil
import sys
from importlib.metadata import distribution
import nbformat
from fastcore.docments import docments
from nbformat.v4 import new_markdown_cell
from sphinx.cmd.build import main as sphinx
from pages import directives, notebooks, read, root, settings, title_and_promise

sys.path.insert(0, str(root)) # the entries describe this checkout, not an installed copy
here = root/'docs'
site, sources = here/'_build'/'html', here/'pages'

sections = [
    ('Ideas', range(0, 10)), ('Mathematics', range(10, 20)), ('Criteria', range(20, 30)), ('Data and models', range(30, 40)),
    ('Training', range(40, 48)), ('Evaluation', range(48, 60)), ('Diagnostics and report', range(60, 70)), ('Commands', range(70, 100))]
folders = {'tutorials': 'Tutorials', 'experiments': 'Experiments'}


# Entries for exported names ----------------------------------------------------------------------

def _cell_text(value):
    "Text for a cell of a Markdown table"
    return ' '.join(str(value).split()).replace('|', '\\|')

def _type(annotation):
    if annotation is inspect.Parameter.empty: return ''
    text = annotation if isinstance(annotation, str) else annotation.__name__ if isinstance(annotation, type) and not hasattr(annotation, '__args__') else str(annotation)
    return f"`{_cell_text(re.sub(r'(typing|collections[.]abc|torch[.]nn[.]modules[.][a-z]+|torch|pathlib)[.]', '', text))}`"

def _parameters(function, arguments):
    "Table of a function's parameters with types, defaults and meaning, and what it returns"
    documented = docments(function, full=True, args_kwargs=True)
    stars = {a.arg: s for a,s in ((arguments.vararg, '\\*'), (arguments.kwarg, '\\*\\*')) if a}
    rows = []
    for name,about in documented.items():
        if name in ('return', 'self'): continue
        default = '' if about['default'] is inspect.Parameter.empty else f"`{_cell_text(_default(about['default']))}`"
        meaning = _cell_text(about['docment'] or '')
        rows.append(f"| {stars.get(name, '')}`{name}` | {_type(about['anno'])} | {default} | {meaning} |")
    if 'return' in documented and documented['return']['docment']:
        about = documented['return']
        rows.append(f"| **returns** | {_type(about['anno'])} | | {_cell_text(about['docment'])} |")
    if not any(r.split('|')[2:5]!=[' ', ' ', ' '] for r in rows): return ''
    return '\n'.join(['| Parameter | Type | Default | Meaning |', '|---|---|---|---|', *rows])

def _default(value): return value.__name__ if inspect.isclass(value) or inspect.isroutine(value) else repr(value)

def _fields(node, source):
    "Table of the annotated fields of a NamedTuple or data class"
    lines, rows = source.split('\n'), []
    for field in node.body:
        if not isinstance(field, ast.AnnAssign): continue
        comment = re.search(r'#\s*(.*)$', lines[field.end_lineno-1][field.end_col_offset:])
        default = f'`{_cell_text(ast.unparse(field.value))}`' if field.value else ''
        rows.append(f"| `{field.target.id}` | `{_cell_text(ast.unparse(field.annotation))}` | {default} | {_cell_text(comment[1]) if comment else ''} |")
    return '\n'.join(['| Field | Type | Default | Meaning |', '|---|---|---|---|', *rows]) if rows else ''

def _signature(node, method=False):
    "Names and defaults of a function's arguments; the types stand in the table"
    arguments = node.args
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]:
        if argument: argument.annotation = None
    text = ast.unparse(arguments)
    return f"({re.sub(r'^[a-z]+(, )?', '', text) if method else text})"

def _directive(kind, name, module, parts, depth=3):
    fence = ':'*depth
    return '\n\n'.join([f"{fence}{{py:{kind}}} {name}\n:module: {module}", *[p for p in parts if p], fence])

def _documented(node): return (ast.get_docstring(node) or '').replace('\n', '\n\n')

def _decorated(node, name): return any(getattr(d, 'id', getattr(d, 'attr', '')) == name for d in node.decorator_list)

def _function(node, module, owner=None, depth=3):
    "Entry of a function, or of a method or property of `owner`"
    target = getattr(owner or module, node.name)
    name = f'{owner.__name__}.{node.name}' if owner else node.name
    if owner and _decorated(node, 'property'): return _directive('property', name, module.__name__, [_documented(node)], depth)
    bound = owner is not None and not _decorated(node, 'staticmethod')
    arguments = node.args
    table = _parameters(inspect.unwrap(target), arguments)
    return _directive('method' if owner else 'function', name+_signature(node, bound), module.__name__, [_documented(node), table], depth)

def _class(node, module, source):
    "Entry of a class with its constructor, fields and public methods"
    target = getattr(module, node.name)
    methods = [n for n in node.body if isinstance(n, ast.FunctionDef)]
    start = next((n for n in methods if n.name=='__init__'), None)
    table = _parameters(target.__init__, start.args) if start else _fields(node, source)
    inner = [_function(n, module, target) for n in methods if n.name[0]!='_' and not _decorated(n, 'setter')]
    return _directive('class', node.name+(_signature(start, True) if start else ''), module.__name__, [_documented(node), table, *inner], 4)

def _entries(source, module):
    "Entries of the public names that an exported cell defines"
    for node in ast.parse(source).body:
        name = getattr(node, 'name', '_')
        if name[0]=='_' or not hasattr(module, name) and not _decorated(node, 'patch'): continue
        if isinstance(node, ast.ClassDef): yield _class(node, module, source)
        elif _decorated(node, 'patch'): yield _function(node, module, getattr(module, ast.unparse(node.args.args[0].annotation)))
        elif isinstance(node, ast.FunctionDef): yield _function(node, module)

def _only_imports(source): return all(isinstance(n, (ast.Import, ast.ImportFrom)) for n in ast.parse(source).body)


# Pages -------------------------------------------------------------------------------------------

def exported_names():
    "Where each public name of the package is documented: name to module"
    found = {}
    for path in notebooks():
        for _,source,module in _exported(read(path)):
            for node in ast.parse(source).body:
                name = getattr(node, 'name', '_')
                if name[0]!='_': found.setdefault(name, module)
    return found

def _exported(notebook):
    "Cells that go into the package: number, source, and module"
    default = None
    for number,cell in enumerate(notebook.cells):
        if cell.cell_type!='code': continue
        given, source = directives(cell)
        default = given.get('default_exp', default)
        for kind in ('export', 'exports', 'exporti'):
            if kind in given: yield number, source, f"e2mc.{given[kind] or default}"

def _linked(text, names):
    "Markdown in which `name` leads to the entry of an exported name"
    parts = re.split(r'(```.*?```|\[[^\]]*\]\([^)]*\)|^#.*?$|\$\$.*?\$\$)', text, flags=re.S|re.M)
    link = lambda m: f"{{py:obj}}`{m[1]} <{names[m[1]]}.{m[1]}>`" if m[1] in names else m[0]
    return ''.join(p if i%2 else re.sub(r'(?<!`)`([A-Za-z]\w*)`(?!`)', link, p) for i,p in enumerate(parts))

def _no_remote_images(text):
    "Badges become plain links: the site loads nothing from elsewhere"
    return re.sub(r'!\[([^\]]*)\]\(https?://[^)]*\)', r'\1', text)

def _where(path, module):
    "One line with the module and the ways to the source of a page"
    facts, relative = settings(), path.relative_to(root)
    blob = f"{facts['git_url']}/blob/{facts['branch']}"
    colab = f"https://colab.research.google.com/github/{facts['user']}/{facts['repo']}/blob/{facts['branch']}/{relative}"
    exported = [f"`{module}`", f"[module]({blob}/{module.replace('.', '/')}.py)"] if module else []
    return '```{rst-class} where\n```\n' + ' · '.join([*exported, f"[notebook]({blob}/{relative})", f"[open in Colab]({colab})"])

def converted(path, names):
    "A page's notebook as the site shows it"
    notebook = read(path)
    exported = {number: (source, module) for number,source,module in _exported(notebook)}
    default = next((directives(c)[0]['default_exp'] for c in notebook.cells if 'default_exp' in directives(c)[0]), None)
    cells = []
    for number,cell in enumerate(notebook.cells):
        given, cell.source = directives(cell)
        if 'hide' in given or 'default_exp' in given or cell.cell_type=='raw': continue
        if cell.cell_type=='markdown':
            cell.source = _linked(_no_remote_images(cell.source), names)
            cells.append(cell)
            if len(cells)==1 and path.stem!='index':
                where = _where(path, f'e2mc.{default}' if default else None)
                cell.source = re.sub(r'\A(# [^\n]*\n+(?:> [^\n]*(?:\n|$))*)', lambda m: f'{m[1].rstrip()}\n\n{where}\n\n', cell.source+'\n')
            continue
        tags = [tag for tag,name in (('remove-input', 'echo'), ('remove-output', 'output')) if given.get(name)=='false']
        if number in exported:
            source, module = exported[number]
            if 'exporti' not in given and _only_imports(source): continue
            if 'exporti' not in given: cells += [new_markdown_cell(entry) for entry in _entries(source, importlib.import_module(module))]
            if 'exports' not in given: tags.append('hide-input')
        cell.metadata['tags'] = tags
        cells.append(cell)
    notebook.cells = cells
    return notebook

def contents():
    "Sections of the site: title and paths of the pages"
    found = {title: [] for title in [*[t for t,_ in sections], *folders.values(), 'Project']}
    for path in notebooks():
        parts = path.relative_to(root/'nbs').parts
        number = re.match(r'(\d+)', path.stem)
        if len(parts)>1: found.setdefault(folders.get(parts[0], parts[0].capitalize()), []).append(path)
        elif number: found[next(t for t,r in sections if int(number[1]) in r)].append(path)
        elif path.stem!='index': found['Project'].append(path)
    return {title: paths for title,paths in found.items() if paths}

def index():
    "The first page: nbs/index.ipynb, then every page with its question"
    path = root/'nbs/index.ipynb'
    notebook = converted(path, exported_names()) if path.exists() else nbformat.v4.new_notebook(cells=[new_markdown_cell(f"# {settings()['name']}\n\n{settings()['description']}")])
    lists = ['## Pages']
    trees = []
    for title,paths in contents().items():
        about = [(p.relative_to(root/'nbs'), *title_and_promise(read(p))) for p in paths]
        lists.append('\n'.join([f'### {title}\n', *[f"- [{name or p.stem}]({p})" + (f": {promise}" if promise else '') for p,name,promise in about]]))
        trees.append('\n'.join(['```{toctree}', ':hidden:', f':caption: {title}', '', *[str(p.with_suffix('')) for p,_,_ in about], '```']))
    notebook.cells.append(new_markdown_cell('\n\n'.join(lists+trees)))
    return notebook

def write_pages():
    "All pages of the site, as notebooks for MyST-NB"
    shutil.rmtree(sources, ignore_errors=True)
    names = exported_names()
    for path in notebooks():
        target = sources/path.relative_to(root/'nbs')
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(index() if path==root/'nbs/index.ipynb' else converted(path, names), target)
    if not (sources/'index.ipynb').exists(): nbformat.write(index(), sources/'index.ipynb')
    for picture in (root/'nbs').rglob('*'):
        if picture.suffix in ('.png', '.svg', '.jpg', '.gif'):
            (sources/picture.relative_to(root/'nbs')).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(picture, sources/picture.relative_to(root/'nbs'))


# The site ----------------------------------------------------------------------------------------

def remote_loads():
    "Addresses elsewhere that a page of the site would load by itself"
    loads = r'<(?:script|img|iframe|source|embed)\b[^>]*\bsrc="((?:https?:)?//[^"]+)"|<link\b(?![^>]*rel="(?:canonical|search|index|next|prev)")[^>]*\bhref="((?:https?:)?//[^"]+)"|@import\s+url\(["\']?(https?:[^)]+)'
    for page in sorted(site.rglob('*.html')):
        for found in re.findall(loads, page.read_text(encoding='utf-8')): yield page.relative_to(site), next(f for f in found if f)

def main():
    write_pages()
    shutil.rmtree(site, ignore_errors=True)
    failed = sphinx(['-q', '-b', 'html', '-d', str(here/'_build/doctrees'), '-c', str(here), *sys.argv[1:], str(sources), str(site)])
    if failed: sys.exit(failed)
    mathjax = distribution('sphinx-mathjax-offline').locate_file('sphinx-mathjax-offline/static/mathjax/tex-svg.js')
    shutil.copy(mathjax, site/'_static/mathjax.js')
    remote = list(remote_loads())
    if remote: sys.exit('\n'.join(f"{page}: loads {address}; the site must work without a network" for page,address in remote))
    print(f"{len(list(site.rglob('*.html')))} pages in {site.relative_to(root)}; open {(site/'index.html').relative_to(root)}")


if __name__=='__main__': main()

"""Entries of the site for exported names: signature, parameters with types, shapes and defaults, and links.

An entry is Markdown that Sphinx's Python domain understands; docs/build.py puts it before the cell
that defines the name. Nothing is imported but the package, whose docments say what stands in the tables.
"""
import ast
import inspect
import re
from functools import cache
from fastcore.docments import docments
from pages import directives, notebooks, read, root


def exported(notebook):
    "Cells that go into the package: number, source, and module"
    default = None
    for number,cell in enumerate(notebook.cells):
        if cell.cell_type!='code': continue
        given, source = directives(cell)
        default = given.get('default_exp', default)
        for kind in ('export', 'exports', 'exporti'):
            if kind in given: yield number, source, f"e2mc.{given[kind] or default}"


def module_of(notebook):
    "The module that a page's `#| default_exp` names, or None"
    named = (directives(cell)[0].get('default_exp') for cell in notebook.cells)
    return next((f'e2mc.{name}' for name in named if name), None)


def only_imports(source):
    try: return all(isinstance(n, (ast.Import, ast.ImportFrom)) for n in ast.parse(source).body)
    except SyntaxError: return False # a cell of IPython's own


# What back-ticked names lead to ------------------------------------------------------------------

words = {'covariance', 'gather', 'rank', 'total', 'train'} # names that prose uses otherwise too: a link only with their parentheses or their module

def _public(node): return getattr(node, 'name', '_')[0]!='_'

def _names(node):
    "Public names that a statement defines: functions, classes, and methods as Class.method"
    if not _public(node): return
    if _decorated(node, 'patch'): yield f"{ast.unparse(node.args.args[0].annotation)}.{node.name}"
    else: yield node.name
    if isinstance(node, ast.ClassDef): yield from (f"{node.name}.{n.name}" for n in node.body if isinstance(n, ast.FunctionDef) and _public(n))

@cache
def links():
    "Markdown link of each name that prose may put into back-ticks, with %s for the text to show"
    found = {}
    for path in notebooks():
        notebook = read(path)
        for _,source,module in exported(notebook):
            if module==module_of(notebook): found[module] = f"[`%s`](/{path.relative_to(root/'nbs').as_posix()})"
            for name in (name for node in ast.parse(source).body for name in _names(node)):
                link = f"{{py:obj}}`%s <{module}.{name}>`"
                for form in (name, f'{module}.{name}', f'e2mc.{name}'): found.setdefault(form, link)
    return found

def linked(text):
    "Markdown in which `name`, `name()`, `Class.method` and `e2mc.module` lead to their entry or page"
    parts = re.split(r'(```.*?```|~~~.*?~~~|\{[a-z:]+\}`[^`]*`|\[[^\]]*\]\([^)]*\)|^#.*?$|\$\$.*?\$\$)', text, flags=re.S|re.M)
    link = lambda m: links()[m[2]] % m[1] if m[2] in links() and m[1] not in words else m[0]
    return ''.join(p if i%2 else re.sub(r'(?<!`)`(([A-Za-z][\w.]*)(?:\(\))?)`(?!`)', link, p) for i,p in enumerate(parts))


# Tables ------------------------------------------------------------------------------------------

def _cell_text(value):
    "Text for a cell of a Markdown table"
    return ' '.join(str(value).split()).replace('|', '\\|')

def _type(annotation):
    if annotation is inspect.Parameter.empty: return ''
    text = annotation if isinstance(annotation, str) else annotation.__name__ if isinstance(annotation, type) and not hasattr(annotation, '__args__') else str(annotation)
    return f"`{_cell_text(re.sub(r'(typing|collections[.]abc|torch[.]nn[.]modules[.][a-z]+|torch|pathlib|e2mc(?:[.][a-z_0-9]+)+)[.]', '', text))}`"

def _type_and_meaning(kind, meaning):
    "Two cells: the shape that ends the words about a tensor stands beside its type"
    shape = re.search(r'(?:^|,? )((?:each )?\((?:[\w ]+,[\w, ]*)\))$', meaning or '')
    if shape and re.search('Tensor|ndarray|Sequence|list|tuple', kind): kind, meaning = f"{kind} {shape[1]}", meaning[:shape.start()]
    return kind, linked(_cell_text(meaning or ''))

def _default(value): return value.__name__ if inspect.isclass(value) or inspect.isroutine(value) else repr(value)

def _table(first, rows):
    if not any(any(row[1:]) for row in rows): return ''
    lines = [f'| {first} | Type | Default | Meaning |', '|---|---|---|---|', *(f"| {' | '.join(row)} |" for row in rows)]
    return '\n'.join(lines)

def _parameters(function, arguments):
    "Table of a function's parameters with types, shapes, defaults and meaning, and what it returns"
    documented = docments(function, full=True, args_kwargs=True)
    stars = {a.arg: s for a,s in ((arguments.vararg, '\\*'), (arguments.kwarg, '\\*\\*')) if a}
    rows = []
    for name,about in documented.items():
        if name in ('return', 'self'): continue
        kind, meaning = _type_and_meaning(_type(about['anno']), about['docment'])
        default = '' if about['default'] is inspect.Parameter.empty else f"`{_cell_text(_default(about['default']))}`"
        rows.append((f"{stars.get(name, '')}`{name}`", kind, default, meaning))
    if 'return' in documented and documented['return']['docment']:
        kind, meaning = _type_and_meaning(_type(documented['return']['anno']), documented['return']['docment'])
        rows.append(('**returns**', kind, '', meaning))
    return _table('Parameter', rows)

def _fields(node, source):
    "Table of the annotated fields of a NamedTuple or data class"
    lines, rows = source.split('\n'), []
    for field in node.body:
        if not isinstance(field, ast.AnnAssign): continue
        comment = re.search(r'#\s*(.*)$', lines[field.end_lineno-1][field.end_col_offset:])
        kind, meaning = _type_and_meaning(f"`{_cell_text(ast.unparse(field.annotation))}`", comment[1] if comment else '')
        rows.append((f"`{field.target.id}`", kind, f'`{_cell_text(ast.unparse(field.value))}`' if field.value else '', meaning))
    return _table('Field', rows)


# Entries -----------------------------------------------------------------------------------------

def _signature(node, method=False):
    "Names and defaults of a function's arguments; the types stand in the table"
    arguments = node.args
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]:
        if argument: argument.annotation = None
    text = ast.unparse(arguments)
    return f"({re.sub(r'^[a-z]+(, )?', '', text) if method else text})"

def _directive(kind, name, module, parts, depth=3, option=''):
    fence = ':'*depth
    return '\n\n'.join([f"{fence}{{py:{kind}}} {name}\n:module: {module}{option}", *[p for p in parts if p], fence])

def _documented(node): return linked((ast.get_docstring(node) or '').replace('\n', '\n\n'))

def _decorated(node, name): return any(getattr(d, 'id', getattr(d, 'attr', '')) == name for d in getattr(node, 'decorator_list', []))

def _function(node, module, owner=None, depth=3):
    "Entry of a function, or of a method or property of `owner`"
    target = getattr(owner or module, node.name)
    name = f'{owner.__name__}.{node.name}' if owner else node.name
    if owner and _decorated(node, 'property'): return _directive('property', name, module.__name__, [_documented(node)], depth)
    if owner and node.name in ('forward', 'extra_repr') and not ast.get_docstring(node): return '' # PyTorch's own
    bound = owner is not None and not _decorated(node, 'staticmethod')
    option = next((f'\n:{kind}:' for kind in ('classmethod', 'staticmethod') if _decorated(node, kind)), '')
    arguments = node.args
    table = _parameters(inspect.unwrap(target), arguments)
    return _directive('method' if owner else 'function', name+_signature(node, bound), module.__name__, [_documented(node), table], depth, option)

def _class(node, module, source):
    "Entry of a class with its constructor, fields and public methods"
    target = getattr(module, node.name)
    methods = [n for n in node.body if isinstance(n, ast.FunctionDef)]
    start = next((n for n in methods if n.name=='__init__'), None)
    table = _parameters(target.__init__, start.args) if start else _fields(node, source)
    inner = [_function(n, module, target) for n in methods if n.name[0]!='_' and not _decorated(n, 'setter')]
    return _directive('class', node.name+(_signature(start, True) if start else ''), module.__name__, [_documented(node), table, *inner], 4)

def entries(source, module):
    "Entries of the public names that an exported cell defines"
    for node in ast.parse(source).body:
        if not _public(node) or not hasattr(module, node.name) and not _decorated(node, 'patch'): continue
        if isinstance(node, ast.ClassDef): yield _class(node, module, source)
        elif _decorated(node, 'patch'): yield _function(node, module, getattr(module, ast.unparse(node.args.args[0].annotation)))
        elif isinstance(node, ast.FunctionDef): yield _function(node, module)


# Source ------------------------------------------------------------------------------------------

@cache
def _tree(path): return ast.parse(path.read_text(encoding='utf-8'))

def lines(module, name):
    "First and last line of what a module of the package defines, and the module's file"
    path = root/f"{module.replace('.', '/')}.py"
    body, node = _tree(path).body, None
    owner, _, method = name.rpartition('.')
    for found in body:
        if owner and getattr(found, 'name', '')==owner: node = next((n for n in found.body if getattr(n, 'name', '')==method), node)
        if getattr(found, 'name', '')==method and (not owner or _decorated(found, 'patch')): node = found
    return path.relative_to(root).as_posix(), node and node.lineno, node and node.end_lineno

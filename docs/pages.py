"""What README, site and checks share: where the notebooks are, and how a page's cells are read.

A page is a notebook under `nbs/`. Its cells may begin with directives (`#| name: value`):

    #| hide            the cell is left out of README and site
    #| echo: false     only the cell's output is shown
    #| output: false   only the cell's source is shown
    #| label: name     names the picture that the cell draws
    #| alt: words      says in words what the cell's pictures show; without it, the paragraph before does
"""
import re
from configparser import ConfigParser
from pathlib import Path
import nbformat

root = Path(__file__).resolve().parent.parent

_directive = re.compile(r'#\|[ \t]*([\w-]+):?[ \t]*(.*)')


def settings(root=root):
    "The metadata in settings.ini as a dictionary"
    config = ConfigParser(delimiters=['='])
    config.read(root/'settings.ini', encoding='utf-8')
    return config['DEFAULT']


def notebooks(root=root):
    "Paths of all pages: numbered ones by number, then the folders"
    found = [p for p in (root/'nbs').rglob('*.ipynb') if not any(part[0] in '._' for part in p.relative_to(root/'nbs').parts)]
    return sorted(found, key=lambda p: (len(p.relative_to(root).parts), str(p)))


def read(path): return nbformat.read(path, as_version=4)


def directives(cell):
    "Names and values of the directives at the top of a cell, and the source below them"
    found, lines = {}, cell.source.split('\n')
    while lines and (match := _directive.match(lines[0])):
        found[match[1]] = match[2].strip()
        lines.pop(0)
    return found, '\n'.join(lines).strip('\n')


def title_and_promise(notebook):
    "The page's title and the one-line question below it; empty where a page has none"
    first = next((c.source for c in notebook.cells if c.cell_type=='markdown'), '')
    title = re.search(r'^# (.+)$', first, re.M)
    promise = re.search(r'^> (.+)$', first, re.M)
    return (title[1].strip() if title else ''), (promise[1].strip() if promise else '')


def _draws(cell):
    "Whether a cell's stored outputs hold a picture"
    return any(kind.startswith('image/') for output in cell.get('outputs', []) for kind in output.get('data', {}))


def _last_paragraph(text):
    "The last paragraph of a Markdown cell as plain words; empty if the cell ends in something else"
    paragraph = re.split(r'\n\s*\n', text.strip())[-1]
    if re.match(r'#|```|\$\$|\||!\[', paragraph) or paragraph.endswith(('$$', '```')): return ''
    paragraph = re.sub(r'^> (\[!\w+\])?', '', re.sub(r'^[-*] ', '', paragraph, flags=re.M), flags=re.M)
    paragraph = re.sub(r'!?\[([^\]]*)\]\([^)]*\)', r'\1', paragraph)
    return ' '.join(re.sub(r'[`$]|\*\*?|(?<!\w)_|_(?!\w)', '', paragraph).split())


def words_for_pictures(notebook):
    """What the pictures of each cell show, in words: the cell's `#| alt:`, or else the paragraph before it.

    A paragraph serves one cell: a second picture below it needs words of its own. Empty where there are none.
    """
    found, paragraph = {}, ''
    for number,cell in enumerate(notebook.cells):
        given, source = directives(cell)
        if cell.cell_type=='markdown': paragraph = _last_paragraph(source) or paragraph
        elif _draws(cell) and given.get('output')!='false' and 'hide' not in given:
            found[number] = given.get('alt') or paragraph
            if not given.get('alt'): paragraph = ''
    return found


def on_links(text, change):
    "Markdown with `change` applied to the target of every link and image outside code"
    code = r'(```.*?```|~~~.*?~~~|`[^`\n]*`)'
    link = r'(\]\(|(?:src|href)=")([^)\s"]+)'
    parts = re.split(code, text, flags=re.S)
    return ''.join(p if i%2 else re.sub(link, lambda m: m[1]+change(m[2]), p) for i,p in enumerate(parts))

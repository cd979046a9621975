"""The site, from the notebooks' stored outputs: `python docs/build.py` (or `make docs`).

Each page under nbs/ becomes a page of the site: directives and hidden cells go, exported functions
and classes get an entry with their parameters (docs/entries.py), their source folds away unless the
cell says `#| exports`, and every picture gets words. Then Sphinx, MyST-NB and Furo render everything
into docs/_build/html, with a Markdown copy of each page and llms.txt beside it. Nothing is executed,
warnings are errors, and neither building nor reading needs a network: MathJax is copied from the
package `sphinx-mathjax-offline`.
"""
import importlib
import re
import shutil
import sys
from html import escape
from importlib.metadata import distribution
import nbformat
from nbformat.v4 import new_markdown_cell
from sphinx.cmd.build import main as sphinx
import colab
import gallery
from entries import entries, exported, linked, module_of, only_imports
from pages import directives, notebooks, on_links, read, root, settings, title_and_promise, words_for_pictures

sys.path.insert(0, str(root)) # the entries describe this checkout, not an installed copy
here, nbs = root/'docs', root/'nbs'
site, sources = here/'_build'/'html', here/'pages'

# Sections: title, what the section is for, and which pages: names, numbers, or a folder under nbs/
guide = ['which_criterion', 'gallery', 'paper_versus_code', 'glossary', 'contributing']
sections = [
    ('Guide', 'Which criterion when, where papers and codes disagree, what the words mean, and how to change things.', guide),
    ('Ideas', 'What a batch of embeddings is, and how its entropy, covariance, coding length and matrix information are measured.', range(0, 20)),
    ('Criteria', 'What can be minimised: E2MC, MEC and Matrix-SSL, the base methods that they continue, and their rivals.', range(20, 30)),
    ('Data and models', 'Views, images, encoders, and public checkpoints in and out.', range(30, 36)),
    ('Training', 'The loop that continues an encoder, what it writes to disk, and what it survives.', range(36, 48)),
    ('Evaluation', 'What an encoder is worth: features, neighbours, probes, few labels, transfer, and what the intervals allow to say.', range(48, 60)),
    ('Diagnostics and commands', 'Pictures and alarms, the report of a run, and the commands that do the whole job.', range(60, 100)),
    ('Tutorials', 'One task from start to end, on a CPU.', 'tutorials'),
    ('Experiments', 'One question each, answered by measurement, with the rows that the answer comes from.', 'experiments')]


# Pages -------------------------------------------------------------------------------------------

def _no_remote_images(text):
    "Badges become plain links: the site loads nothing from elsewhere"
    return re.sub(r'!\[([^\]]*)\]\(https?://[^)]*\)', r'\1', text)

def _callouts(text):
    "`> [!NOTE]` and its kin, as GitHub and Jupyter show them, become boxes"
    box = lambda m: f":::{{{m[1].lower()}}}\n" + re.sub(r'^> ?', '', m[2], flags=re.M) + "\n:::"
    return re.sub(r'^> \[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*\n((?:>[^\n]*(?:\n|$))+)', box, text, flags=re.M)

def _buttons(path, module):
    "One line with the ways to run, keep and change a page, and its module"
    facts, relative = settings(), path.relative_to(root).as_posix()
    up = '../'*(len(path.relative_to(nbs).parts)-1)
    blob = f"{facts['git_url']}/blob/{facts['branch']}"
    found = [(f"https://colab.research.google.com/github/{facts['user']}/{facts['repo']}/blob/{facts['branch']}/{relative}", 'Open in Colab', ''),
        (f"{up}notebooks/{path.relative_to(nbs).as_posix()}", 'Download', ' download'), (f'{blob}/{relative}', 'On GitHub', ''),
        *([(f"{blob}/{module.replace('.', '/')}.py", f'<code>{module}</code>', '')] if module else [])]
    return '<p class="buttons">' + ' '.join(f'<a href="{escape(a)}"{more}>{text}</a>' for a,text,more in found) + '</p>'

def _head(text, buttons):
    "A page's first cell: the title, its question set apart, and the buttons"
    def top(found):
        promise = re.sub(r'^> ?', '', found[2], flags=re.M).strip()
        return '\n\n'.join([found[1], *(['```{rst-class} promise\n```\n'+promise] if promise else []), *([buttons] if buttons else [])]) + '\n\n'
    return re.sub(r'\A(# [^\n]*)\n*((?:> [^\n]*(?:\n|$))*)\n*', top, text+'\n')

def converted(path):
    "A page's notebook as the site shows it"
    notebook = read(path)
    module, words = module_of(notebook), words_for_pictures(notebook)
    exports = {number: (source, module) for number,source,module in exported(notebook)}
    cells = []
    for number,cell in enumerate(notebook.cells):
        given, cell.source = directives(cell)
        if 'hide' in given or 'default_exp' in given or cell.cell_type=='raw' or colab.badge in cell.source: continue
        if cell.cell_type=='markdown':
            cell.source = linked(_callouts(_no_remote_images(cell.source)))
            if not cells: cell.source = _head(cell.source, '' if path.stem=='index' else _buttons(path, module))
            cells.append(cell)
            continue
        tags = [tag for tag,name in (('remove-input', 'echo'), ('remove-output', 'output')) if given.get(name)=='false']
        if number in exports:
            source, target = exports[number]
            if 'exporti' not in given and only_imports(source): continue
            if 'exporti' not in given: cells += [new_markdown_cell(entry) for entry in entries(source, importlib.import_module(target))]
            if 'exports' not in given: tags.append('hide-input')
        elif cell.source and only_imports(cell.source): # folded, so that a page begins with its subject
            if cells and 'imports' in cells[-1].metadata.get('tags', []):
                cells[-1].source += '\n'+cell.source
                continue
            tags += ['hide-input', 'imports']
            cell.metadata['mystnb'] = dict(code_prompt_show='Show the imports', code_prompt_hide='Hide the imports')
        cell.metadata['tags'] = tags
        if number in words: cell.metadata['mystnb'] = dict(image=dict(alt=words[number]))
        cells.append(cell)
    notebook.cells = cells
    return notebook

def contents():
    "Sections of the site: title, purpose, and paths of the pages"
    found = {title: [] for title,_,_ in sections}
    for path in notebooks():
        folder, number = path.relative_to(nbs).parts[0], re.match(r'(\d+)', path.stem)
        inside = lambda which: folder==which if isinstance(which, str) else (int(number[1]) if number else path.stem) in which
        if path.stem!='index': found[next((title for title,_,which in sections if inside(which)), 'Guide')].append(path)
    found['Guide'].sort(key=lambda path: guide.index(path.stem) if path.stem in guide else len(guide))
    return [(title, purpose, found[title]) for title,purpose,_ in sections if found[title]]

def _slug(title): return title.lower().replace(' ', '_')

def _cards(paths):
    "List of pages with their questions, which the style sheet lays out as cards"
    about = [(p.relative_to(nbs).as_posix(), *title_and_promise(read(p))) for p in paths]
    return '```{rst-class} cards\n```\n' + '\n'.join(f"- [{name}](/{page})" + (f"<br>{promise}" if promise else '') for page,name,promise in about)

def _tree(pages): return '\n'.join(['```{toctree}', ':hidden:', '', *pages, '```'])

def section(title, purpose, paths):
    "The page that opens a section"
    pages = [p.relative_to(nbs).with_suffix('').as_posix() for p in paths]
    return f"# {title}\n\n```{{rst-class}} promise\n```\n{purpose}\n\n{_cards(paths)}\n\n{_tree(pages)}\n"

def index():
    "The first page: nbs/index.ipynb, then every page with its question"
    notebook = converted(nbs/'index.ipynb')
    lists = [f"### [{title}]({_slug(title)}.md)\n\n{purpose}\n\n{_cards(paths)}" for title,purpose,paths in contents()]
    tree = _tree([_slug(title) for title,_,_ in contents()])
    notebook.cells.append(new_markdown_cell('\n\n'.join(['## All pages', 'Every exported name stands in the {ref}`index <genindex>`.', *lists, tree])))
    return notebook

def write_pages():
    "All pages of the site, as notebooks for MyST-NB"
    shutil.rmtree(sources, ignore_errors=True)
    for path in notebooks():
        target = sources/path.relative_to(nbs)
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(index() if path==nbs/'index.ipynb' else converted(path), target)
    gallery.fill(sources)
    for title,purpose,paths in contents(): (sources/f'{_slug(title)}.md').write_text(section(title, purpose, paths), encoding='utf-8')
    for picture in nbs.rglob('*'):
        if picture.suffix in ('.png', '.svg', '.jpg', '.gif'):
            (sources/picture.relative_to(nbs)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(picture, sources/picture.relative_to(nbs))


# Beside the pages --------------------------------------------------------------------------------

def _text_of(output):
    "What an output says, as text"
    data = output.get('data', {})
    return data.get('text/markdown') or output.get('text') or (data.get('text/plain', '') if not any(k.startswith('image/') for k in data) else '')

def as_markdown(path):
    "A page as one Markdown text: prose, code, what the code printed, and its pictures in words"
    notebook, parts = read(path), []
    words = words_for_pictures(notebook)
    for number,cell in enumerate(notebook.cells):
        given, source = directives(cell)
        if 'hide' in given or 'default_exp' in given or colab.badge in cell.source: continue
        if cell.cell_type=='markdown': parts.append(on_links(source, lambda target: re.sub(r'\.ipynb(?=#|$)', '.md', target) if '://' not in target else target))
        if cell.cell_type!='code': continue
        if given.get('echo')!='false': parts.append(f'```python\n{source}\n```')
        if given.get('output')=='false': continue
        parts += [text if 'text/markdown' in o.get('data', {}) else f'```text\n{text.rstrip()}\n```' for o in cell.outputs if (text := _text_of(o)) and o.get('name')!='stderr']
        if number in words: parts.append(f'(Figure: {words[number]})')
    return '\n\n'.join(parts)+'\n'

def write_for_machines():
    "llms.txt, and each page as Markdown and as the notebook that it is"
    facts = settings()
    lines = [f"# {facts['name']}", f"> {facts['description']}", f"Version {facts['version']}. Install with `pip install git+{facts['git_url']}`. Each page below is one notebook as Markdown: prose, code and what it printed."]
    page = lambda p: (p.relative_to(nbs).with_suffix('.md').as_posix(), *title_and_promise(read(p)))
    for title,purpose,paths in [('Start', 'What it does, and how to use it.', [nbs/'index.ipynb']), *contents()]:
        lines += [f'## {title}\n\n{purpose}', '\n'.join(f"- [{name}]({facts['doc_url']}{at})" + (f": {promise}" if promise else '') for at,name,promise in map(page, paths))]
    (site/'llms.txt').write_text('\n\n'.join(lines)+'\n', encoding='utf-8')
    for path in notebooks():
        copy = site/'notebooks'/path.relative_to(nbs)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
        (site/path.relative_to(nbs).with_suffix('.md')).write_text(as_markdown(path), encoding='utf-8')


# The site ----------------------------------------------------------------------------------------

def pictures_without_words():
    "Pictures that nothing describes"
    for path in notebooks():
        notebook = read(path)
        for number,words in words_for_pictures(notebook).items():
            if not words: yield f"nbs/{path.relative_to(nbs)}: cell {notebook.cells[number].get('id', number)} draws a picture that nothing describes; begin the cell with `#| alt: words`, or write a paragraph before it"

def remote_loads():
    "Addresses elsewhere that a page of the site would load by itself"
    loads = r'<(?:script|img|iframe|source|embed)\b[^>]*\bsrc="((?:https?:)?//[^"]+)"|<link\b(?![^>]*rel="(?:canonical|search|index|next|prev)")[^>]*\bhref="((?:https?:)?//[^"]+)"|@import\s+url\(["\']?(https?:[^)]+)'
    for page in sorted(site.rglob('*.html')):
        for found in re.findall(loads, page.read_text(encoding='utf-8')): yield page.relative_to(site), next(f for f in found if f)

def main():
    undescribed = list(pictures_without_words())
    if undescribed: sys.exit('\n'.join(undescribed))
    write_pages()
    shutil.rmtree(site, ignore_errors=True)
    failed = sphinx(['-q', '-W', '-b', 'html', '-d', str(here/'_build/doctrees'), '-c', str(here), *sys.argv[1:], str(sources), str(site)])
    if failed: sys.exit(failed)
    mathjax = distribution('sphinx-mathjax-offline').locate_file('sphinx-mathjax-offline/static/mathjax/tex-svg.js')
    shutil.copy(mathjax, site/'_static/mathjax.js')
    write_for_machines()
    remote = list(remote_loads())
    if remote: sys.exit('\n'.join(f"{page}: loads {address}; the site must work without a network" for page,address in remote))
    print(f"{len(list(site.rglob('*.html')))} pages in {site.relative_to(root)}; open {(site/'index.html').relative_to(root)}")


if __name__=='__main__': main()

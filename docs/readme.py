"""README.md and CONTRIBUTING.md from nbs/index.ipynb and nbs/contributing.ipynb.

    python docs/readme.py            write both, and the pictures that they show
    python docs/readme.py --check    change nothing; exit 1 when a file differs from its notebook

Neither network nor Quarto is needed. Pictures that a cell has drawn go to docs/images/ under the
cell's `#| label:` and need an `#| alt:` text.
"""
import argparse
import re
import sys
from jinja2 import DictLoader
from nbconvert import MarkdownExporter
from pages import directives, on_links, read, root

sources = {'README.md': 'index', 'CONTRIBUTING.md': 'contributing'}

# nbconvert's own Markdown, except that text output is fenced and pictures have words
_template = r"""
{%- extends 'markdown/index.md.j2' -%}
{%- block input -%}
```python
{{ cell.source }}
```
{% endblock input %}
{%- block stream -%}
```text
{{ output.text.rstrip() | strip_ansi }}
```
{% endblock stream %}
{%- block data_text scoped -%}
```text
{{ output.data['text/plain'].rstrip() | strip_ansi }}
```
{% endblock data_text %}
{%- block data_html scoped -%}
{{ output.data['text/html'] | without_style }}
{% endblock data_html %}
{%- block data_png -%}
![{{ output.metadata.alt }}]({{ output.metadata.filenames['image/png'] }})
{% endblock data_png %}
{%- block data_svg -%}
![{{ output.metadata.alt }}]({{ output.metadata.filenames['image/svg+xml'] }})
{% endblock data_svg %}
"""


def _without_style(text):
    "HTML without style sheets, which GitHub would show as text"
    return re.sub(r'<style.*?</style>', '', text, flags=re.S).strip()


def _relative(target):
    "A link on a page, as seen from the root of the repository"
    if re.match(r'[a-z][a-z+.-]*:|#|/', target): return target
    path, mark, anchor = ('nbs/'+target).partition('#')
    while re.search(r'[^/]+/\.\./', path): path = re.sub(r'[^/]+/\.\./', '', path, count=1)
    path = {'nbs/index.ipynb': 'README.md', 'nbs/contributing.ipynb': 'CONTRIBUTING.md'}.get(path, path)
    return path+mark+anchor


def _name_pictures(outputs, given, name, where):
    "Give each picture of a cell its file name and its words"
    pictures = [o for o in outputs if {'image/png', 'image/svg+xml', 'image/jpeg'} & set(o.get('data', {}))]
    if pictures and not given.get('alt'): raise ValueError(f"{where}: a cell draws a picture without `#| alt:` words")
    for i,output in enumerate(pictures):
        label = given.get('label', name)
        output.metadata.update(filename=f"{label}-{i+1}" if len(pictures)>1 else label, alt=given['alt'])


def _prepare(notebook, name):
    "The notebook as a reader should see it: no directives, no set-up, links from the repository's root"
    cells = []
    for number,cell in enumerate(notebook.cells):
        if cell.cell_type=='raw': continue
        given, cell.source = directives(cell)
        if {'hide', 'default_exp', 'export', 'exporti'} & set(given): continue
        if cell.cell_type=='markdown': cell.source = on_links(cell.source, _relative)
        else:
            if given.get('output')=='false': cell.outputs = []
            cell.metadata['transient'] = {'remove_source': given.get('echo')=='false'}
            _name_pictures(cell.outputs, given, f'{name}-{number}', f'nbs/{name}.ipynb')
        cells.append(cell)
    notebook.cells = cells
    return notebook


def render(name, root=root):
    "Markdown of one notebook, and its pictures as a dictionary of path to bytes"
    notebook = _prepare(read(root/f'nbs/{name}.ipynb'), name)
    exporter = MarkdownExporter(extra_loaders=[DictLoader({'readme.md.j2': _template})], template_file='readme.md.j2')
    exporter.register_filter('without_style', _without_style)
    text, resources = exporter.from_notebook_node(notebook, resources={'output_files_dir': 'docs/images'})
    text = ''.join(t if i%2 else re.sub(r'\n{3,}', '\n\n', t) for i,t in enumerate(re.split(r'(^```.*?^```$)', text.strip(), flags=re.S|re.M)))
    note = f"<!-- Written by docs/readme.py from nbs/{name}.ipynb; change the notebook. -->"
    return f"{note}\n\n{text}\n", resources['outputs']


def files(root=root):
    "Every file that this command writes, as a dictionary of path to bytes"
    wanted = {}
    for target,name in sources.items():
        if not (root/f'nbs/{name}.ipynb').exists(): continue
        text, pictures = render(name, root)
        wanted |= {target: text.encode(), **pictures}
    return wanted


def differing(root=root):
    "Paths of the files that differ from their notebook"
    return [path for path,content in files(root).items() if not (root/path).exists() or (root/path).read_bytes()!=content]


def main():
    parser = argparse.ArgumentParser(description="README.md and CONTRIBUTING.md from their notebooks")
    parser.add_argument('--check', action='store_true', help="change nothing; exit 1 when a file differs")
    only_check = parser.parse_args().check
    try: wanted = files()
    except ValueError as error: sys.exit(str(error))
    if only_check:
        different = differing()
        if different: sys.exit(f"{', '.join(different)}: not what the notebook says; run `make export`")
        return
    for path,content in wanted.items():
        (root/path).parent.mkdir(parents=True, exist_ok=True)
        (root/path).write_bytes(content)
        print(path)


if __name__=='__main__': main()

"""The gallery of the site: each link of nbs/gallery.ipynb with the picture that stands below its heading.

Pictures are taken from the stored outputs of the pages while the site is built, so that no picture
is kept twice. In the notebook itself the gallery is a list of links.
"""
import base64
import io
import re
import nbformat
from PIL import Image
from pages import directives, read, root

_item = re.compile(r'^- \[(?P<title>[^\]]+)\]\((?P<page>[^)#]+)\.ipynb#(?P<heading>[^)]+)\): (?P<caption>.+)$', re.M)
_widest = 560 # pixels, for two columns on a sharp screen


def slug(title):
    "A heading as links name it"
    return re.sub(r'[^\w\- ]', '', title.lower()).replace(' ', '-')


def picture(path, heading):
    "The first stored picture below a heading of a page, before another of the same or a higher level, and its words"
    level = None
    for cell in read(path).cells:
        if cell.cell_type=='markdown':
            for marks,title in re.findall(r'^(#+) (.+)$', cell.source, re.M):
                if slug(title)==heading: level = len(marks)
                elif level and len(marks)<=level: level = None
        for output in cell.get('outputs', []) if level else []:
            kind = next((k for k in ('image/png', 'image/jpeg') if k in output.get('data', {})), None)
            if kind: return base64.b64decode(output.data[kind]), directives(cell)[0].get('alt')
    raise ValueError(f"{path.relative_to(root)} has no stored picture below {heading!r}, which nbs/gallery.ipynb shows; run the page, or change the link")


def _card(match, folder):
    "One figure with its link and caption, as MyST"
    target, name = f"{match['page']}.ipynb#{match['heading']}", f"{match['page'].replace('/', '-')}-{match['heading']}.png"
    content, words = picture(root/'nbs'/f"{match['page']}.ipynb", match['heading'])
    image = Image.open(io.BytesIO(content))
    image.thumbnail((_widest, _widest))
    folder.mkdir(exist_ok=True)
    image.convert('RGB').quantize(64, dither=Image.Dither.NONE).save(folder/name, optimize=True)
    return f":::{{container}} card\n[![{words or match['caption']}](gallery/{name})]({target})\n\n[{match['title']}]({target}): {match['caption']}\n:::"


def fill(sources):
    "Put the pictures into the gallery's page among `sources`"
    path = sources/'gallery.ipynb'
    if not path.exists(): return
    notebook = read(path)
    for cell in notebook.cells:
        if cell.cell_type!='markdown' or not _item.search(cell.source): continue
        cards = '\n\n'.join(_card(match, sources/'gallery') for match in _item.finditer(cell.source))
        before = cell.source[:_item.search(cell.source).start()]
        cell.source = f"{before}\n::::{{container}} gallery\n{cards}\n::::"
    nbformat.write(notebook, path)

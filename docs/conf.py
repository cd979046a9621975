"Sphinx configuration; docs/build.py writes the pages and calls Sphinx"
import sys
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from entries import lines
from pages import read, root, settings, title_and_promise

facts = settings()
project, author, release = facts['name'], facts['author'], facts['version']
project_copyright = f"2026, {author}"
html_title = project

extensions = ['myst_nb', 'sphinx.ext.mathjax', 'sphinx.ext.linkcode']
root_doc = 'index'
templates_path, exclude_patterns = ['templates'], []
nitpicky = True # a link to a name that has no entry is a warning, and warnings are errors

# Outputs are the stored ones; nothing runs
nb_execution_mode = 'off'
nb_merge_streams = True
nb_output_stderr = 'remove'
nb_ipywidgets_js = {}
nb_number_source_lines = False
nb_code_prompt_show = 'Show the source'
nb_code_prompt_hide = 'Hide the source'

myst_enable_extensions = ['amsmath', 'dollarmath', 'colon_fence', 'deflist']
myst_heading_anchors = 4
suppress_warnings = ['myst.header', 'mystnb.unknown_mime_type']

add_module_names = False
toc_object_entries_show_parents = 'hide'

html_theme = 'furo'
html_static_path = ['static']
html_css_files, html_js_files = ['site.css'], [('site.js', {'defer': 'defer'})]
html_favicon = 'static/logo.svg'
html_copy_source = False
html_show_sourcelink = False
html_sidebars = {'**': ['sidebar/brand.html', 'sidebar/search.html', 'sidebar/scroll-start.html', 'sidebar/navigation.html', 'sidebar/scroll-end.html']}
pygments_style, pygments_dark_style = 'a11y-high-contrast-light', 'github-dark-high-contrast'
html_theme_options = {
    'source_repository': facts['git_url'], 'source_branch': facts['branch'], 'source_directory': 'nbs/',
    'top_of_page_buttons': ['edit'], 'footer_icons': [],
    'light_css_variables': {'color-brand-primary': '#3d42c4', 'color-brand-content': '#3d42c4', 'color-brand-visited': '#6d3aa8'},
    'dark_css_variables': {'color-brand-primary': '#a5acff', 'color-brand-content': '#a5acff', 'color-brand-visited': '#cda5ff'}}
mathjax_path = 'mathjax.js'
nb_render_markdown_format = 'myst' # tables in Markdown outputs


def linkcode_resolve(domain, info):
    "Where the source of an entry stands in the repository"
    path, first, last = lines(info['module'], info['fullname'])
    return f"{facts['git_url']}/blob/{facts['branch']}/{path}" + (f'#L{first}-L{last}' if first else '')


def add_to_page(app, page, template, context, doctree):
    "What the page promises, for search engines and previews; its Markdown copy; and nothing to edit where the build wrote it"
    path = root/'nbs'/f'{page}.ipynb'
    if not path.exists():
        context['page_source_suffix'] = ''
        return
    _, promise = title_and_promise(read(path))
    context['metatags'] += f'<meta name="description" content="{escape(promise or facts["description"])}">'
    context['metatags'] += f'<link rel="alternate" type="text/markdown" href="{page.rpartition("/")[2]}.md">'


def setup(app): app.connect('html-page-context', add_to_page)

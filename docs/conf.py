"Sphinx configuration; docs/build.py writes the pages and calls Sphinx"
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from pages import settings

facts = settings()
project, author, release = facts['name'], facts['author'], facts['version']
project_copyright = f"2026, {author}"
html_title = project

extensions = ['myst_nb', 'sphinx.ext.mathjax']
root_doc = 'index'
templates_path, exclude_patterns = [], []

# Outputs are the stored ones; nothing runs
nb_execution_mode = 'off'
nb_merge_streams = True
nb_output_stderr = 'remove'
nb_ipywidgets_js = {}
nb_number_source_lines = False
nb_code_prompt_show = '▸ Show the source'
nb_code_prompt_hide = '▾ Hide the source'

myst_enable_extensions = ['amsmath', 'dollarmath', 'colon_fence', 'deflist']
myst_heading_anchors = 4
suppress_warnings = ['myst.header', 'mystnb.unknown_mime_type']

add_module_names = False
python_maximum_signature_line_length = 88
toc_object_entries = False

html_theme = 'furo'
html_static_path = ['static']
html_css_files = ['site.css']
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {'footer_icons': [], 'top_of_page_buttons': []}
mathjax_path = 'mathjax.js'
nb_render_markdown_format = 'myst' # tables in Markdown outputs

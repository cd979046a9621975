"""What the site makes of a cell: `python docs/test_build.py`. Nothing is built, and no page is read but for the names that it exports."""
import importlib
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from fastcore.test import test_eq
import build
from entries import _type_and_meaning, entries, linked, lines, only_imports
from pages import words_for_pictures

passed = 0

def test(function):
    global passed
    function()
    passed += 1

def drawing(source='plot()'): return new_code_cell(source, outputs=[new_output('display_data', {'image/png': 'iVBORw0KGgo='})])

def words(*cells): return list(words_for_pictures(new_notebook(cells=list(cells))).values())


@test
def a_picture_takes_its_own_words_or_the_paragraph_before():
    text = new_markdown_cell('## Title\n\nFirst.\n\nLook at **the** [line](a.ipynb), `x` and $y$.')
    test_eq(words(text, drawing()), ['Look at the line, x and y.'])
    test_eq(words(text, new_code_cell('1+1'), drawing()), ['Look at the line, x and y.'])
    test_eq(words(text, drawing('#| alt: A falling line\nplot()'), drawing()), ['A falling line', 'Look at the line, x and y.'])

@test
def a_paragraph_serves_one_picture_and_headings_and_formulas_none():
    text = new_markdown_cell('Look.')
    test_eq(words(text, drawing(), drawing()), ['Look.', ''])
    for other in ('# Title', '$$\nx\n$$', '```sh\nls\n```', '| a |\n|---|'): test_eq(words(new_markdown_cell(other), drawing()), [''])
    test_eq(words(text, drawing('#| output: false\nplot()')), [])

@test
def callouts_become_boxes():
    test_eq(build._callouts('Before.\n\n> [!NOTE]\n> One\n> two\n\nAfter.'), 'Before.\n\n:::{note}\nOne\ntwo\n\n:::\nAfter.')
    for quoted in ('> A question?', 'Write `> [!NOTE]` first.'): test_eq(build._callouts(quoted), quoted)

@test
def names_become_links():
    entry = lambda shown, name: f'{{py:obj}}`{shown} <e2mc.{name}>`'
    test_eq(linked('`m_spacing_entropy`'), entry('m_spacing_entropy', 'entropy.m_spacing_entropy'))
    test_eq(linked('`m_spacing_entropy()`'), entry('m_spacing_entropy()', 'entropy.m_spacing_entropy'))
    test_eq(linked('`e2mc.E2MC`'), entry('e2mc.E2MC', 'criteria.e2mc.E2MC'))
    test_eq(linked('`Criterion.terms`'), entry('Criterion.terms', 'criteria.base.Criterion.terms'))
    test_eq(linked('`e2mc.entropy`'), '[`e2mc.entropy`](/10_entropy.ipynb)')
    test_eq(linked('`train()`'), entry('train()', 'training.train'))

@test
def other_words_stay():
    for text in ('`train`', '`unknown_name`', '```python\n`E2MC`\n```', '[`E2MC`](21_criteria.e2mc.ipynb)', '## `E2MC`', '$$`E2MC`$$'): test_eq(linked(text), text)

@test
def shapes_stand_beside_types():
    test_eq(_type_and_meaning('`Tensor`', 'Samples, (batch, dim)'), ('`Tensor` (batch, dim)', 'Samples'))
    test_eq(_type_and_meaning('`Tensor`', 'Entropies, (dim,)'), ('`Tensor` (dim,)', 'Entropies'))
    test_eq(_type_and_meaning('`int`', 'How many (SwAV: 3000)'), ('`int`', 'How many (SwAV: 3000)'))

@test
def an_entry_tells_parameters_types_defaults_and_source():
    text, = entries('def m_spacing_entropy(x, m=None, eps=1e-7): "Marginal"', importlib.import_module('e2mc.entropy'))
    for part in (':::{py:function} m_spacing_entropy(x, m=None, eps=1e-07)', '| `x` | `Tensor \\| Shared` (batch, dim) |', '| `1e-07` |', '**returns**'): assert part in text, part
    path, first, last = lines('e2mc.entropy', 'm_spacing_entropy')
    assert (build.root/path).read_text(encoding='utf-8').split('\n')[first-1].startswith('def m_spacing_entropy(') and last>first

@test
def first_cells_begin_with_title_question_and_buttons():
    test_eq(build._head('# Title\n\n> Why?\n\nText', '<p>'), '# Title\n\n```{rst-class} promise\n```\nWhy?\n\n<p>\n\nText\n')
    test_eq(build._head('# Title', ''), '# Title\n\n')

@test
def imports_are_told_apart():
    assert only_imports('import a\nfrom b import c') and not only_imports('import a\na.b()') and not only_imports('%pip install a')

print(f'{passed} passed, 0 failed')

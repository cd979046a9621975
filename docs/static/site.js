// What is wider than its frame can be scrolled with the keyboard too
const frames = 'article pre, article .table-wrapper, article div.cell_output, article div.math'
function focusable() { for (const frame of document.querySelectorAll(frames)) if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0 }
addEventListener('load', focusable)
addEventListener('resize', focusable)
addEventListener('toggle', focusable, true)

// Excerpts of the search begin where the words stand that were typed (Sphinx looks for their stems), without a page's buttons
if (typeof Search !== 'undefined') {
  const summary = Search.makeSearchSummary, typed = (new URLSearchParams(location.search).get('q') || '').split(/\s+/).filter(Boolean)
  Search.makeSearchSummary = (page, words, anchor) => summary(page.replace(/<p class="buttons">.*?<\/p>/s, ''), [...words, ...typed], anchor)
}

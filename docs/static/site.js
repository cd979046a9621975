// What is wider than its frame can be scrolled with the keyboard too
const frames = 'article pre, article .table-wrapper, article div.cell_output, article div.math'
function focusable() { for (const frame of document.querySelectorAll(frames)) if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0 }
addEventListener('load', focusable)
addEventListener('resize', focusable)
addEventListener('toggle', focusable, true)

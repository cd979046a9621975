"""Open every page of the built site in a real browser: `python docs/test_site.py` (or `make docs-test`, which builds first).

The site is served on this machine and shown by headless Chromium at 1280 and at 390 pixels, light and dark.
Needs Playwright and a browser: Debian's or Ubuntu's `chromium`, Chrome, or what `playwright install chromium`
brings; $CHROMIUM names another. Where there is no browser nothing is tested, which is a failure only with
`--required` or in continuous integration ($CI).
"""
import os, shutil, sys, tempfile, threading, time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit
import axe_playwright_python
from playwright.sync_api import Error, sync_playwright

root = Path(__file__).resolve().parents[1]
site = root/'docs'/'_build'/'html'
axe = Path(axe_playwright_python.__file__).with_name('axe.min.js')
wide, narrow = dict(width=1280, height=900), dict(width=390, height=844)
aside = ('genindex.html', 'py-modindex.html', 'search.html') # pages that Sphinx adds and no section holds


def browser_path():
    "The system's browser, or None for Playwright's own"
    return os.environ.get('CHROMIUM') or next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'))), None)

def launch(playwright): return playwright.chromium.launch(executable_path=browser_path(), args=['--no-sandbox'])


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args): pass

def serve(folder=site):
    "A folder on a free port of this machine: the server and its address"
    server = ThreadingHTTPServer(('127.0.0.1', 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f'http://127.0.0.1:{server.server_port}/'


# What the browser is asked -----------------------------------------------------------------------

facts = r"""() => {
  const all = s => [...document.querySelectorAll(s)]
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), raw = []
  while (words.nextNode()) {
    const node = words.currentNode
    if (/\$\$|\\\(|\\\[|\\begin\{/.test(node.data) && !node.parentElement.closest('pre, code, script, style, mjx-container, dt.sig')) raw.push(node.data.trim().slice(0, 60))
  }
  return {
    title: document.title, raw,
    heading: all('article h1').length,
    formulas: all('.math').length,
    typeset: all('.math').filter(m => m.querySelector('mjx-container svg')).length,
    wrong: all('mjx-merror, mjx-container [data-mjx-error], mjx-container [fill="red"], mjx-container [data-mml-node="merror"]').map(e => e.textContent.slice(0, 60)),
    images: all('img').map(i => ({src: i.getAttribute('src'), alt: i.getAttribute('alt'), article: !!i.closest('article'), shown: i.complete && i.naturalWidth > 0})),
    links: all('a[href], link[rel=next], link[rel=prev]').map(a => a.href),
    ids: all('[id]').map(e => e.id),
    next: all('.next-page').length, previous: all('.prev-page').length,
  }
}"""

# Whatever stands out to the right of the window without scrolling inside a frame of its own
too_wide = r"""() => {
  const width = document.documentElement.clientWidth, found = []
  const kept = e => { for (let p = e; p && p !== document.body; p = p.parentElement) { const s = getComputedStyle(p); if (/auto|scroll|hidden|clip/.test(s.overflowX) || s.position === 'fixed') return true } return false }
  if (document.documentElement.scrollWidth > width)
    for (const e of document.querySelectorAll('article *, footer *')) { const box = e.getBoundingClientRect(); if (box.right > width + 1 && box.width && !kept(e)) { found.push(e.tagName.toLowerCase() + '.' + (e.getAttribute('class') || '') + ' ' + e.textContent.trim().slice(0, 40)); if (found.length > 2) break } }
  return {scrolls: document.documentElement.scrollWidth - width, found}
}"""

# Every pair of text colour and ground on the page, as WCAG 2 measures them
contrast = r"""() => {
  const parse = c => { const m = c.match(/[\d.]+/g).map(Number); return [m[0], m[1], m[2], m.length > 3 ? m[3] : 1] }
  const over = (a, b) => [0, 1, 2].map(i => a[i]*a[3] + b[i]*(1 - a[3])).concat(1)
  const light = c => { const [r, g, b] = c.slice(0, 3).map(v => (v /= 255) <= .03928 ? v/12.92 : ((v + .055)/1.055)**2.4); return .2126*r + .7152*g + .0722*b }
  const grounds = new Map()
  const ground = e => {
    if (!e) return [255, 255, 255, 1]
    if (!grounds.has(e)) { const own = parse(getComputedStyle(e).backgroundColor); grounds.set(e, own[3] === 1 ? own : own[3] === 0 ? ground(e.parentElement) : over(own, ground(e.parentElement))) }
    return grounds.get(e)
  }
  const strength = e => { let o = 1; for (; e; e = e.parentElement) o *= +getComputedStyle(e).opacity; return o }
  const pairs = new Map(), seen = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement
    if (!walk.currentNode.data.trim() || seen.has(e) || e.closest('script, style, noscript, svg, mjx-assistive-mml, .visually-hidden')) continue
    seen.add(e)
    const s = getComputedStyle(e)
    if (s.visibility === 'hidden' || !e.getClientRects().length) continue
    const back = ground(e), own = parse(s.color); own[3] *= strength(e)
    const fore = over(own, back), [a, b] = [light(fore), light(back)]
    const ratio = (Math.max(a, b) + .05)/(Math.min(a, b) + .05), size = parseFloat(s.fontSize)
    const large = size >= 24 || size >= 18.66 && +s.fontWeight >= 700
    const key = fore.slice(0, 3).map(Math.round) + ' on ' + back.slice(0, 3).map(Math.round) + (large ? ' large' : '')
    if (!pairs.has(key)) pairs.set(key, {ratio, needed: large ? 3 : 4.5, text: e.textContent.trim().slice(0, 30), where: e.tagName.toLowerCase() + '.' + e.className})
  }
  return [...pairs]
}"""

# axe looks at everything but the inside of formulas and of highlighted code, which takes it minutes
accessible = """async () => {
  for (const formula of document.querySelectorAll('mjx-container')) formula.replaceChildren()
  for (const code of document.querySelectorAll('.highlight pre, dt.sig .sig-param')) code.textContent = code.textContent
  return (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], rules: {'color-contrast': {enabled: false}}, resultTypes: ['violations'], elementRef: false}))
  .violations.map(v => `${v.id} (${v.help}): ${v.nodes.slice(0, 2).map(n => n.html.slice(0, 120)).join(' | ')}`)
}"""


# One page ----------------------------------------------------------------------------------------

def see(tab, base, name, report):
    "Open a page, and yield what is wrong with it"
    wrong, seen = [], report['seen']
    def requested(request):
        report['counts']['requests'] += 1
        if not request.url.startswith((base, 'data:', 'blob:')): wrong.append(f'asks another host: {request.url[:100]}')
    heard = {'request': requested,
        'requestfailed': lambda r: wrong.append(f'a request failed: {r.url[:100]} ({r.failure})'),
        'response': lambda r: wrong.append(f'{r.status}: {r.url[:100]}') if r.status>=400 else None,
        'console': lambda m: wrong.append(f'the console says: {m.text[:150]}') if m.type in ('error', 'warning') else None,
        'pageerror': lambda e: wrong.append(f'a script fails: {str(e)[:150]}')}
    for event,action in heard.items(): tab.on(event, action)
    tab.emulate_media(color_scheme='light')
    tab.set_viewport_size(wide)
    tab.goto(base+name, wait_until='load')
    tab.add_style_tag(content='* { transition: none !important; animation: none !important }') # colours are read at once
    tab.evaluate("""async () => {
      await window.MathJax?.startup?.promise
      for (const d of document.querySelectorAll('details')) d.open = true
      for (const i of document.querySelectorAll('img[loading=lazy]')) i.loading = 'eager'
      await Promise.all([...document.images].map(i => i.decode().catch(() => {})))
    }""")
    found = tab.evaluate(facts)
    seen[name] = dict(ids=set(found['ids']), links=found['links'])
    if found['heading']!=1 and name not in aside: wrong.append(f"{found['heading']} headings of the first level")
    if found['typeset']!=found['formulas']: wrong.append(f"{found['formulas']-found['typeset']} of {found['formulas']} formulas are not typeset")
    wrong += [f'a formula is not understood: {w}' for w in found['wrong']] + [f'TeX shows as text: {w}' for w in found['raw']]
    wrong += [f"a picture is missing: {i['src']}" for i in found['images'] if not i['shown']]
    wrong += [f"a picture has no words: {i['src']}" for i in found['images'] if i['alt'] is None or i['article'] and not i['alt'].strip()]
    if name not in aside and not (found['next'] or found['previous']): wrong.append('leads neither to a next nor to a previous page')
    report['ends'].update(first=not found['previous'] and name not in aside, last=not found['next'] and name not in aside)
    for scheme in ('light', 'dark'):
        tab.emulate_media(color_scheme=scheme)
        for colours,pair in tab.evaluate(contrast):
            report['pairs'].add((scheme, colours))
            if pair['ratio']<pair['needed']: wrong.append(f"contrast {pair['ratio']:.2f}, needs {pair['needed']}: {scheme}, {colours}, {pair['where']} {pair['text']!r}")
    for size in (wide, narrow):
        tab.set_viewport_size(size)
        width = tab.evaluate(too_wide)
        if width['scrolls']>0: wrong.append(f"{width['scrolls']} pixels too wide at {size['width']}: {'; '.join(width['found']) or 'no element found'}")
    tab.add_script_tag(path=axe)
    wrong += tab.evaluate(accessible)
    for event,action in heard.items(): tab.remove_listener(event, action)
    report['counts'].update(pages=1, formulas=found['formulas'], images=len(found['images']))
    return wrong


def _report(): return dict(seen={}, pairs=set(), counts=Counter(), ends=Counter(), wrong={})

def pages_seen(base, names):
    "All pages, by one browser for each of two processors"
    lock, waiting = threading.Lock(), sorted(names, key=lambda n: -(site/n).stat().st_size)
    reports = []
    def work(_):
        report = _report()
        reports.append(report)
        with sync_playwright() as playwright:
            browser = launch(playwright)
            tab = browser.new_page()
            tab.set_default_timeout(120_000) # a machine may be busy
            while True:
                with lock: name = waiting.pop(0) if waiting else None
                if name is None: break
                try: report['wrong'][name] = see(tab, base, name, report)
                except Error as error: report['wrong'][name] = [f'cannot be shown: {str(error).splitlines()[0]}']
            browser.close()
    with ThreadPoolExecutor(2) as pool: list(pool.map(work, range(2)))
    total = reports[0]
    for other in reports[1:]:
        for key in total: total[key].update(other[key])
    return total


# A page with one fault of each kind, and what must be said of it
planted = """<!doctype html><html lang="en"><head><title>Faults</title><script src="https://example.invalid/far.js"></script></head><body><article>
<h1>One</h1><h1>Two</h1><p style="color: #aaaaaa; background: #ffffff">pale</p><p style="width: 1600px">wide</p><p>$$x$$</p><span class="math">x</span>
<img src="missing.png" alt="missing"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==">
<a href="nowhere.html">nowhere</a><a href="#nowhere">no place</a><a href="#here"></a><p id="here">here</p>
<script>console.error('a fault'); throw new Error('another')</script></article></body></html>"""
expected = ('asks another host', 'a request failed', '404', 'the console says: a fault', 'a script fails', '2 headings', '1 of 1 formulas', 'TeX shows as text', 'a picture is missing', 'a picture has no words',
    'neither to a next', 'link-name', 'contrast 2.3', 'pixels too wide at 1280', 'pixels too wide at 390', 'links to nowhere.html', 'faults.html#nowhere')

def faults_are_seen():
    "Kinds of planted faults that the test overlooks"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        Path(folder, 'faults.html').write_text(planted, encoding='utf-8')
        server, base = serve(folder)
        report = _report()
        browser = launch(playwright)
        found = see(browser.new_page(), base, 'faults.html', report) + [text for _,text in dead_links(base, report['seen'], Path(folder))]
        browser.close()
        server.shutdown()
    return [kind for kind in expected if not any(kind in text for text in found)]


# The whole ---------------------------------------------------------------------------------------

def dead_links(base, seen, folder=site):
    "Links within the site that lead to no page, file or place on a page"
    for name,page in seen.items():
        for link in sorted(set(page['links'])):
            if not link.startswith(base): continue
            address, anchor = urldefrag(link)
            path = unquote(urlsplit(address).path).lstrip('/') or 'index.html'
            if not (folder/path).is_file(): yield name, f'links to {path}, which is not there'
            elif anchor and path in seen and unquote(anchor) not in seen[path]['ids']: yield name, f'links to {path}#{anchor}, which is not there'

def found_by_search(base, words, wanted):
    "Type words into the search box as a reader would; what is wrong with the results"
    with sync_playwright() as playwright:
        browser = launch(playwright)
        tab = browser.new_page(viewport=wide)
        tab.goto(base+'index.html')
        tab.fill('input.sidebar-search', words)
        tab.press('input.sidebar-search', 'Enter')
        try: tab.wait_for_selector('#search-results ul.search li a', timeout=120_000)
        except Error: return [f'search for {words} finds nothing'], 0
        tab.wait_for_timeout(1500)
        results = tab.eval_on_selector_all('#search-results ul.search li > a', 'found => found.map(a => a.href)')
        if not any(wanted in r for r in results): return [f'search for {words} does not lead to {wanted}: {results[:5]}'], len(results)
        tab.click(f'#search-results ul.search li > a[href*="{wanted}"]')
        tab.wait_for_load_state()
        reached = words in tab.inner_text('article')
        browser.close()
    return ([] if reached else [f'the result for {words} does not show it']), len(results)


def main():
    start, required = time.perf_counter(), '--required' in sys.argv or bool(os.environ.get('CI'))
    if not (site/'index.html').exists(): sys.exit('There is no site yet; run `make docs`')
    try:
        with sync_playwright() as playwright: launch(playwright).close()
    except Error as error:
        text = f"no browser: {str(error).splitlines()[0]}; install `chromium`, or run `playwright install chromium`"
        if required: sys.exit(text)
        return print(f'SKIPPED, the site was not tested: {text}')
    overlooked = faults_are_seen()
    if overlooked: sys.exit(f"planted faults are overlooked: {'; '.join(overlooked)}")
    print(f'{len(expected)} planted faults, all seen')
    only = [a for a in sys.argv[1:] if not a.startswith('-')]
    names = only or [p.relative_to(site).as_posix() for p in sorted(site.rglob('*.html'))]
    server, base = serve()
    report = pages_seen(base, names)
    wrong, links = report['wrong'], {l for page in report['seen'].values() for l in page['links']}
    results = 0
    if not only:
        for name,text in dead_links(base, report['seen']): wrong[name].append(text)
        failed, results = found_by_search(base, 'm_spacing_entropy', '10_entropy.html')
        wrong['search.html'] += failed
        for end in ('first', 'last'):
            if report['ends'][end]!=1: wrong['index.html'].append(f"{report['ends'][end]} pages have nothing {'before' if end=='first' else 'after'} them; next and previous should be one chain")
        if not (site/'llms.txt').exists(): wrong['index.html'].append('there is no llms.txt')
    server.shutdown()
    for name in sorted(wrong):
        for text in dict.fromkeys(wrong[name]): print(f'{name}: {text}')
    counts, bad = report['counts'], sum(bool(w) for w in wrong.values())
    inner = sum(l.startswith(base) for l in links)
    print(f"{counts['pages']} pages, {counts['requests']} requests, {counts['formulas']} formulas, {counts['images']} images, {len(links)} links ({inner} within the site, all followed), "
        f"{len(report['pairs'])} pairs of colours, {results} results of the search; {time.perf_counter()-start:.0f} s")
    if bad: sys.exit(f'{bad} pages have faults')
    print(f"{counts['pages']} passed, 0 failed")


if __name__=='__main__': main()

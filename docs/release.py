"""Everything that must hold before a version is released: `python docs/release.py` (make release-check).

    python docs/release.py                # sdist and wheel into dist/, inspected, installed into an empty environment, tried
    python docs/release.py --tag v0.1.0   # also: the tag is the version of settings.ini, and CHANGELOG.md has a dated section for it
    python docs/release.py --notes        # that section, and nothing else

What stands in dist/ afterwards is what has been tried, so that is what gets uploaded. Needs no library
besides `build`.
"""
import argparse
import re
import shutil
import tempfile
from configparser import ConfigParser
from pathlib import Path
import test_package

root = Path(__file__).resolve().parents[1]


def version(root=root):
    "The version in settings.ini"
    config = ConfigParser(delimiters=['='])
    config.read(root/'settings.ini', encoding='utf-8')
    return config['DEFAULT']['version']


def notes(number, root=root):
    "What CHANGELOG.md says under a version that has a date"
    text = (root/'CHANGELOG.md').read_text(encoding='utf-8')
    found = re.search(rf'^## \[{re.escape(number)}\] - \d{{4}}-\d{{2}}-\d{{2}}\n(.*?)(?=^## |^\[[^\]]+\]: |\Z)', text, re.M | re.S)
    if not found or not found[1].strip(): raise SystemExit(f"CHANGELOG.md has no section `## [{number}] - YYYY-MM-DD` with text below it")
    return found[1].strip()


def check_tag(tag, root=root):
    "The tag names the version that is built, and the version has its notes"
    number = version(root)
    if not re.fullmatch(r'\d+\.\d+\.\d+((a|b|rc)\d+)?', number): raise SystemExit(f"settings.ini gives {number!r} as the version; it must look like 1.2.3, or 1.2.3rc1")
    if tag!=f'v{number}': raise SystemExit(f"the tag is {tag}, but settings.ini gives {number}: tag v{number}, or change the version")
    notes(number, root)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--tag', default='', help="that is about to be released")
    parser.add_argument('--notes', action='store_true', help="print the notes of the version and stop")
    options = parser.parse_args()
    if options.notes: return print(notes(version()))
    if options.tag: check_tag(options.tag)
    for old in ('build', 'dist'): shutil.rmtree(root/old, ignore_errors=True)
    wheel = test_package.build(root/'dist')
    with tempfile.TemporaryDirectory() as folder: test_package.try_out(*test_package.install_empty(wheel, Path(folder).resolve()), Path(folder).resolve(), '--quick')
    print(f"{wheel.name} is ready; dist/ holds what was tried")


if __name__=='__main__': main()

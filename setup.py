"Hands the metadata of settings.ini to setuptools"
import re
from configparser import ConfigParser
from pathlib import Path
from setuptools import setup, find_packages

here = Path(__file__).parent
config = ConfigParser(delimiters=['='])
config.read(here/'settings.ini', encoding='utf-8')
facts = config['DEFAULT']
lines = lambda key: facts[key].split('\n')[1:] if facts[key].startswith('\n') else facts[key].split()

# Relative links and pictures of the README become addresses, so that the package registry shows them
at = lambda kind: f"{facts['git_url']}/{kind}/{facts['branch']}/"
readme = (here/'README.md').read_text(encoding='utf-8')
readme = re.sub(r'(!\[[^\]]*\]\()(?![a-z]+:|#)', lambda m: m[1]+at('raw'), readme)
readme = re.sub(r'((?<!!)\[[^\]]*\]\()(?![a-z]+:|#)', lambda m: m[1]+at('blob'), readme)

setup(
    name=facts['name'], version=facts['version'], description=facts['description'], author=facts['author'],
    long_description=readme, long_description_content_type='text/markdown',
    license=facts['license'], license_files=['LICENSE'], keywords=facts['keywords'], url=facts['git_url'],
    project_urls={'Documentation': facts['doc_url'], 'Source': facts['git_url']},
    classifiers=['Programming Language :: Python :: 3', 'Topic :: Scientific/Engineering :: Artificial Intelligence', 'Typing :: Typed'],
    packages=find_packages(include=['e2mc', 'e2mc.*']), package_data={facts['name']: ['py.typed']}, python_requires=f">={facts['min_python']}",
    install_requires=lines('requirements'),
    extras_require={'parquet': lines('parquet_requirements'), 'dev': lines('parquet_requirements') + lines('dev_requirements')},
    entry_points={'console_scripts': lines('console_scripts'), 'nbdev': ['e2mc=e2mc._modidx:d']},
    zip_safe=False)

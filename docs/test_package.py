"""Build sdist and wheel, inspect them, and use the wheel alone: it must import light and run the demo.

    python docs/test_package.py     # dependencies from this environment, a few epochs

docs/release.py does the same in an empty environment.
"""
import os, re, subprocess, sys, tarfile, tempfile, time, venv, zipfile
from pathlib import Path
from packaging.metadata import Metadata

root = Path(__file__).resolve().parents[1]
machine = re.compile(rb'(?<![\w./-])(?:/(?:home|root|Users|tmp|private|mnt|workspace)/|[A-Z]:\\+Users\\+)[\w.]')

def contents(archive):
    "Names and bytes of the files in a wheel or an sdist"
    if archive.suffix=='.whl':
        with zipfile.ZipFile(archive) as z: return {name: z.read(name) for name in z.namelist() if not name.endswith('/')}
    with tarfile.open(archive) as t: return {m.name.split('/', 1)[1]: t.extractfile(m).read() for m in t.getmembers() if m.isfile()}

def inspect(archive):
    "The archive holds the package, its licence and valid metadata, nothing else, and no path of this machine"
    files,package = contents(archive),{str(p.relative_to(root)) for p in root.glob('e2mc/**/*.py')} | {'e2mc/py.typed'}
    if archive.suffix=='.whl': expected,beside,facts = package,r'e2mc-[\w.]+\.dist-info/(METADATA|RECORD|WHEEL|entry_points\.txt|top_level\.txt|licenses/LICENSE)',r'.*/METADATA'
    else: expected,beside,facts = package | {'settings.ini', 'setup.py', 'pyproject.toml', 'MANIFEST.in', 'README.md', 'CHANGELOG.md', 'CITATION.cff', 'LICENSE'},r'PKG-INFO|setup\.cfg|e2mc\.egg-info/[\w.-]+',r'PKG-INFO'
    lacking,foreign = expected-files.keys(),{name for name in files.keys()-expected if not re.fullmatch(beside, name)}
    assert not lacking and not foreign, f"{archive.name} lacks {sorted(lacking)} and should not hold {sorted(foreign)}"
    assert any(name.endswith('LICENSE') for name in files), f"{archive.name} has no licence"
    found = {name for name,content in files.items() if machine.search(content) or str(root).encode() in content}
    assert not found, f"{archive.name} names a path of a machine in {sorted(found)}"
    metadata = Metadata.from_email(next(content for name,content in files.items() if re.fullmatch(facts, name)), validate=True)
    print(f"{archive.name}: {len(files)} files, {archive.stat().st_size/1e3:.0f} kB; {metadata.name} {metadata.version}, Python {metadata.requires_python}, {len(metadata.requires_dist)} requirements")

def build(where):
    "Build sdist and wheel into a folder, inspect both, and return the wheel"
    subprocess.run([sys.executable, '-m', 'build', '--no-isolation', '--outdir', where, root], check=True, stdout=subprocess.DEVNULL)
    wheel,sdist = next(Path(where).glob('*.whl')), next(Path(where).glob('*.tar.gz'))
    inspect(wheel)
    inspect(sdist)
    return wheel

def install(wheel, where):
    "The wheel alone, beside the libraries of this environment"
    subprocess.run([sys.executable, '-m', 'pip', 'install', '--quiet', '--no-deps', '--target', where/'site', wheel], check=True)
    return sys.executable, where/'site'/'bin', dict(os.environ, PYTHONPATH=str(where/'site'))

def install_empty(wheel, where):
    "The wheel and everything that it requires, in a new environment"
    start = time.perf_counter()
    venv.create(where/'venv', with_pip=True)
    python = where/'venv'/'bin'/'python'
    subprocess.run([python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', wheel], check=True)
    print(f"installed into an empty environment in {time.perf_counter()-start:.0f} s")
    return python, where/'venv'/'bin', {k:v for k,v in os.environ.items() if k!='PYTHONPATH'}

light = '''
import sys, torch, time
start = time.perf_counter()
import e2mc; from e2mc import E2MC, VICReg
took = time.perf_counter()-start
heavy = {'torchvision','timm','lightning','matplotlib','sklearn','scipy','PIL'} & sys.modules.keys()
assert not heavy, f"importing the criteria brings in {heavy}"
assert SITE in e2mc.__file__, f"this is not the wheel but {e2mc.__file__}"
assert (VICReg()+E2MC())(torch.randn(8,4), torch.randn(8,4)).isfinite()
print(f"imports light: {took:.2f} s on top of torch")
'''

def try_out(python, scripts, environment, where, *how):
    "Import the installed package, which must be light, and run the demo"
    run = lambda *a: subprocess.run([python, *a], env=environment, cwd=where, check=True, stdin=subprocess.DEVNULL)
    run('-c', light.replace('SITE', repr(str(where))))
    start = time.perf_counter()
    run(scripts/'e2mc-demo', *how, '--out', 'run')
    assert (where/'run'/'report.html').stat().st_size > 10_000
    print(f"e2mc-demo {' '.join(how)}: {time.perf_counter()-start:.0f} s")

def main():
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder).resolve()
        try_out(*install(build(where/'dist'), where), where, '--seeds', '1', '--base-epochs', '2', '--epochs', '1')
    print("1 passed, 0 failed")

if __name__=='__main__': main()

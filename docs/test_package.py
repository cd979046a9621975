"""Build sdist and wheel, and use the wheel alone: it must hold every module, import light, and run the demo.

    python docs/test_package.py              # dependencies from this environment, a few epochs
    python docs/test_package.py --empty      # a new, empty environment: installs everything, runs the whole demo
"""
import os, subprocess, sys, tarfile, tempfile, venv, zipfile
from pathlib import Path

root = Path(__file__).resolve().parents[1]

def modules(names): return {n for n in names if n.startswith('e2mc/') and n.endswith('.py')}

def build(where):
    subprocess.run([sys.executable, '-m', 'build', '--no-isolation', '--outdir', where, root], check=True, stdout=subprocess.DEVNULL)
    wheel,sdist = next(Path(where).glob('*.whl')), next(Path(where).glob('*.tar.gz'))
    source = modules(str(p.relative_to(root)) for p in root.glob('e2mc/**/*.py'))
    with zipfile.ZipFile(wheel) as z: assert modules(z.namelist())==source, f"the wheel lacks {source-modules(z.namelist())}"
    with tarfile.open(sdist) as t: names = {n.split('/', 1)[1] for n in t.getnames() if '/' in n}
    assert source<=names and {'settings.ini','LICENSE','README.md'}<=names, f"the sdist lacks {(source|{'settings.ini','LICENSE','README.md'})-names}"
    print(f"wheel and sdist hold all {len(source)} modules")
    return wheel

def install(wheel, where):
    subprocess.run([sys.executable, '-m', 'pip', 'install', '--quiet', '--no-deps', '--target', where/'site', wheel], check=True)
    return sys.executable, where/'site'/'bin', dict(os.environ, PYTHONPATH=str(where/'site'))

def install_empty(wheel, where):
    venv.create(where/'venv', with_pip=True)
    python = where/'venv'/'bin'/'python'
    subprocess.run([python, '-m', 'pip', 'install', '--quiet', wheel], check=True)
    return python, where/'venv'/'bin', {k:v for k,v in os.environ.items() if k!='PYTHONPATH'}

light = '''
import sys, torch, time
start = time.perf_counter(); import e2mc; took = time.perf_counter()-start
from e2mc import E2MC, VICReg
heavy = {'torchvision','timm','lightning','matplotlib','sklearn','scipy','PIL'} & sys.modules.keys()
assert not heavy, f"importing the criteria brings in {heavy}"
assert SITE in e2mc.__file__, f"this is not the wheel but {e2mc.__file__}"
assert (VICReg()+E2MC())(torch.randn(8,4), torch.randn(8,4)).isfinite()
print(f"imports light: {took:.2f} s on top of torch")
'''

def main():
    empty = '--empty' in sys.argv
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder).resolve()
        python,scripts,environment = (install_empty if empty else install)(build(where/'dist'), where)
        run = lambda *a: subprocess.run([python, *a], env=environment, cwd=where, check=True, stdin=subprocess.DEVNULL)
        run('-c', light.replace('SITE', repr(str(where))))
        short = [] if empty else ['--seeds', '1', '--base-epochs', '2', '--epochs', '1']
        run(scripts/'e2mc-demo', *short, '--out', 'run')
        assert (where/'run'/'report.html').stat().st_size > 10_000
    print("1 passed, 0 failed")

if __name__=='__main__': main()

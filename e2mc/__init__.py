"Continue the training of a self-supervised image encoder with entropy-maximising criteria"
from importlib import import_module

# Where each public name lives. Names load on first use, so that `import e2mc` needs torch and nothing heavier.
_where = dict(E2MC='criteria.e2mc', MEC='criteria.mec', MatrixSSL='criteria.matrix_ssl', VICReg='criteria.vicreg',
              SwAV='criteria.swav', SimSiam='criteria.simsiam',
              Uniformity='criteria.uniformity', MMCR='criteria.mmcr', VarianceCovariance='criteria.variance_covariance',
              SIGReg='criteria.sigreg', SlicedWasserstein='criteria.sliced_wasserstein', Radial='criteria.radial',
              RotatedEntropy='criteria.rotated_entropy', Balanced='criteria.balanced',
              load_encoder='checkpoints')
__all__ = list(_where)

def __getattr__(name):
    if name in _where: return getattr(import_module(f'.{_where[name]}', __name__), name)
    if name=='__version__':
        from importlib.metadata import version
        return version('e2mc')
    raise AttributeError(f"module 'e2mc' has no attribute {name!r}")

def __dir__(): return sorted({*globals(), *__all__, '__version__'})

"""The kernel of this very environment, whatever other kernels the machine knows under the name ``python3``."""

from __future__ import annotations

import sys
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager


class OwnKernel(AsyncKernelManager):
    """Start the kernel that is installed beside this Python; what it sends is encrypted."""

    def __init__(self, **options: object) -> None:
        own = Path(sys.prefix) / "share" / "jupyter" / "kernels"
        specs = KernelSpecManager(kernel_dirs=[str(own)])
        super().__init__(kernel_spec_manager=specs, transport_encryption="auto", **options)

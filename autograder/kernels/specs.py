"""The kernelspec `python3`, started by the walled provisioner."""

from __future__ import annotations

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

PROVISIONER = "lossgrad-walled"


class WalledKernelSpecs(KernelSpecManager):
    """Gives every kernelspec our provisioner; nothing of the spec's own command is used."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return a Python kernelspec whose kernels are walled."""
        return KernelSpec(
            argv=[],
            display_name="Python 3 (walled)",
            language="python",
            name=kernel_name,
            metadata={"kernel_provisioner": {"provisioner_name": PROVISIONER, "config": {}}},
        )

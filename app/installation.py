"""Where the product's own files stand: beside the checkout, or inside an installed wheel.

Shell: touches files, and the only reader of VAKT_HOME.
"""

import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent
SHIPPED: Final = PACKAGE / "shipped"  # made by the wheel (pyproject.toml); a checkout has none


def home() -> Path:
    """Tell where voice_prompts and rosters stand.

    VAKT_HOME where it is set, else inside the wheel, else the checkout.
    """
    named = os.environ.get("VAKT_HOME")
    if named:
        return Path(named)
    return SHIPPED if SHIPPED.is_dir() else PACKAGE.parent


def state_folder() -> Path:
    """Tell where a demo keeps what it writes: never inside the installed package."""
    if home() != SHIPPED:
        return home() / "var"
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "vaktlinje"


def product_version() -> str:
    """Return the installed version; `unknown` where the package was never installed."""
    try:
        return version("vaktlinje")
    except PackageNotFoundError:
        return "unknown"

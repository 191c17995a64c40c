"""An address drawn for a telephone's camera."""

import segno
from markupsafe import Markup


def qr_code(address: str) -> Markup:
    """Draw a QR code; black on white also on a dark page, or cameras do not read it."""
    drawn = segno.make(address, error="m").svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None
    )
    return Markup(drawn)  # numbers of ours alone: the address is drawn, not written

"""A secret for one-time codes as it is shown, once: as a QR code, as text, and with the form that confirms it."""

from naivechat.application.operators import TotpOffer
from naivechat.domain.operator import OperatorId
from naivechat.interfaces.console.qr_code import qr_code_of
from naivechat.interfaces.console.rendering import render
from naivechat.interfaces.console.visit import Visit


def render_offer(visit: Visit, offer: TotpOffer, operator_id: OperatorId, *, is_own: bool) -> str:
    """The part of a page. is_own: whether it is for the account of whoever asks, whose password the form wants too."""
    return render(
        "totp_offer.html",
        visit,
        offer=offer,
        code=qr_code_of(offer.uri),
        operator_id=operator_id,
        is_own=is_own,
    )

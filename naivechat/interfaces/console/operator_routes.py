"""Which page answers which path, of operators' accounts: one's own, which viewers have too, and the others'."""

from naivechat.application.operator_services import OperatorServices
from naivechat.interfaces.console import paths
from naivechat.interfaces.console.app import Route, Routes
from naivechat.interfaces.console.operators import OperatorsPage
from naivechat.interfaces.console.own_account import OwnAccountPage
from naivechat.interfaces.console.tokens import TokenForms


def account_routes(account: OwnAccountPage, services: OperatorServices) -> Routes:
    """The own account."""
    tokens = TokenForms(tokens=services.api_tokens)
    return {
        ("GET", paths.ACCOUNT): Route(account.show),
        ("GET", paths.ACCOUNT_TOKENS): Route(account.refresh, is_use=False),
        ("POST", paths.ACCOUNT_PASSWORD): Route(account.change_password),
        ("POST", paths.ACCOUNT_TOTP_OFFER): Route(account.offer_totp),
        ("POST", paths.ACCOUNT_TOTP_CONFIRM): Route(account.confirm_totp),
        ("POST", paths.ACCOUNT_TOTP_END): Route(account.end_totp),
        ("POST", paths.ACCOUNT_TOKEN_CREATE): Route(tokens.create_own),
        ("POST", paths.ACCOUNT_TOKEN_REVOKE): Route(tokens.revoke_own),
    }


def operator_routes(services: OperatorServices) -> Routes:
    """All operators, and one."""
    operators = OperatorsPage(operators=services.operators, tokens=services.api_tokens)
    tokens = TokenForms(tokens=services.api_tokens)
    return {
        ("GET", paths.OPERATORS): Route(operators.show),
        ("GET", paths.OPERATOR_ROWS): Route(operators.refresh, is_use=False),
        ("GET", paths.OPERATOR): Route(operators.show_one),
        ("GET", paths.OPERATOR_PANEL): Route(operators.refresh_one, is_use=False),
        ("POST", paths.OPERATOR_CREATE): Route(operators.create, changes=True),
        ("POST", paths.OPERATOR_ROLE): Route(operators.set_role, changes=True),
        ("POST", paths.OPERATOR_DISABLE): Route(operators.disable, changes=True),
        ("POST", paths.OPERATOR_ENABLE): Route(operators.enable, changes=True),
        ("POST", paths.OPERATOR_PASSWORD): Route(operators.set_password, changes=True),
        ("POST", paths.OPERATOR_TOTP_OFFER): Route(operators.offer_totp, changes=True),
        ("POST", paths.OPERATOR_TOTP_CONFIRM): Route(operators.confirm_totp, changes=True),
        ("POST", paths.OPERATOR_TOTP_END): Route(operators.end_totp, changes=True),
        ("POST", paths.OPERATOR_TOKEN_CREATE): Route(tokens.create, changes=True),
        ("POST", paths.OPERATOR_TOKEN_REVOKE): Route(tokens.revoke, changes=True),
    }

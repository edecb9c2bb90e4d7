"""Swagger UI under a content security policy that lets nothing run but what is served here."""

import base64
import hashlib
import re
from typing import Final

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html, get_swagger_ui_oauth2_redirect_html
from fastapi.responses import HTMLResponse

ASSETS: Final = "/static-offline-docs"
PAGE: Final = "/docs"
REDIRECT: Final = "/docs/oauth2-redirect"
INLINE: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def install_swagger(app: FastAPI) -> None:
    """Serve the page and the page to which an identity provider sends back; both were made by the framework."""
    app.get(PAGE, include_in_schema=False)(show_documentation)
    app.get(REDIRECT, include_in_schema=False)(finish_authorisation)


# Functions of the module, not of an application: the framework keeps what it knows of a function for ever.
async def show_documentation(request: Request) -> HTMLResponse:
    """Show the operations, to be tried out."""
    app: FastAPI = request.app
    root = request.scope.get("root_path", "")
    page = get_swagger_ui_html(
        openapi_url=f"{root}{app.openapi_url}",
        title=f"{app.title} - Swagger UI",
        oauth2_redirect_url=f"{root}{REDIRECT}",
        init_oauth=app.swagger_ui_init_oauth,
        swagger_js_url=f"{root}{ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{root}{ASSETS}/swagger-ui.css",
        swagger_favicon_url=f"{root}{ASSETS}/favicon.png",
        swagger_ui_parameters=app.swagger_ui_parameters,
    )
    page.headers["Content-Security-Policy"] = policy_of(bytes(page.body))
    return page


async def finish_authorisation() -> HTMLResponse:
    """Take back who was sent to an identity provider."""
    page = get_swagger_ui_oauth2_redirect_html()
    page.headers["Content-Security-Policy"] = policy_of(bytes(page.body))
    return page


def policy_of(page: bytes) -> str:
    """Return the policy of a page of ours: its own scripts by digest; data: is for the icons in the style sheet."""
    digests = (hashlib.sha256(script).digest() for script in INLINE.findall(page))
    scripts = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )

"""Who the controller is and how to apply: as documents print it, else as its record has it. Pure."""

from typing import Final

from app.notices.content import Application, Channels, Printed
from app.notices.snapshot import Document, PrintedField, Snapshot

IDENTITY: Final = (
    "legal_name",
    "trade_name",
    "short_name",
    "address",
    "phone",
    "fax",
    "email",
    "kep",
    "website",
    "mersis",
    "tax_number",
    "trade_registry_number",
    "verbis_number",
    "contact_person",
    "representative",
)


def identity(snapshot: Snapshot) -> tuple[Printed, ...]:
    """Return what is known of the controller, field by field; a field of which nothing is known is left out."""
    fields = [printed(snapshot, name) for name in IDENTITY]
    return tuple(field for field in fields if field.state != "not_stated")


def application(snapshot: Snapshot) -> Application:
    """Return the ways to apply, the time and the cost."""
    return Application(
        channels=channels(snapshot), response_days=printed(snapshot, "response_days"), fee=printed(snapshot, "fee")
    )


def printed(snapshot: Snapshot, name: str) -> Printed:
    """Return one field: of the newest document that prints it, else of the record; say so where it is unreadable."""
    found = [(one, field) for one in snapshot.documents for field in one.fields if field.field == name]
    stated = [(one, field) for one, field in found if field.state == "stated"]
    if stated:
        return _from_document(*stated[0], stated)
    recorded = snapshot.controller.value(name)
    if recorded is not None:
        return Printed(field=name, state="stated", value=recorded, origin="controller")
    for one, field in found:
        if field.state == "unreadable":
            return Printed(field=name, state="unreadable", origin="document", document=one.code, locator=field.locator)
    return Printed(field=name, state="not_stated")


def _from_document(document: Document, field: PrintedField, stated: list[tuple[Document, PrintedField]]) -> Printed:
    others = dict.fromkeys(other.value for _, other in stated if other.value and other.value != field.value)
    return Printed(
        field=field.field,
        state="stated",
        value=field.value,
        language=document.language or "tr",
        origin="document",
        document=document.code,
        locator=field.locator,
        others=tuple(others),
    )


def channels(snapshot: Snapshot) -> Channels:
    """Return the ways to apply: of the newest document that lists them, else of the record."""
    for document in snapshot.documents:
        if document.channels.state == "stated" and document.channels.members:
            return Channels(
                state="stated",
                origin="document",
                document=document.code,
                locator=document.channels.locator,
                members=document.channels.members,
            )
    if snapshot.controller.channels:
        return Channels(state="stated", origin="controller", members=snapshot.controller.channels)
    for document in snapshot.documents:
        if document.channels.state == "unreadable":
            return Channels(
                state="unreadable", origin="document", document=document.code, locator=document.channels.locator
            )
    return Channels(state="not_stated")

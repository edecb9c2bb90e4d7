"""A register in which every dimension of a transfer has something to find."""

from typing import Final

from tests.register.making import Json, Register

EVERY_ROW: Final = ["bulut", "destek", "izin", "saglik", "sgk"]
DAY: Final = "2026-11-22"


def fill(acme: Register) -> None:
    """Write two documents, five transfers and what stands around them."""
    acme.change("/documents/acme:politika", audience=["customer"])
    acme.document("sozlesme", date="2024-10-01", channel="paper")
    acme.recipient("cloud", name="Bulut A.Ş.", group="data_storage_providers", seat="US")
    acme.recipient("branch", name="Şube", group="suppliers", parent="cloud")
    acme.recipient("sgk", name="Sosyal Güvenlik Kurumu", group="authorised_public_bodies", seat="TR")
    acme.term("data_categories", "kimlik", under=["identity"])
    acme.term("data_subject_categories", "uye", under=["member"])
    acme.activity(collections=COLLECTIONS, transfers=TRANSFERS)


COLLECTIONS: Final[list[Json]] = [
    {"data": [{"category": "acme:kimlik", "item": "name_surname"}, "health"], "data_subjects": ["acme:uye"]},
    {"data": [{"category": "finance", "item": "iban"}], "data_subjects": ["employee"]},
]
TRANSFERS: Final[list[Json]] = [
    {
        "key": "bulut",
        "citations": [{"locator": "4, tablo", "form": "table"}],
        "recipient": {"code": "cloud", "as_stated": "İşlem sağlayıcısı"},
        "recipient_role": "processor",
        "places": ["US"],
        "purposes": ["storage_and_archiving", "information_security"],
        "legal_bases": ["explicit_consent", "contract"],
    },
    {
        "key": "sgk",
        "document": "acme:sozlesme",
        "citations": [{"locator": "2", "form": "list"}],
        "recipient": "sgk",
        "recipient_role": "controller",
        "location": "domestic",
        "purposes": ["informing_authorised_bodies"],
        "legal_bases": ["legal_obligation"],
        "data": ["acme:kimlik"],
        "data_subjects": ["employee"],
        "collection_methods": ["paper_form"],
    },
    {
        "key": "saglik",
        "polarity": "does_not",
        "citations": [{"locator": "5", "form": "prose"}],
        "location": "abroad",
        "data": ["health"],
        "data_subjects": {"reach": "unreadable"},
    },
    {
        "key": "izin",
        "recipient": "branch",
        "purposes": ["storage_and_archiving"],
        "legal_bases": ["contract"],
        "joined": True,
        "data": {"reach": "all"},
        "data_subjects": ["employee"],
    },
    {
        "key": "destek",
        "recipient": {"code": "branch", "certainty": "inferred"},
        "location": "domestic_or_abroad",
        "mechanisms": [{"code": "safeguard_standard_contract", "status": "signed", "signed_on": "2024-12-01"}],
        "data": [{"category": "finance", "certainty": "inferred"}],
    },
]

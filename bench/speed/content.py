"""Writes realistic registers as bundles: the same seed writes the same text.

A register is made of copies of four controllers, of 250, 125, 75 and 50 activities. Every controller has documents, own
terms and own recipients; every activity has all six kinds of statement, some 37 rows, and two transfers, of which one
names no data and is widened. Of the transfers 2.5 per cent go abroad on explicit consent.
"""

import random
from collections.abc import Iterator
from typing import Any, Final

from app.exchange.bundles import FORMAT

Json = dict[str, Any]
FAMILY: Final = "holding"
FIRST: Final = "0000"
SIZES: Final = {"a": 250, "b": 125, "c": 75, "d": 50}
COPIED: Final = sum(SIZES.values())
PER_DOCUMENT: Final = 25
SEED: Final = 6698

TOPICS: Final = (
    ("Bordro", "Payroll"),
    ("İşe alım", "Recruitment"),
    ("Müşteri ilişkileri", "Customer relations"),
    ("Sipariş ve teslimat", "Orders and delivery"),
    ("Çağrı merkezi", "Call centre"),
    ("Güvenlik kameraları", "Security cameras"),
    ("Ziyaretçi kaydı", "Visitor log"),
    ("Üyelik", "Membership"),
    ("Kampanya", "Campaigns"),
    ("Eğitim", "Training"),
    ("Iskonto onayı", "Discount approval"),
    ("Şikâyet yönetimi", "Complaints"),
    ("Tedarikçi değerlendirme", "Supplier rating"),
    ("Ödeme ve tahsilat", "Payments"),
    ("Hukuk işleri", "Legal affairs"),
    ("İş sağlığı", "Occupational health"),
)
PAIRS: Final = (
    ("identity", "name_surname"),
    ("identity", "national_id_number"),
    ("identity", "date_of_birth"),
    ("contact", "email_address"),
    ("contact", "phone_number"),
    ("contact", "contact_address"),
    ("location", "location_data"),
    ("personnel", "payroll_data"),
    ("personnel", "cv_data"),
    ("legal_transaction", "case_file_data"),
    ("customer_transaction", "order_data"),
    ("customer_transaction", "request_data"),
    ("physical_premises_security", "entry_exit_records"),
    ("physical_premises_security", "camera_footage"),
    ("transaction_security", "ip_address"),
    ("transaction_security", "password"),
    ("finance", "assets_data"),
    ("finance", None),
    ("professional_experience", "diploma_data"),
    ("marketing", "shopping_history"),
    ("marketing", "cookie_records"),
    ("audiovisual_records", None),
    ("health", None),
    ("risk_management", None),
)
SUBJECTS: Final = ("employee", "customer", "job_applicant", "visitor", "member", "supplier_employee", "subscriber")
PURPOSES: Final = (
    "finance_and_accounting",
    "training",
    "access_rights",
    "legal_affairs",
    "communication_activities",
    "logistics",
    "procurement",
    "after_sales_support",
    "sales_processes",
    "customer_satisfaction",
    "marketing_analysis",
    "storage_and_archiving",
    "information_security",
    "business_continuity",
)
BASES: Final = ("contract", "legal_obligation", "legitimate_interest", "provided_by_law", "establishment_of_right")
METHODS: Final = ("website", "contract", "phone", "email", "paper_form", "mobile_app", "camera", "in_person")
EVENTS: Final = ("end_of_contract", "end_of_employment", "last_transaction", "collection", "end_of_membership")
MEASURES: Final = ("firewalls", "access_logs", "antivirus", "data_masking", "internal_audits", "authorisation_matrix")
ACTIONS: Final = ("erasure", "destruction", "anonymisation")
GROUPS: Final = ("suppliers", "business_partners", "banks", "law_firms", "authorised_public_bodies", "group_companies")
ABROAD: Final = ("US", "DE", "IE", "NL", "GB", "SG", "FR", "IN", "JP", "CA", "PL", "AE")
AT_HOME: Final = 12
CONSENT_EVERY: Final = 20
ODD: Final = 40
OWN: Final = (("data_items", "name_surname"), ("data_subject_categories", "customer"), ("purposes", "training"))
HOME: Final = "identity"


def shared() -> Json:
    """Return the recipients that all controllers share."""
    groups = [(f"ortak-{number:02}", GROUPS[number % len(GROUPS)], "TR") for number in range(AT_HOME)]
    groups += [(f"bulut-{seat.lower()}", "data_storage_providers", seat) for seat in ABROAD]
    recipients = [
        {"code": code, "name": f"{code.title()} A.Ş.", "kind": "named", "group": group, "seat": seat}
        for code, group, seat in groups
    ]
    return {"format": FORMAT, "recipients": recipients}


def holding(letter: str, size: int, copy: str = FIRST) -> Json:
    """Return one controller with everything that is its own."""
    code = f"{FAMILY}{copy}{letter}"
    chance = random.Random(f"{SEED}{letter}")  # noqa: S311 - content, no secret
    documents = -(-size // PER_DOCUMENT)
    return {
        "format": FORMAT,
        "controllers": [_controller(code)],
        "terms": list(_terms(code)),
        "recipients": [
            {"controller": code, "code": f"grup-{n}", "name": f"{code} grubu {n}", "kind": "class", "group": group}
            for n, group in enumerate(GROUPS)
        ],
        "documents": [_document(code, number) for number in range(documents)],
        "activities": [activity(code, number, chance) for number in range(size)],
    }


def _controller(code: str) -> Json:
    return {
        "code": code,
        "legal_name": f"{code} Sanayi ve Ticaret Anonim Şirketi",
        "short_name": code,
        "kind": "legal_person",
        "country": "TR",
        "address": "Büyükdere Caddesi 1, İstanbul",
        "email": f"kvkk@{code}.example",
        "verbis_obligation": "registered",
        "response_days": 30,
        "fee": "Ücretsiz",
        "application_channels": [{"kind": "email", "value": f"kvkk@{code}.example"}],
    }


def _terms(code: str) -> Iterator[Json]:
    for vocabulary, official in OWN:
        for number in range(4):
            label = {"tr": f"Kendi terimi {number}", "en": f"Own term {number}"}
            own: Json = {"vocabulary": vocabulary, "controller": code, "code": f"oz-{number}"}
            if vocabulary == "data_items":
                own["categories"] = [HOME]
            yield {**own, "label": label, "under": [official] if number % 2 == 0 else []}


def _document(code: str, number: int) -> Json:
    day = f"{2022 + number % 4}-0{1 + number % 9}-15"
    kind = ("policy", "notice", "inventory")[number % 3]
    title = f"Kişisel veri belgesi {number}"
    return {"controller": code, "code": f"belge-{number}", "title": title, "kind": kind, "date": day}


def name_of(number: int) -> str:
    """Code of an activity inside its controller."""
    return f"faaliyet-{number:04}"


def activity(code: str, number: int, chance: random.Random) -> Json:
    """Return one whole activity: all six kinds of statement."""
    tr, en = TOPICS[number % len(TOPICS)]
    document = f"{code}:belge-{number // PER_DOCUMENT}"
    return {
        "controller": code,
        "code": name_of(number),
        "name": {"tr": f"{tr} {number:04}", "en": f"{en} {number:04}"},
        "description": f"{tr}: süreç {number}, sorumlusu ve kapsamı iç yönergede yazılıdır.",
        "scope": "general" if number % 50 == 49 else "process",  # noqa: PLR2004 - the last activity of a document
        "roles": [{"key": "rol", "document": document, "role": "controller"}],
        "collections": [_collection(code, document, number, chance)],
        "uses": [_use(code, document, number, chance)],
        "transfers": [_first_transfer(code, document, number, chance), _silent_transfer(code, document, number)],
        "retentions": [_retention(document, number)],
        "measures": [{"key": "tedbir", "document": document, "measures": _some(MEASURES, number, 2)}],
    }


def _some(pool: tuple[str, ...], number: int, count: int) -> list[str]:
    return [pool[(number + step * 3) % len(pool)] for step in range(count)]


def _cited(document: str, number: int, form: str) -> Json:
    return {"document": document, "citations": [{"locator": f"{1 + number % 9}. bölüm, {form}", "form": form}]}


def _collection(code: str, document: str, number: int, chance: random.Random) -> Json:
    data: list[Any] = [
        {"category": category, "item": item, "as_stated": f"{category} bilgisi"}
        for category, item in chance.sample(PAIRS, 3)
    ]
    own = [f"{code}:oz-{number % 4}"] if number % 5 == 0 else []
    return {
        "key": "toplama",
        **_cited(document, number, "table"),
        "data": [*data, *({"category": HOME, "item": item} for item in own)],
        "data_subjects": [SUBJECTS[number % len(SUBJECTS)], *own],
        "collection_methods": _some(METHODS, number, 2),
        "sources": ["data_subject"],
        "automatic": "both",
    }


def _basis(purpose: int, number: int) -> str:
    """One purpose has one basis, but for the odd activity, which contradicts the others."""
    return BASES[(purpose + (number % ODD == 0)) % len(BASES)]


def _use(code: str, document: str, number: int, chance: random.Random) -> Json:
    purpose = chance.randrange(len(PURPOSES) - len(BASES))
    own = [f"{code}:oz-{number % 4}"] if number % 4 == 0 else []
    return {
        "key": "kullanim",
        **_cited(document, number, "list"),
        "data_subjects": [SUBJECTS[number % len(SUBJECTS)]],
        "purposes": [PURPOSES[purpose], PURPOSES[purpose + len(BASES)], *own],
        "legal_bases": [{"code": _basis(purpose, number), "as_stated": "hukuki sebep"}],
    }


def _first_transfer(code: str, document: str, number: int, chance: random.Random) -> Json:
    """Names its data; one in twenty goes abroad on consent, three more go abroad otherwise."""
    turn, country = number % CONSENT_EVERY, ABROAD[number // CONSENT_EVERY % len(ABROAD)]
    category, item = chance.choice(PAIRS)
    purpose = (number + 5) % len(PURPOSES)
    transfer = {
        "key": "aktarim",
        **_cited(document, number, "prose"),
        "purposes": [PURPOSES[purpose]],
        "recipient_role": "processor",
    }
    if turn == 0:
        return {**transfer, **_on_consent(number // CONSENT_EVERY, country, category, item)}
    transfer["data"] = [{"category": category, "item": item}]
    transfer["legal_bases"] = [_basis(purpose, number)]
    if turn in {5, 10, 15}:
        contract = {"code": "safeguard_standard_contract", "status": "signed", "signed_on": "2024-12-01"}
        return {**transfer, "recipient": f"bulut-{country.lower()}", "places": [country], "mechanisms": [contract]}
    return {**transfer, "recipient": f"{code}:grup-{number % len(GROUPS)}", "location": "domestic"}


def _on_consent(number: int, country: str, category: str, item: str | None) -> Json:
    """Goes abroad on consent: with or without a mechanism named, with or without data named."""
    consent: Json = {
        "recipient": f"bulut-{country.lower()}",
        "places": [country],
        "legal_bases": [{"code": "explicit_consent", "as_stated": "açık rıza"}],
    }
    if number % 2:
        consent["mechanisms"] = ["old_explicit_consent" if number % 4 == 1 else "derogation_explicit_consent"]
    if number % 3:
        consent["data"] = [{"category": category, "item": item}]
    return consent


def _silent_transfer(code: str, document: str, number: int) -> Json:
    own = number % 3 == 0
    purpose = (number + 9) % len(PURPOSES)
    return {
        "key": "paylasim",
        **_cited(document, number, "prose"),
        "recipient": f"{code}:grup-{(number + 2) % len(GROUPS)}" if own else f"ortak-{number % AT_HOME:02}",
        "location": "domestic",
        "purposes": [PURPOSES[purpose]],
        "legal_bases": [BASES[purpose % len(BASES)]],
    }


def _retention(document: str, number: int) -> Json:
    """Data of one category are kept equally long, but for the odd activity."""
    category, item = PAIRS[number % len(PAIRS)]
    years = 1 + sum(category.encode()) % 15 + (number % ODD == 0)
    step: Json = {"value": years, "unit": "year", "start_events": [EVENTS[number % len(EVENTS)]]}
    step["action"] = [ACTIONS[number % len(ACTIONS)]]
    data = {"data": [{"category": category, "item": item}], "data_subjects": [SUBJECTS[number % len(SUBJECTS)]]}
    return {"key": "saklama", **_cited(document, number, "table"), **data, "kind": "period", "steps": [step]}

"""The library of questions: what the five seeded documents answer."""

from fastapi.testclient import TestClient

from tests.register import many
from tests.register.many import Fact, answer, codes, enter, facts, groups, keys, placed, rows, section

auditor = many.auditor
keeper = many.keeper

ON_CONSENT = {"altyapi-ve-bilisim-saglayicilari", "depolama-constant", "pazarlama-ucuncu-taraflar"}


def test_voice_recordings_are_processed_by_three_controllers_and_call_records_are_not_taken_for_them(
    auditor: TestClient,
) -> None:
    found = groups(auditor, "collections", "controller", data_item="voice_recording")
    assert set(found) == {"kivi", "pronet", "intense"}
    cameras = facts(auditor, "collections", data_item="camera_footage")
    assert {row["controller"]["code"] for row in cameras} == {"kent_konut"}
    records = facts(auditor, "collections", data_item="support_conversation_record", controller="octopus_chat")
    assert keys(records) == {"destek-gorusme-kayitlari"}


def test_octopus_chat_alone_names_no_legal_basis(auditor: TestClient) -> None:
    found = groups(auditor, "uses", "controller", present="legal_basis", empty=True)
    assert [code for code, group in found.items() if group["statements"] == 0] == ["octopus_chat"]
    counted = groups(auditor, "uses", "controller", count_of="legal_basis")
    assert [code for code, group in counted.items() if group["distinct"]["legal_basis"] == 0] == ["octopus_chat"]


def test_one_recipient_abroad_is_known_by_name(auditor: TestClient) -> None:
    found = facts(auditor, "transfers", abroad="yes", present="recipient")
    assert [(row["recipient"]["name"], row["countries"]) for row in found] == [("The Constant Company, LLC", ["US"])]


def test_consent_abroad_names_storage_marketing_and_infrastructure_of_one_policy(auditor: TestClient) -> None:
    found = rows(auditor, "abroad-under-explicit-consent", on="2026-11-22")
    assert placed(found) == {("intense", key) for key in ON_CONSENT}
    assert {row["standing"] for row in found} == {"lapsed_continuing"}
    assert {row["key"]: row["condition"] for row in found if row["condition"]}.keys() == {
        "altyapi-ve-bilisim-saglayicilari"
    }
    before = rows(auditor, "abroad-under-explicit-consent", on="2024-06-15")
    assert {row["standing"] for row in before} == {"valid_before_repeal"}
    assert rows(auditor, "abroad-under-explicit-consent", on="2024-05-26") == []


def test_data_go_abroad_by_intense_and_perhaps_by_kent_konut(auditor: TestClient) -> None:
    found = {(row["controller"]["code"], row["key"]): row["abroad"] for row in rows(auditor, "transfers-abroad")}
    assert found == {
        ("intense", "depolama-constant"): "yes",
        ("intense", "yurtdisi-sunucular"): "yes",
        ("intense", "yurtdisi-depolama-sunuculari"): "yes",
        ("intense", "altyapi-ve-bilisim-saglayicilari"): "possible",
        ("intense", "pazarlama-ucuncu-taraflar"): "possible",
        ("kent_konut", "yurtici-veya-yurtdisi-ucuncu-kisiler"): "possible",
    }


def test_only_the_transfer_that_cites_article_9_names_a_mechanism(auditor: TestClient) -> None:
    abroad, silent = rows(auditor, "transfers-abroad"), rows(auditor, "transfers-abroad-without-mechanism")
    assert placed(abroad) - placed(silent) == {("intense", "yurtdisi-sunucular")}
    assert placed(silent) < placed(abroad)


def test_consent_is_the_ground_of_advertising_at_pronet_and_of_marketing_at_intense(auditor: TestClient) -> None:
    found = rows(auditor, "consent-based-processing")
    assert placed(found) == {
        ("pronet", "reklam-tanitim-pazarlama-rizasi"),
        ("pronet", "reklam-kampanya-promosyon-rizasi"),
        ("intense", "pazarlama-acik-riza"),
        ("intense", "kart-bilgileri"),
        ("intense", "ziyaretci-acik-rizasi"),
        ("intense", "ek-acik-riza"),
    }
    consents = {row["key"]: row["legal_bases"][0]["certainty"] for row in found if row["citation"]["form"] == "table"}
    assert consents == {
        "reklam-kampanya-promosyon-rizasi": "stated",
        "pazarlama-acik-riza": "stated",
        "kart-bilgileri": "inferred",
    }
    told = groups(
        auditor, "uses", "data_category", level="official", legal_basis="explicit_consent", controller="pronet"
    )
    assert set(told) == {"identity", "contact", "customer_transaction"}
    table = facts(auditor, "uses", key="reklam-kampanya-promosyon-rizasi")[0]
    assert codes(table["purposes"]) == {"advertising_campaign_promotion"}


def test_legitimate_interest_is_named_by_all_but_octopus_chat(auditor: TestClient) -> None:
    found = rows(auditor, "legitimate-interest-processing")
    assert {row["controller"]["code"] for row in found} == {"kivi", "pronet", "kent_konut", "intense"}
    by = rows(
        auditor, "legitimate-interest-processing", controller="pronet", group_by="data_category", level="official"
    )
    assert {group["data_category"]["code"] for group in by} == {
        "identity",
        "contact",
        "customer_transaction",
        "audiovisual_records",
        "transaction_security",
        "other_data",
    }


def test_no_collection_names_a_special_category_and_the_empty_answer_says_what_that_means(auditor: TestClient) -> None:
    found = answer(auditor, "special-category-processing")
    assert found["items"] == []
    assert "name no such category, not that no such data" in " ".join(found["explanation"]["en"].split())
    assert "böyle veri işlenmediğini göstermez" in found["explanation"]["tr"]


def test_everything_on_customers_comes_in_one_call(auditor: TestClient) -> None:
    found = answer(auditor, "about-data-subjects", data_subject_category="customer")
    parts = {part["kind"]: part["rows"] for part in found["items"]}
    assert list(parts) == ["collections", "uses", "transfers", "retentions", "roles", "rights"]
    for kind in ("collections", "uses", "transfers", "retentions", "roles"):
        alone = facts(auditor, kind, data_subject_category="customer")
        assert placed(parts[kind]) == placed(alone) != set()
    listed = {part["controller"]["code"]: len(part["rights"]) for part in parts["rights"]}
    assert listed == {"kivi": 9, "pronet": 9, "kent_konut": 10, "intense": 0, "octopus_chat": 6}


def test_what_is_held_on_employees_is_one_mention_by_kivi_and_the_rights_it_lists(auditor: TestClient) -> None:
    found = answer(auditor, "about-data-subjects", data_subject_category="employee")
    assert placed(section(found, "collections")["rows"]) == {("kivi", "amaclarda-adi-gecen-kisiler")}
    assert section(found, "transfers")["rows"] == []
    assert [row["controller"]["code"] for row in section(found, "rights")["rows"]] == ["kivi"]


def test_recordings_of_kivi_go_to_six_classes_of_recipients(auditor: TestClient) -> None:
    found = rows(auditor, "recipients-of-data", data_item="voice_recording", controller="kivi")
    assert {row["recipient"]["name"] for row in found} == {
        "Çağrı merkezi hizmeti alınan iş ortakları",
        "Tedarikçiler",
        "Hizmet sağlayıcılar",
        "Grup şirketleri",
        "Yetkili kurum ve kuruluşlar",
        "Yargı mercileri",
    }
    every_one = rows(auditor, "recipients-of-data", data_item="voice_recording", group_by="controller")
    assert {group["controller"]["code"] for group in every_one} == {"kivi", "pronet", "intense"}


def test_who_processes_counts_by_controller_unless_asked_otherwise(auditor: TestClient) -> None:
    found = rows(auditor, "who-processes", data_item="voice_recording")
    assert {group["controller"]["code"]: group["statements"] for group in found} == {
        "kivi": 1,
        "pronet": 1,
        "intense": 1,
    }
    other = rows(auditor, "who-processes", data_item="voice_recording", group_by="automatic")
    assert {group["automatic"]["code"] for group in other} == {"automatic", "not_stated"}


def test_uses_without_basis_are_those_of_octopus_chat_and_the_applications_of_intense(auditor: TestClient) -> None:
    found = rows(auditor, "uses-without-legal-basis")
    assert placed(found) == {
        ("octopus_chat", "faydalanma-erisim-ve-geri-donus"),
        ("octopus_chat", "amaclar-listesi"),
        ("octopus_chat", "fatura-haklar-listesinde"),
        ("intense", "basvuran-tespiti"),
        ("intense", "vekille-basvuru"),
    }


def test_kivi_names_data_in_its_purposes_that_no_use_is_about(auditor: TestClient) -> None:
    found = rows(auditor, "data-without-use")
    left = {datum["item"] for row in found for datum in row["left_over"]}
    assert {row["controller"]["code"] for row in found} == {"kivi"}
    assert left == {
        "kivi:arama_kaydi",
        "kivi:cagri_sayisi",
        "request_data",
        "suggestion",
        "complaint_record",
        "data_subject_application",
        "event_participation",
    }


def test_kivi_and_pronet_say_nothing_on_retention(auditor: TestClient) -> None:
    found = rows(auditor, "retention-not-stated")
    assert {row["controller"]["code"] for row in found} == {"kivi", "pronet"}
    pronet = {datum["item"] for row in found if row["controller"]["code"] == "pronet" for datum in row["left_over"]}
    assert {"voice_recording", "credit_score", "security_system_usage", "call_date_time"} < pronet


def test_data_come_from_others_at_kent_konut_and_intense(auditor: TestClient) -> None:
    found = rows(auditor, "third-party-sources")
    named = {source["recipient"]["name"] for row in found for source in row["sources"] if source["recipient"]}
    assert {row["controller"]["code"] for row in found} == {"kent_konut", "intense"}
    assert {"Kamu kurum ve kuruluşları", "Üçüncü kişiler"} < named
    other = rows(auditor, "third-party-sources", source="other")
    assert placed(other) == {("kent_konut", "toplama-haricen")}


def test_rights_are_listed_as_each_document_prints_them(auditor: TestClient) -> None:
    found = {row["controller"]["code"]: row for row in rows(auditor, "rights-and-channels")}
    first = found["kivi"]["rights"][0]
    assert (first["code"], first["state"], first["as_stated"]) == ("learn_whether_processed", "unreadable", None)
    assert codes(found["octopus_chat"]["missing_rights"]) == {
        "request_information",
        "erasure_or_destruction",
        "notification_to_third_parties",
    }
    assert found["octopus_chat"]["rights"][0]["as_stated"].endswith("muhafaza edildiğini sorgulayabilir")
    assert (found["intense"]["rights_state"], found["intense"]["rights"]) == ("unreadable", [])
    assert found["intense"]["missing_rights"] == []
    for complete in ("pronet", "kent_konut"):
        assert len(codes(found[complete]["rights"])) == 9
        assert found[complete]["missing_rights"] == []


def test_answers_are_due_in_thirty_days_where_a_document_says_so(auditor: TestClient) -> None:
    found = {row["controller"]["code"]: row for row in rows(auditor, "rights-and-channels")}
    days = {code: row["response_days"]["value"] for code, row in found.items()}
    assert days == {"kivi": 30, "kent_konut": 30, "intense": 30, "pronet": None, "octopus_chat": None}
    ways = {code: codes_of_kind(row["application_channels"]["members"]) for code, row in found.items()}
    assert ways["pronet"] == {"email", "written"}
    assert {"notary", "kep", "in_person", "form"} < ways["kent_konut"]
    assert ways["octopus_chat"] == set()
    assert found["intense"]["application_channels"]["state"] == "unreadable"
    assert found["kent_konut"]["fee"]["value"] == "Ücretsiz"


def codes_of_kind(members: list[Fact]) -> set[str]:
    return {str(member["kind"]) for member in members}


def test_consent_of_the_former_article_9_is_the_only_law_that_has_ended(auditor: TestClient) -> None:
    found = answer(auditor, "law-no-longer-in-force", on="2026-11-22")
    ended = [(part["kind"], key) for part in found["items"] for key in sorted(keys(part["rows"]))]
    assert ended == [("transfers", key) for key in sorted(ON_CONSENT)]
    then = answer(auditor, "law-no-longer-in-force", on="2024-08-31")
    assert [part["rows"] for part in then["items"]] == [[], [], []]


def test_articles_stand_as_written_beside_as_normalised(auditor: TestClient) -> None:
    found = rows(auditor, "articles-cited")
    cited = {(row["controller"]["code"], row["cited_as"], row["law_ref"], row["term"]["code"]) for row in found}
    assert {
        ("kivi", "KVKK'nın 5. maddesi", "KVKK m.5", "contract"),
        ("kivi", "KVKK'nın 5. maddesi", "KVKK m.5", "legitimate_interest"),
        ("pronet", "Kanun’un 5’inci ve 6’ncı maddelerinde", "KVKK m.6", "kvkk_m6_unspecified"),
        ("intense", "Kanun’un 9. Maddesi", "KVKK m.9", "mechanism_article_without_letter"),
        ("kent_konut", "KVK Kanunu’nun 12. maddesine", "KVKK m.12", "kent_konut:teknik_ve_idari_tedbirler"),
    } < cited
    assert "octopus_chat" not in {row["controller"]["code"] for row in found}
    laws = {row["law_ref"] for row in found if row["term"]["code"] == "other_law"}
    assert laws == {"6098 sayılı Kanun; 6502 sayılı Kanun"}


def test_no_recipient_is_shared_by_name_but_lawyers_and_courts_are(auditor: TestClient) -> None:
    found = rows(auditor, "shared-recipients")
    assert {row["shared_by"] for row in found} == {"recipient_group"}
    shared = {row["recipient_group"]["code"]: sorted(codes(row["controllers"])) for row in found}
    assert shared["law_firms"] == ["intense", "kent_konut", "pronet"]
    assert shared["judicial_authorities"] == ["intense", "kivi", "pronet"]
    assert shared["enforcement_offices"] == ["intense", "pronet"]
    assert all("octopus_chat" not in members for members in shared.values())


def test_intense_alone_contradicts_itself_by_denying_what_it_says_elsewhere(auditor: TestClient) -> None:
    found = {part["kind"]: part["rows"] for part in answer(auditor, "contradictions")["items"]}
    assert {kind for kind, those in found.items() if those} == {"transfers"}
    assert {row["controller"]["code"] for row in found["transfers"]} == {"intense"}
    denied = keys([row for row in found["transfers"] if row["polarity"] == "does_not"])
    assert denied == {"is-ortagi-disinda-paylasilmaz", "site-kayitlari-paylasilmaz"}
    storage = next(row for row in found["transfers"] if row["key"] == "depolama-constant")
    assert keys(storage["conflicts_with"]) == denied


def test_a_recipient_is_shared_by_those_who_transfer_to_it_and_not_by_those_who_deny_it(keeper: TestClient) -> None:
    for name, polarity in (("lale", "does"), ("sümbül", "does"), ("nergis", "does_not")):
        transfer = {"document": "metin", "recipient": f"{name}:kurye", "polarity": polarity}
        enter(keeper, name, recipients=["kurye"], transfers=[transfer])
    shared = {"code": "ortak_kurye", "name": "Ortak Kurye", "kind": "named", "group": "cargo_companies"}
    assert keeper.post("/v1/recipients", json=shared).status_code == 201
    for name, polarity in (("lale", "does"), ("sümbül", "does"), ("nergis", "does_not")):
        enter(keeper, name, transfers=[{"document": "metin", "recipient": "ortak_kurye", "polarity": polarity}])
    found = {row["shared_by"]: row for row in rows(keeper, "shared-recipients")}
    assert codes(found["recipient"]["controllers"]) == {"lale", "sümbül"}
    assert codes(found["recipient_group"]["controllers"]) == {"lale", "sümbül"}
    assert rows(keeper, "shared-recipients", controller=["lale", "nergis"]) == []


def test_what_has_ended_covers_no_data_any_more(keeper: TestClient) -> None:
    collection = {"document": "a", "data": ["identity"], "data_subjects": ["customer"]}
    year = {"period": {"value": 1, "unit": "year"}, "document": "a", "valid_to": "2025-12-31"}
    use = {"document": "a", "purposes": ["invoicing"], "valid_to": "2025-12-31"}
    enter(keeper, "ended", collections=[collection], retentions=[year], uses=[use])
    for slug in ("retention-not-stated", "data-without-use"):
        assert rows(keeper, slug, controller="ended", on="2025-06-01") == []
        assert len(rows(keeper, slug, controller="ended", on="2026-06-01")) == 1


def test_documents_and_their_articles_are_those_valid_on_the_day(keeper: TestClient) -> None:
    basis = {"code": "contract", "cited_as": "m.5/2-c"}
    enter(
        keeper,
        "dated",
        documents={"a": {"effective_from": "2024-01-01", "effective_to": "2024-12-31"}},
        uses=[{"document": "a", "purposes": ["invoicing"], "legal_bases": [basis]}],
    )
    for slug in ("articles-cited", "rights-and-channels"):
        assert len(rows(keeper, slug, controller="dated", on="2024-06-01")) == 1
        assert rows(keeper, slug, controller="dated", on="2025-06-01") == []
        assert rows(keeper, slug, controller="dated", on="2023-06-01") == []

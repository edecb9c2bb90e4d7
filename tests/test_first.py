"""The first question, asked of the seeded register."""

from fastapi.testclient import TestClient


def test_question(seeded: TestClient) -> None:
    answer = seeded.get("/v1/questions/abroad-under-explicit-consent", params={"on": "2026-11-22"}).json()
    assert [i["key"] for i in answer["items"]] == [
        "altyapi-ve-bilisim-saglayicilari",
        "depolama-constant",
        "pazarlama-ucuncu-taraflar",
    ]
    assert seeded.get("/readyz").json()
    r = seeded.get(
        "/v1/facts/transfers",
        params={
            "group_by": ["country", "data_category"],
            "level": "official",
            "count_of": "recipient",
            "legal_basis": "explicit_consent",
        },
    )
    assert r.status_code == 200, r.text
    for p in [
        "/v1/activities",
        "/v1/documents",
        "/v1/recipients?group=suppliers",
        "/v1/purposes?q=İŞ&sort=-name",
        "/v1/export",
        "/v1/data-items?category=identity",
    ]:
        r = seeded.get(p)
        assert r.status_code == 200, r.text

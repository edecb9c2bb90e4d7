"""What belongs together stands together, what is not paired is not paired, and evidence stays with its row."""

from app.notices.content import Notice
from app.notices.parts import NoticeData, Phrase, Terms
from app.notices.snapshot import Audience, Statement
from tests.notices.factories import (
    datum,
    document,
    ground,
    listed,
    noticed,
    recipient,
    statement,
    term,
    terms,
)


def use(key: str, purpose: str, basis: str, **values: object) -> Statement:
    return statement("uses", key, purposes=terms(purpose), legal_bases=(ground(basis),), pairing="paired", **values)


def test_two_pairs_of_purpose_and_ground_stay_two_rows() -> None:
    notice = noticed(use("a", "sale", "contract"), use("b", "safety", "interest"))
    assert [(row.purposes.members[0].code, row.legal_bases[0].code) for row in notice.why] == [
        ("sale", "contract"),
        ("safety", "interest"),
    ]


def test_the_same_said_twice_is_one_row_with_both_places() -> None:
    (row,) = noticed(use("a", "sale", "contract"), use("b", "sale", "contract")).why
    assert [one.key for one in row.evidence] == ["a", "b"]


def test_recipients_of_whom_the_same_is_said_share_a_row_and_others_do_not() -> None:
    def transfer(key: str, to: str, purpose: str) -> Statement:
        return statement("transfers", key, recipient=recipient(to), purposes=terms(purpose))

    notice = noticed(transfer("a", "bank", "pay"), transfer("b", "court", "duty"), transfer("c", "insurer", "pay"))
    assert [[one.code for one in row.recipients] for row in notice.to_whom] == [["bank", "insurer"], ["court"]]
    assert [one.key for one in notice.to_whom[0].evidence] == ["a", "c"]


def test_transfers_that_name_nobody_stay_apart() -> None:
    rows = noticed(statement("transfers", "a"), statement("transfers", "b", location="abroad")).to_whom
    assert [one.evidence[0].key for one in rows] == ["a", "b"]


def test_a_denied_transfer_is_a_row_of_its_own() -> None:
    notice = noticed(
        statement("transfers", "a", recipient=recipient("bank")),
        statement("transfers", "b", recipient=recipient("bank"), polarity="does_not"),
    )
    assert [row.polarity for row in notice.to_whom] == ["does", "does_not"]


def test_data_are_shown_by_category_and_items_without_one_together() -> None:
    people = (term("customer"),)
    named = datum(term("identity"), term("name"), term("number"), people=people)
    followed = [datum(term(code, "inferred"), term(item), people=people) for code, item in (("a", "x"), ("b", "y"))]
    notice = noticed(
        statement("collections", "table", data=listed(named), data_subjects=terms("customer")),
        statement("collections", "prose", data=listed(*followed), data_subjects=terms("customer")),
    )
    shown = [(row.category.code if row.category else None, [item.code for item in row.items]) for row in notice.what]
    assert shown == [("identity", ["name", "number"]), (None, ["x", "y"])]


def test_data_of_other_people_or_under_another_condition_are_another_row() -> None:
    notice = noticed(
        statement("collections", "a", data=listed(datum(term("identity"))), data_subjects=terms("customer")),
        statement("collections", "b", data=listed(datum(term("identity"))), data_subjects=terms("visitor")),
        statement(
            "collections",
            "c",
            data=listed(datum(term("identity"))),
            data_subjects=terms("visitor"),
            condition=Phrase(text="yalnız davet edilirse", language="tr"),
        ),
    )
    assert [row.evidence[0].key for row in notice.what] == ["a", "b", "c"]


def for_audience(*statements: Statement, audience: str, matching: set[str]) -> Notice:
    asked = Audience(term=term(audience), matching=frozenset({audience, *matching}))
    return noticed(*statements, audience=asked)


def test_an_audience_gets_what_concerns_it_and_narrower_and_broader_people() -> None:
    def collection(key: str, person: str) -> Statement:
        data = listed(datum(term(key), people=(term(person),)))
        return statement("collections", key, data=data, data_subjects=terms(person))

    statements = [collection("a", "customer"), collection("b", "gold_customer"), collection("c", "employee")]
    notice = for_audience(*statements, audience="customer", matching={"gold_customer", "everybody"})
    assert [row.category.code for row in notice.what if row.category] == ["a", "b"]


def test_an_audience_sees_its_own_data_of_a_shared_statement() -> None:
    data = listed(datum(term("a"), people=(term("customer"),)), datum(term("b"), people=(term("employee"),)))
    shared = statement("uses", "u", data=data, purposes=terms("sale"), legal_bases=(ground("contract"),))
    (row,) = for_audience(shared, audience="customer", matching=set()).why
    assert [one.category.code for one in row.data.members if one.category] == ["a"]


def test_a_statement_about_nobody_concerns_whom_its_document_addresses() -> None:
    silent = [statement("uses", "a", document="acme:a"), statement("uses", "b", document="acme:b")]
    documents = (document("acme:a", audience=(term("customer"),)), document("acme:b", audience=(term("employee"),)))
    asked = Audience(term=term("customer"), matching=frozenset({"customer"}))
    notice = noticed(*silent, audience=asked, documents=documents)
    assert [row.evidence[0].key for row in notice.why] == ["a"]


def test_all_of_one_document_is_spelled_out_beside_another_document() -> None:
    everything = Terms(reach="all")
    first = [
        use("a", "sale", "contract", document="acme:a"),
        statement("transfers", "t", document="acme:a", recipient=recipient("bank"), purposes=everything),
    ]
    alone, together = noticed(*first), noticed(*first, use("b", "safety", "interest", document="acme:b"))
    assert not alone.to_whom[0].purposes.is_spelled_out
    assert [one.code for one in together.to_whom[0].purposes.members] == ["sale"]
    assert together.to_whom[0].purposes.is_spelled_out


def test_methods_without_data_are_shown_and_collections_without_methods_are_not() -> None:
    notice = noticed(
        statement("collections", "a", methods=(term("phone"),)),
        statement("collections", "b", data=listed(datum(term("identity")))),
        statement("collections", "c", automatic="both", data=NoticeData(reach="not_stated")),
    )
    assert [row.evidence[0].key for row in notice.how] == ["a", "c"]

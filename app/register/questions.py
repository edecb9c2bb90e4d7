"""The library of auditors' questions: each is one declaration over the facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from app.audit.reading import last_change
from app.platform.database import ReadSession
from app.platform.listing import instant
from app.register import own_answers
from app.register.asking import CONSENT, ENDED, THIRD_PARTIES, Ask, Asked, Rows, Sections, rows, sections
from app.register.facts import Answer
from app.register.parameters import FactsQuery

KINDS: Final = ("collections", "uses", "transfers", "retentions", "measures", "roles")
ABOUT_SUBJECTS: Final = ("collections", "uses", "transfers", "retentions", "roles")


@dataclass(frozen=True)
class Question:
    """A named question: its titles, the article behind it, how the answer is reached, and an example."""

    slug: str
    tr: str
    en: str
    article: str
    reached_tr: str
    reached_en: str
    ask: Ask
    kind: str = "all"
    example: Mapping[str, str] = field(default_factory=dict)
    accepts: tuple[str, ...] | None = None
    can_group: bool = False

    @property
    def title(self) -> dict[str, str]:
        """Title in both languages."""
        return {"tr": self.tr, "en": self.en}

    @property
    def rows_of(self) -> str | None:
        """The kind of facts that the answer's rows are; None where it has sections or rows of its own."""
        return self.ask.kind if isinstance(self.ask, Rows) else None

    @property
    def explanation(self) -> dict[str, str]:
        """How the answer is reached, in both languages."""
        return {"tr": self.reached_tr, "en": self.reached_en}


QUESTIONS: Final = (
    Question(
        "abroad-under-explicit-consent",
        "Hangi veriler açık rızaya dayanarak yurt dışına gidiyor?",
        "Which data goes abroad under explicit consent?",
        "KVKK m.9/6-a; m.9/1 (7499 sayılı Kanun öncesi)",
        "Açık rızanın aktarım mekanizması olduğu, yurt dışına giden ya da gidebilen aktarımlar. Belge rızayı "
        "hukuki sebep olarak anıp mekanizma anmıyorsa rıza mekanizması çıkarımla eklenir: eski m.9/1’in son "
        "geçerli gününe kadarki belgede eski rıza, sonrasında m.9/6-a. Durum (standing) sorulan günün mevzuatına "
        "göre belirlenir; birden çok mekanizmada en kötüsü gösterilir. Belge veriyi adlandırmıyorsa aynı belgenin "
        "topladığı veriler çıkarım olarak gösterilir.",
        "Transfers that go abroad, or possibly do, with explicit consent as transfer mechanism. Where a document "
        "names consent as ground but no mechanism, a consent mechanism is inferred: the old m.9/1 up to its last "
        "valid day, m.9/6-a later. The standing is judged by the law of the day asked about; of several mechanisms "
        "the worst is shown. Where a document names no data, the data that it collects are shown, marked inferred. "
        "Consent that is only the ground of a transfer with another mechanism is not in this answer: ask the "
        "transfers with legal_basis=explicit_consent.",
        rows("transfers", present=["standing"]),
        "transfers",
        {"on": "2026-11-22"},
        can_group=True,
    ),
    Question(
        "transfers-abroad",
        "Hangi veriler yurt dışına, kime, hangi ülkeye gidiyor?",
        "Which data goes abroad, to whom, to which country?",
        "KVKK m.9; m.16/3-d",
        "Yurt dışına giden (yes) ya da gidebilen (possible) olumlu aktarımlar; ülke ve mekanizma belgenin "
        "dediği gibidir.",
        "Transfers that go abroad (yes) or may (possible); country and mechanism as the document says.",
        rows("transfers", polarity=["does"], abroad=["yes", "possible"]),
        "transfers",
        can_group=True,
    ),
    Question(
        "transfers-abroad-without-mechanism",
        "Hangi yurt dışı aktarımlarında mekanizma belirtilmemiş?",
        "Which transfers abroad name no mechanism?",
        "KVKK m.9/1, m.9/4, m.9/6",
        "Yurt dışına giden ya da gidebilen, belgenin hiçbir aktarım mekanizması anmadığı aktarımlar; çıkarımla "
        "eklenen rıza mekanizması anılmış sayılmaz.",
        "Transfers that go or may go abroad and for which the document names no mechanism; an inferred consent "
        "mechanism does not count as named.",
        rows("transfers", missing=["mechanism"], polarity=["does"], abroad=["yes", "possible"]),
        "transfers",
        can_group=True,
    ),
    Question(
        "consent-based-processing",
        "Hangi işlemeler açık rızaya dayanıyor?",
        "Which processing rests on explicit consent?",
        "KVKK m.5/1, m.6/3-a",
        "Hukuki sebepleri arasında açık rıza bulunan kullanımlar; yürürlükten kalkmış rıza hükümleri de dahildir.",
        "Uses that name explicit consent among their grounds, repealed provisions on consent included.",
        rows("uses", polarity=["does"], legal_basis=[CONSENT]),
        "uses",
        can_group=True,
    ),
    Question(
        "legitimate-interest-processing",
        "Hangi işlemeler meşru menfaate dayanıyor?",
        "Which processing rests on legitimate interest?",
        "KVKK m.5/2-f",
        "Hukuki sebepleri arasında meşru menfaat bulunan kullanımlar; bu sebep denge testi ister.",
        "Uses that name legitimate interest among their grounds; this ground needs a balancing test.",
        rows("uses", polarity=["does"], legal_basis=["legitimate_interest"]),
        "uses",
        can_group=True,
    ),
    Question(
        "special-category-processing",
        "Hangi özel nitelikli veriler işleniyor?",
        "Which special categories of data are processed?",
        "KVKK m.6",
        "Kanunun özel nitelikli saydığı bir kategoride veri toplayan beyanlar. Boş cevap, belgelerin böyle bir "
        "kategoriyi adlandırmadığını gösterir; böyle veri işlenmediğini göstermez.",
        "Collections of data in a category that the law calls special. An empty answer says that the documents name "
        "no such category, not that no such data are processed.",
        rows("collections", polarity=["does"], special=["yes"]),
        "collections",
        can_group=True,
    ),
    Question(
        "about-data-subjects",
        "Bir ilgili kişi grubu hakkında kayıtta ne var?",
        "What does the register hold about one data-subject category?",
        "KVKK m.11",
        "Bu gruba (ve altındakilere) ilişkin veriler, amaçlar, sebepler, alıcılar ve saklama, beyan türüne göre "
        "bölümlenmiş olarak; son bölümde bunları söyleyen belgelerin saydığı haklar ve başvuru yolları.",
        "Everything on this category (and narrower ones): data, purposes, grounds, recipients and retention, in one "
        "section per kind of statement; in the last section the rights and ways to apply that the documents list "
        "which say so.",
        sections(
            *((kind, {}) for kind in ABOUT_SUBJECTS),
            needs=("data_subject_category",),
            own=(
                (
                    "rights",
                    lambda asked: own_answers.rights_beside(asked, ABOUT_SUBJECTS),
                    "/v1/questions/rights-and-channels",
                ),
            ),
        ),
        example={"data_subject_category": "customer"},
    ),
    Question(
        "recipients-of-data",
        "Bir veri kimlere aktarılıyor?",
        "To whom is a datum transferred?",
        "KVKK m.8, m.11/1-ç",
        "Sorulan kategori, veri ya da ilgili kişi için olumlu aktarımlar; filtreler aynı çift üzerinde tutar.",
        "Transfers of the category, item or data subject asked about; the filters hold on one pair.",
        rows("transfers", needs=("data_category", "data_item", "data_subject_category"), polarity=["does"]),
        "transfers",
        {"data_category": "contact"},
        can_group=True,
    ),
    Question(
        "who-processes",
        "Bir veriyi hangi veri sorumluları işliyor?",
        "Which controllers process a datum?",
        "KVKK m.16/3-c",
        "Sorulan kategori ya da veriyi toplayan beyanlar, veri sorumlusuna göre sayılır; group_by ile "
        "değiştirilebilir.",
        "Collections of the category or item asked about, counted by controller; another group_by may be given.",
        rows("collections", needs=("data_item", "data_category"), group_by="controller", polarity=["does"]),
        "collections",
        {"data_item": "voice_recording"},
        can_group=True,
    ),
    Question(
        "uses-without-legal-basis",
        "Hangi kullanımların hukuki sebebi belirtilmemiş?",
        "Which uses name no legal basis?",
        "KVKK m.5, m.10/1-ç",
        "Hukuki sebep anmayan ve aynı belgenin amaç belirtmeyen sebepleriyle tamamlanmayan kullanımlar; kısmen "
        "tamamlananlar, açıkta kalan verilerle gelir.",
        "Uses without legal basis that grounds of the same document without purpose do not complete; those completed "
        "in part come with the data that are left uncovered.",
        rows("uses", polarity=["does"], missing=["legal_basis"]),
        "uses",
        can_group=True,
    ),
    Question(
        "data-without-use",
        "Toplanıp hiçbir kullanıma bağlanmayan veriler hangileri?",
        "Which data are collected without any stated use?",
        "KVKK m.4/2-c, m.10/1-b",
        "Aynı belgenin hiçbir kullanımının konusu olmayan veri toplayan beyanlar; artan veriler left_over içindedir.",
        "Collections some of whose data no use of the same document is about; these data stand in left_over.",
        own_answers.data_without_use,
        "collections",
    ),
    Question(
        "retention-not-stated",
        "Hangi veriler için saklama süresi belirtilmemiş?",
        "For which data is no retention stated?",
        "KVKK m.4/2-d, m.7; m.16/3-f",
        "Aynı belgenin saklama beyanlarının kapsamadığı veri toplayan beyanlar; artan veriler left_over içindedir.",
        "Collections some of whose data no stated retention of the same document covers; these data stand in "
        "left_over.",
        own_answers.retention_not_stated,
        "collections",
    ),
    Question(
        "third-party-sources",
        "Hangi veriler ilgili kişinin kendisinden alınmıyor?",
        "Which data come from someone other than the data subject?",
        "KVKK m.10/1-ç",
        "Kaynağı ilgili kişi olmayan toplama beyanları.",
        "Collections with a source other than the data subject.",
        rows("collections", polarity=["does"], source=[THIRD_PARTIES]),
        "collections",
        can_group=True,
    ),
    Question(
        "rights-and-channels",
        "Belgeler hangi hakları sayıyor, nasıl başvurulur?",
        "Which rights do documents list, and how does one apply?",
        "KVKK m.11, m.13",
        "Her belge için saydığı haklar, dokuz haktan eksik kalanlar, başvuru yolları, cevap süresi ve ücret, belgede "
        "yazdığı gibi; okunamayan liste eksik sayılmaz.",
        "For each document the rights it lists, those of the nine that it misses, ways to apply, response time and "
        "fee, as printed; an unreadable list counts as unknown, not as missing.",
        own_answers.rights_and_channels,
        accepts=("controller", "document"),
    ),
    Question(
        "law-no-longer-in-force",
        "Hangi beyanlar yürürlükten kalkmış bir hükme dayanıyor?",
        "Which statements rest on law that is no longer in force?",
        "KVKK m.5, m.6, m.9 (7499 sayılı Kanun)",
        "Hukuki sebebi ya da aktarım mekanizması sorulan günden önce yürürlükten kalkmış kullanımlar ve aktarımlar; "
        "çıkarımla eklenen mekanizmalar dahildir.",
        "Uses and transfers whose ground or mechanism ended before the day asked about, inferred mechanisms included.",
        sections(
            ("uses", {"polarity": ["does"], "legal_basis": [ENDED]}),
            ("transfers", {"polarity": ["does"], "legal_basis": [ENDED]}),
            ("transfers", {"polarity": ["does"], "mechanism": [ENDED]}),
        ),
        example={"on": "2026-11-22"},
    ),
    Question(
        "articles-cited",
        "Belgeler hangi maddeleri nasıl anıyor?",
        "Which articles do documents cite, and how?",
        "KVKK m.10/1-ç",
        "Belgede yazdığı biçimiyle madde, yanında düzeltilmiş yazımı ve bağlandığı terim; yanlış madde "
        "olduğu gibi kalır.",
        "Articles as written, beside the normalised article and the term they are read as; a wrong one stays as it is.",
        own_answers.articles_cited,
        accepts=("controller", "document"),
    ),
    Question(
        "shared-recipients",
        "Birden çok veri sorumlusunun aktardığı alıcılar kimler?",
        "Which recipients do several controllers share?",
        "KVKK m.16/3-ç",
        "Birden çok veri sorumlusunun aktarım yaptığı alıcılar ve ortak alıcı sınıfları.",
        "Recipients, and common classes of recipients, to which more than one controller transfers.",
        own_answers.shared_recipients,
        "transfers",
    ),
    Question(
        "contradictions",
        "Hangi beyanlar birbiriyle çelişiyor?",
        "Which statements contradict each other?",
        "KVKK m.4/2-b; Aydınlatma Tebliği m.5/1-ç",
        "Aynı veri sorumlusunun aynı veri ve kişi hakkında çelişen beyanları; belgeler arasında ve aynı belgede.",
        "Statements of one controller about matching data that say otherwise, between documents and inside one.",
        sections(*((kind, {"present": ["conflict"]}) for kind in KINDS)),
    ),
)


def beside_answer(session: ReadSession, question: Question, query: FactsQuery, given: dict[str, Any]) -> dict[str, Any]:
    """Return what stands beside the items of an answer: what was asked, and how it was reached.

    `as_of` is the instant asked about, else that of the last change: asked for again, it gives the same answer.
    """
    as_of = query.as_of or last_change(session)[1] or datetime.now(UTC)
    return {
        "question": question.slug,
        "title": question.title,
        "article": question.article,
        "on": query.day.isoformat(),
        "as_of": instant(as_of),
        "explanation": question.explanation,
        "parameters": given,
    }


def asker(question: Question, session: ReadSession) -> Callable[[FactsQuery], Answer]:
    """Return the function that answers one page of a question."""
    return lambda query: question.ask(Asked(session, query))


def table_asker(question: Question, session: ReadSession) -> Callable[[FactsQuery], Answer]:
    """Return the function that answers one page of a question in a table: sections lie one below the other."""
    ask = question.ask.flat if isinstance(question.ask, Sections) else question.ask
    return lambda query: ask(Asked(session, query))


def described(question: Question) -> dict[str, Any]:
    """Return what the list of questions says of a question."""
    example = "&".join(f"{name}={value}" for name, value in question.example.items())
    return {
        "slug": question.slug,
        "title": question.title,
        "article": question.article,
        "facts": question.kind,
        "explanation": question.explanation,
        "example": f"/v1/questions/{question.slug}" + (f"?{example}" if example else ""),
    }

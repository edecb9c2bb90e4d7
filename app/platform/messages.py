"""What problems say, in English and Turkish; the texts take their parameters by name."""

from typing import Final

Texts = dict[str, str]

TITLES: Final[dict[str, Texts]] = {
    "malformed": {"en": "Malformed request", "tr": "Hatalı istek"},
    "unauthenticated": {"en": "Not authenticated", "tr": "Kimlik doğrulanmadı"},
    "forbidden": {"en": "Not allowed", "tr": "Yetki yok"},
    "invalid": {"en": "Invalid content", "tr": "Geçersiz içerik"},
    "unknown-parameter": {"en": "Unknown parameter", "tr": "Bilinmeyen parametre"},
    "unknown-code": {"en": "Unknown code", "tr": "Bilinmeyen kod"},
    "not-found": {"en": "Not found", "tr": "Bulunamadı"},
    "method-not-allowed": {"en": "Method not allowed", "tr": "Yönteme izin verilmiyor"},
    "in-use": {"en": "Still in use", "tr": "Hâlâ kullanılıyor"},
    "duplicate": {"en": "Already exists", "tr": "Zaten var"},
    "immutable": {"en": "Not changeable", "tr": "Değiştirilemez"},
    "already-done": {"en": "Already done", "tr": "Zaten yapılmış"},
    "notice-incomplete": {"en": "Notice incomplete", "tr": "Aydınlatma metni eksik"},
    "not-restorable": {"en": "Cannot be restored", "tr": "Geri getirilemiyor"},
    "stale": {"en": "Changed in the meantime", "tr": "Bu arada değişmiş"},
    "precondition-required": {"en": "If-Match is required", "tr": "If-Match gerekli"},
    "too-large": {"en": "Request too large", "tr": "İstek çok büyük"},
    "address-too-long": {"en": "Address too long", "tr": "Adres çok uzun"},
    "unsupported-media-type": {"en": "Unsupported media type", "tr": "Desteklenmeyen içerik türü"},
    "idempotency-key-reused": {"en": "Idempotency-Key used before", "tr": "Idempotency-Key daha önce kullanılmış"},
    "too-many-requests": {"en": "Too many requests", "tr": "Çok fazla istek"},
    "unexpected": {"en": "Something went wrong inside", "tr": "Hizmette bir hata oluştu"},
    "busy": {"en": "Database not available", "tr": "Veritabanına ulaşılamıyor"},
    "too-slow": {"en": "Took too long", "tr": "Çok uzun sürdü"},
    "error": {"en": "Request refused", "tr": "İstek reddedildi"},
}

MESSAGES: Final[dict[str, Texts]] = {
    "unknown_parameter": {
        "en": "“{name}” is not a parameter of this operation.",
        "tr": "“{name}” bu işlemin bir parametresi değil.",
    },
    "repeated_parameter": {
        "en": "“{name}” may be given once only.",
        "tr": "“{name}” yalnızca bir kez verilebilir.",
    },
    "unknown_field": {"en": "“{name}” is not a known field.", "tr": "“{name}” bilinen bir alan değil."},
    "unknown_code": {
        "en": "“{name}” names nothing in {where}.",
        "tr": "“{name}”: {where} içinde böyle bir kod yok.",
    },
    "ambiguous_code": {
        "en": "“{name}” stands twice in this list.",
        "tr": "“{name}” bu listede iki kez geçiyor.",
    },
    "other_controller": {
        "en": "“{name}” belongs to another controller than {controller}.",
        "tr": "“{name}” kodu {controller} dışındaki bir veri sorumlusuna ait.",
    },
    "unknown_value": {
        "en": "“{name}” is not a value of {where}.",
        "tr": "“{name}”, {where} için geçerli bir değer değil.",
    },
    "not_found": {"en": "There is no {where} “{name}”.", "tr": "“{name}” adlı bir {where} kaydı yok."},
    "needs_whole_register": {
        "en": "Only a caller for all controllers may do this.",
        "tr": "Bunu yalnızca bütün veri sorumluları için yetkili olan yapabilir.",
    },
    "bad_head": {
        "en": "A head is the number of an event and its hash: number:hash.",
        "tr": "Uç, bir olayın numarası ile özetidir: numara:özet.",
    },
    "change_missing": {"en": "Change {change} is not there.", "tr": "{change} numaralı değişiklik yok."},
    "event_missing": {"en": "Change {change} has no event.", "tr": "{change} numaralı değişikliğin olayı yok."},
    "event_alone": {"en": "Event {change} has no change.", "tr": "{change} numaralı olayın değişikliği yok."},
    "event_differs": {
        "en": "Event {change} or what it says it touched is not as it was sealed: the hash does not fit.",
        "tr": "{change} numaralı olay ya da dokunduğunu söylediği şeyler mühürlendiği gibi değil: özet tutmuyor.",
    },
    "chain_broken": {
        "en": "Event {change} does not carry the hash of the event before it.",
        "tr": "{change} numaralı olay kendinden önceki olayın özetini taşımıyor.",
    },
    "row_changed": {
        "en": "Row {row} of {table} is not as change {change} wrote it.",
        "tr": "{table} tablosunun {row} satırı {change} numaralı değişikliğin yazdığı gibi değil.",
    },
    "row_added": {
        "en": "Row {row} of {table} says that change {change} wrote it, which did not.",
        "tr": "{table} tablosunun {row} satırını {change} numaralı değişiklik yazmış görünüyor, oysa yazmadı.",
    },
    "row_missing": {
        "en": "Row {row} of {table}, which change {change} wrote, is not there.",
        "tr": "{table} tablosunun {change} numaralı değişiklikle yazılan {row} satırı yok.",
    },
    "rows_changed": {
        "en": "The rows of {table} are not as change {change} wrote them.",
        "tr": "{table} tablosunun satırları {change} numaralı değişikliğin yazdığı gibi değil.",
    },
    "row_closed": {
        "en": "Row {row} of {table} says that change {change} ended it, which did not.",
        "tr": "{table} tablosunun {row} satırını {change} numaralı değişiklik bitirmiş görünüyor, oysa bitirmedi.",
    },
    "row_reopened": {
        "en": "Row {row} of {table}, which change {change} ended, does not say so.",
        "tr": "{table} tablosunun {change} numaralı değişiklikle biten {row} satırı bunu söylemiyor.",
    },
    "row_outside": {
        "en": "Row {row} of {table} belongs to no change.",
        "tr": "{table} tablosunun {row} satırı hiçbir değişikliğe ait değil.",
    },
    "table_unreadable": {
        "en": "The table {table} cannot be read from change {change} on.",
        "tr": "{table} tablosu {change} numaralı değişiklikten itibaren okunamıyor.",
    },
    "head_missing": {
        "en": "Event {change}, whose hash was kept, is not there.",
        "tr": "Özeti saklanan {change} numaralı olay yok.",
    },
    "head_differs": {
        "en": "Event {change} does not have the hash that was kept: the chain was rewritten.",
        "tr": "{change} numaralı olayın özeti saklanan özet değil: zincir yeniden yazılmış.",
    },
    "no_such_path": {"en": "There is nothing at this address.", "tr": "Bu adreste bir şey yok."},
    "no_such_statement": {
        "en": "The activity has no statement “{name}” among its {where}.",
        "tr": "Faaliyetin {where} listesinde “{name}” anahtarlı bir beyan yok.",
    },
    "method_not_allowed": {
        "en": "This address does not know {name}.",
        "tr": "Bu adres {name} yöntemini tanımıyor.",
    },
    "in_use": {
        "en": "“{name}” is still in use, in {count} places; the list names up to {shown} of them.",
        "tr": "“{name}” hâlâ {count} yerde kullanılıyor; liste bunlardan en çok {shown} tanesini adlandırır.",
    },
    "in_use_by_others": {"en": "“{name}” is still in use.", "tr": "“{name}” hâlâ kullanılıyor."},
    "used_by": {"en": "used by {where} {name}", "tr": "kullanan: {where} {name}"},
    "used_by_others": {"en": "used by others", "tr": "kullanan: başkaları"},
    "key_missing": {
        "en": "Send a key: Authorization: Bearer env_….",
        "tr": "Bir anahtar gönderin: Authorization: Bearer env_….",
    },
    "key_unknown": {
        "en": "The register knows no such key or token.",
        "tr": "Böyle bir anahtar ya da belirteç (token) yok.",
    },
    "key_expired": {"en": "The key has expired.", "tr": "Anahtarın süresi dolmuş."},
    "key_revoked": {"en": "The key was revoked.", "tr": "Anahtar iptal edilmiş."},
    "token_key_unknown": {
        "en": "The token is not signed by a key of its issuer.",
        "tr": "Belirteç (token) verenin bir anahtarıyla imzalanmamış.",
    },
    "token_key_unnamed": {
        "en": "The token does not name its key, and its issuer has several.",
        "tr": "Belirteç (token) anahtarını söylemiyor; verenin ise birden çok anahtarı var.",
    },
    "token_refused": {
        "en": "The token is refused: {reason}",
        "tr": "Belirteç (token) reddedildi; kitaplığın sözü: “{reason}”",
    },
    "issuer_away": {
        "en": "The issuer of tokens does not answer; try again in a moment.",
        "tr": "Belirteç (token) veren sunucu yanıt vermiyor; birazdan yeniden deneyin.",
    },
    "token_without_role": {
        "en": "The token names no role in “{claim}”; it takes one of: {names}.",
        "tr": "Belirtecin “{claim}” alanında rol yok; şunlardan biri olmalı: {names}.",
    },
    "token_without_controllers": {
        "en": "The token says in “{claim}” for which controllers it is: a list of codes, or “*” for all.",
        "tr": "Belirteç “{claim}” alanında hangi veri sorumluları için olduğunu söylemeli: kod listesi ya da “*”.",
    },
    "in_the_past": {"en": "This instant is past.", "tr": "Bu an geçmişte kalmış."},
    "needs_role": {
        "en": "This needs the role {needed}; yours is {role}.",
        "tr": "Bunun için {needed} rolü gerekir; sizin rolünüz {role}.",
    },
    "needs_all_controllers": {
        "en": "This concerns all controllers: it needs the role admin for all of them.",
        "tr": "Bu, bütün veri sorumlularını ilgilendirir: hepsi için admin rolü gerekir.",
    },
    "not_your_controller": {
        "en": "This belongs to a controller that is not among yours.",
        "tr": "Bu, sizin veri sorumlularınızdan birine ait değil.",
    },
    "first_key": {
        "en": "The first key is an administrator's of all controllers, or nobody could make the next one.",
        "tr": "İlk anahtar bütün veri sorumluları için admin olmalı, yoksa sonrakini kimse oluşturamaz.",
    },
    "duplicate": {"en": "“{name}” already exists.", "tr": "“{name}” zaten var."},
    "official_term": {
        "en": "“{name}” is an official term; it comes with the product and follows the law.",
        "tr": "“{name}” resmî bir terimdir; ürünle gelir ve mevzuatı izler.",
    },
    "ended_since": {
        "en": "Revision {number} names “{name}” in {where}, which has ended since then.",
        "tr": "{number}. sürüm {where} içindeki “{name}” kodunu gösteriyor; bu kayıt o zamandan beri sonlandırılmış.",
    },
    "code_fixed": {
        "en": "A code never changes; it is “{name}”.",
        "tr": "Kod değişmez; “{name}” olarak kalır.",
    },
    "stale": {
        "en": "If-Match names revision {given}; the current one is {current}.",
        "tr": "If-Match {given} sürümünü gösteriyor; güncel sürüm {current}.",
    },
    "if_match_required": {
        "en": "Send the ETag that you have read in If-Match, so that no change of others is lost.",
        "tr": "Başkalarının değişikliği kaybolmasın diye okuduğunuz ETag değerini If-Match ile gönderin.",
    },
    "bad_if_match": {
        "en": 'If-Match must be one ETag of this resource, such as "3-1f2e".',
        "tr": 'If-Match bu kaydın tek bir ETag değeri olmalı, örneğin "3-1f2e".',
    },
    "json_invalid": {
        "en": "The body is not valid JSON: {reason}",
        "tr": "Gövde geçerli JSON değil; ayrıştırıcının sözü: “{reason}”",
    },
    "line_invalid": {
        "en": "Each line is one JSON object with one member, and no key stands twice in it.",
        "tr": "Her satır tek üyeli bir JSON nesnesidir ve içinde hiçbir anahtar iki kez geçmez.",
    },
    "line_after_end": {
        "en": "Nothing may follow the line `end`.",
        "tr": "`end` satırından sonra bir şey gelemez.",
    },
    "lines_missing": {
        "en": 'The last line must be {{"end": {found}}}, the number of resources: the text may be cut off.',
        "tr": 'Son satır kaynakların sayısını veren {{"end": {found}}} olmalıdır: metin kesilmiş olabilir.',
    },
    "yaml_invalid": {
        "en": "The bundle is not valid YAML: {reason}",
        "tr": "Paket geçerli YAML değil; ayrıştırıcının sözü: “{reason}”",
    },
    "yaml_alias": {
        "en": "A bundle takes no aliases; write what is meant out again.",
        "tr": "Pakette takma ad (alias) kullanılmaz; kastedileni yeniden yazın.",
    },
    "yaml_key_no_text": {"en": "A key is text.", "tr": "Anahtar bir metindir."},
    "yaml_key_twice": {"en": "The key “{name}” stands twice.", "tr": "“{name}” anahtarı iki kez geçiyor."},
    "yaml_tag": {
        "en": "The tag {name} is not taken here, or does not fit its value.",
        "tr": "{name} etiketi burada kabul edilmez ya da değerine uymuyor.",
    },
    "unreadable": {"en": "The body cannot be read.", "tr": "Gövde okunamıyor."},
    "bad_address": {
        "en": "The address is not valid UTF-8.",
        "tr": "Adres geçerli UTF-8 değil.",
    },
    "not_utf8": {"en": "JSON is sent as UTF-8.", "tr": "JSON, UTF-8 olarak gönderilir."},
    "control_character": {
        "en": "Control characters and lone surrogates are not text.",
        "tr": "Denetim karakterleri ve eşi olmayan vekil kodlar metin değildir.",
    },
    "nul": {"en": "A parameter holds no NUL character.", "tr": "Parametrede NUL karakteri olamaz."},
    "bad_text": {"en": "The text is not valid Unicode.", "tr": "Metin geçerli Unicode değil."},
    "too_large": {"en": "At most {limit} bytes are taken.", "tr": "En çok {limit} bayt kabul edilir."},
    "media_type": {"en": "Send {expected}.", "tr": "{expected} gönderin."},
    "bad_cursor": {
        "en": "The cursor does not belong to this list and sort order.",
        "tr": "İmleç (cursor) bu liste ve sıralamaya ait değil.",
    },
    "as_of_future": {"en": "as_of lies in the future.", "tr": "as_of gelecekte."},
    "changed_since_ahead": {
        "en": "changed_since lies ahead; the last change is {number}.",
        "tr": "changed_since ileride; son değişiklik {number}.",
    },
    "sorted_by_change": {
        "en": "With changed_since the order is that of the changes; leave “sort” out.",
        "tr": "changed_since ile sıra değişikliklerin sırasıdır; “sort” vermeyin.",
    },
    "too_many": {"en": "At most {limit} values are taken.", "tr": "En çok {limit} değer kabul edilir."},
    "needs_one_of": {
        "en": "Give one of: {names}.",
        "tr": "Şunlardan birini verin: {names}.",
    },
    "needs_values": {
        "en": "Give from two to {most} values to compare.",
        "tr": "Karşılaştırmak için iki ile {most} arasında değer verin.",
    },
    "not_of_this_kind": {
        "en": "“{name}” is not a dimension of {where}.",
        "tr": "“{name}”, {where} için bir boyut değil.",
    },
    "needs_group_by": {
        "en": "“{name}” goes with group_by.",
        "tr": "“{name}” yalnızca group_by ile birlikte kullanılır.",
    },
    "needs_one_group": {
        "en": "“{name}” goes with one grouped dimension whose members are known.",
        "tr": "“{name}” yalnızca üyeleri bilinen tek bir group_by boyutuyla birlikte kullanılır.",
    },
    "too_deep": {
        "en": "The body is nested deeper than {limit}.",
        "tr": "Gövde {limit} düzeyden daha derin iç içe geçmiş.",
    },
    "address_too_long": {
        "en": "The address with its query has at most {limit} bytes.",
        "tr": "Adres, sorgusuyla birlikte en çok {limit} bayt olabilir.",
    },
    "bad_idempotency_key": {
        "en": "Idempotency-Key is one text of 1 to 255 visible ASCII characters.",
        "tr": "Idempotency-Key, 1-255 görünür ASCII karakterden oluşan tek bir metindir.",
    },
    "idempotency_key_reused": {
        "en": "This Idempotency-Key came with another body or operation before; a new request takes a new key.",
        "tr": "Bu Idempotency-Key daha önce başka bir gövde ya da işlemle geldi; yeni istek yeni anahtar ister.",
    },
    "answer_not_kept": {
        "en": "This request was carried out before; its answer is given once only and was not kept.",
        "tr": "Bu istek daha önce yerine getirildi; yanıtı yalnızca bir kez verilir ve saklanmadı.",
    },
    "too_many_requests": {
        "en": "At most {limit} requests in {seconds} seconds; the next one in {wait} seconds.",
        "tr": "{seconds} saniyede en çok {limit} istek; bir sonraki {wait} saniye sonra.",
    },
    "unexpected": {
        "en": "The service has a defect; report it with the request id {request_id}.",
        "tr": "Hizmette bir kusur var; {request_id} istek numarasıyla bildirin.",
    },
    "too_slow": {
        "en": "The database was given {seconds} seconds; ask for less, or try again later.",
        "tr": "Veritabanına {seconds} saniye verildi; daha azını isteyin ya da sonra yeniden deneyin.",
    },
    "busy": {"en": "Try again in a moment.", "tr": "Birazdan yeniden deneyin."},
    "cycle": {"en": "“{name}” would stand under itself.", "tr": "“{name}” kendi altında yer almış olurdu."},
    "common_needs_no_controller": {
        "en": "A {where} is shared and names nothing that a controller owns: “{name}”.",
        "tr": "Ortak bir kayıt ({where}) bir veri sorumlusuna ait koda bağlanamaz: “{name}”.",
    },
    "line": {"en": "line {line}, {path}: {message}", "tr": "{line}. satır, {path}: {message}"},
    "error": {"en": "{reason}", "tr": "{reason}"},
}

# Pydantic's own error types, so that Turkish readers are not answered in English.
TURKISH_VALIDATION: Final[Texts] = {
    "missing": "Bu alan gerekli.",
    "string_type": "Metin olmalı.",
    "string_too_long": "En çok {max_length} karakter olabilir.",
    "string_too_short": "En az {min_length} karakter olmalı.",
    "string_pattern_mismatch": "Biçim uymuyor: {pattern}",
    "int_type": "Tam sayı olmalı.",
    "int_parsing": "Tam sayı olmalı.",
    "bool_type": "true ya da false olmalı.",
    "bool_parsing": "true ya da false olmalı.",
    "date_from_datetime_parsing": "YYYY-AA-GG biçiminde bir tarih olmalı.",
    "date_parsing": "YYYY-AA-GG biçiminde bir tarih olmalı.",
    "date_type": "YYYY-AA-GG biçiminde bir tarih olmalı.",
    "datetime_from_date_parsing": "RFC 3339 biçiminde bir an olmalı.",
    "datetime_parsing": "RFC 3339 biçiminde bir an olmalı.",
    "changed_since": "Bir değişiklik numarası (örneğin 42) ya da bir an (örneğin 2026-11-24T09:00:00Z) olmalı.",
    "timezone_aware": "Saat dilimi belirtilmeli, örneğin 2026-11-24T09:00:00Z.",
    "literal_error": "Şunlardan biri olmalı: {expected}",
    "list_type": "Liste olmalı.",
    "dict_type": "Nesne olmalı.",
    "model_type": "Nesne olmalı.",
    "model_attributes_type": "Nesne olmalı.",
    "too_long": "En çok {max_length} öğe olabilir.",
    "too_short": "En az {min_length} öğe olmalı.",
    "greater_than_equal": "{ge} ya da daha büyük olmalı.",
    "less_than_equal": "{le} ya da daha küçük olmalı.",
    "greater_than": "{gt} değerinden büyük olmalı.",
    "less_than": "{lt} değerinden küçük olmalı.",
    "string_unicode": "Geçerli Unicode metin olmalı.",
    "int_from_float": "Tam sayı olmalı.",
    "int_parsing_size": "Sayı çok büyük.",
    "finite_number": "Sonlu bir sayı olmalı.",
    "date_from_datetime_inexact": "YYYY-AA-GG biçiminde bir tarih olmalı.",
    "datetime_type": "RFC 3339 biçiminde bir an olmalı.",
    "instant_out_of_range": "Bu an takvimin dışında kalıyor.",
    "control_character": "Denetim karakterleri ve eşi olmayan vekil kodlar metin değildir.",
    "label_too_long": "Etiket en çok on beş kelime olabilir.",
    "unknown_country": "ISO 3166-1 alpha-2 ülke kodu olmalı, örneğin TR ya da US.",
    "nothing_named": "Adı konmuş bir şey yok: bunlardan en az biri gerekli.",
    "no_members": "Bu kapsam (reach) üye ister.",
    "no_members_allowed": "Bu kapsamın (reach) üyesi olmaz.",
    "source_recipient": "Yalnızca recipient türündeki kaynak bir alıcı adlandırır ve adlandırmak zorundadır.",
    "value_and_unit": "Değer ile birim birlikte verilmeli.",
    "dates_out_of_order": "Bitiş tarihi başlangıç tarihinden önce.",
    "print_value": "Belirtilmiş (stated) alanın değeri olur, öbür durumların olmaz.",
    "nothing_to_find": "Aranacak en az bir harf ya da rakam gerekli.",
}

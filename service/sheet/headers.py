"""Which column is which, by the words that people put above them in a dozen languages."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import Literal, get_args

from service.model.errors import BadInputError

ColumnField = Literal[
    "name",
    "alias",
    "id",
    "country",
    "entity_type",
    "identifier",
    "address",
    "owner",
    "share",
]
FIELDS: tuple[ColumnField, ...] = get_args(ColumnField)

# Words for a name that say whose it is; they go before a mere `Name`, which may be a person's.
_TELLING_NAMES = """
counterparty|counterparty name|company|company name|legal name|legal entity name|entity name
business name|organisation|organization|organisation name|organization name|full legal name
customer|customer name|client|client name|supplier|supplier name|vendor|vendor name
partner name|business partner|account name|name of company|name of entity|party name
party|consignee|consignee name|beneficiary|beneficiary name|registered name|firm|firm name
firma|firmenname|firmierung|unternehmen|unternehmensname|name der firma|geschaftspartner|kunde
kundenname|lieferant|lieferantenname|name 1|name1|debitor|kreditor
raison sociale|denomination|denomination sociale|nom de la societe|nom de l entreprise|societe
entreprise|client nom|nom du client|fournisseur|nom du fournisseur
razon social|denominacion|denominacion social|empresa|nombre de la empresa|cliente|proveedor
ragione sociale|denominazione|denominazione sociale|azienda|societa|fornitore|nome azienda
razao social|denominacao|denominacao social|nome da empresa|fornecedor
bedrijf|bedrijfsnaam|handelspartner|klant|klantnaam|leverancier|statutaire naam
nazwa firmy|firma nazwa|nazwa kontrahenta|kontrahent|klient|dostawca
nazev firmy|nazev spolecnosti|obchodni firma|odberatel|dodavatel
наименование|наименование организации|полное наименование|контрагент|наименование контрагента
организация|компания|название компании|название организации|клиент|поставщик|покупатель
назва|назва компанії|найменування|контрагент назва|повне найменування
firma adi|sirket|sirket adi|unvan|ticaret unvani|musteri|tedarikci
公司|公司名称|企业名称|客户名称|供应商名称|交易对手|单位名称|名称|公司名稱|企業名稱|客戶名稱|供應商名稱
会社名|企業名|取引先|取引先名|法人名|商号
회사명|업체명|거래처|거래처명|법인명|상호
اسم الشركة|الشركة
"""
_WORDS: dict[ColumnField, str] = {
    "name": """
name|full name|nom|nombre|nome|naam|nazwa|nazev|имя|название|ім я|ad|isim|名前|名字|이름|성명
الاسم|nimi|namn|navn
""",
    "alias": """
alias|aliases|aka|a k a|also known as|other name|other names|trade name|trading name|trading as
dba|d b a|doing business as|former name|former names|previous name|short name|english name
local name|native name|name local|name in english|name in original language|brand name
weitere namen|andere namen|handelsname|kurzname|fruherer name|aliasname
autres noms|nom commercial|ancien nom|sigle|otros nombres|nombre comercial|nombre anterior
altri nomi|nome commerciale|outros nomes|nome fantasia|nome comercial|handelsnaam
inne nazwy|nazwa skrocona|сокращенное наименование|краткое наименование|другие названия
прежнее наименование|английское наименование|наименование на английском|скорочена назва
别名|简称|英文名称|曾用名|別名|英文名|略称|英語名|별칭|영문명|اسماء اخرى
""",
    "id": """
id|counterparty id|customer id|customer number|customer no|client id|client number|supplier id
supplier number|vendor id|vendor number|vendor no|account id|account number|partner id|party id
internal id|reference|ref|record id|row id|bp number|business partner number|code
customer code|supplier code|vendor code
kundennummer|kunden nr|kundennr|lieferantennummer
debitorennummer|kreditorennummer|geschaftspartnernummer|nr|numero client|code client
code fournisseur|numero de cliente|codigo|codigo cliente|codice|codice cliente|klantnummer
numer klienta|код|код контрагента|номер клиента|客户编号|供应商编号|编号
客戶編號|取引先コード|거래처코드
""",
    "country": """
country|country code|countries|country of incorporation|country of registration|jurisdiction
country of residence|nationality|domicile|iso country|country iso|land
landercode|landerschlussel|landesschlussel
landerkennzeichen|sitzland|staat|pays|code pays|pays d immatriculation|pais|codigo pais|paese
nazione|codice paese|landcode|kraj|kod kraju|zeme|stat|страна|код страны|страна регистрации
юрисдикция|країна|ulke|ulke kodu|国家|国别|所在国家|国家代码|國家|国名|국가|국가코드|البلد|الدولة
""",
    "entity_type": """
entity type|party type|type of entity|legal entity type|counterparty type|person or organisation
rechtstrager|type d entite|tipo de entidad|тип лица|тип контрагента|主体类型|实体类型
""",
    "identifier": """
identifier|identifiers|registration number|registration no|reg no|company number|company no
company registration number|business registration number|register number|tax id|tax id no
tax number|tin|vat|vat number|vat no|vat id|ein|lei|lei code|legal entity identifier|imo
imo number|imo no|duns|d u n s|duns number|bic|swift|swift code|bic swift|crn|uen|cin
handelsregisternummer|registernummer|hrb|ust idnr|ust id nr|ust id|umsatzsteuer id|steuernummer
siren|siret|numero d immatriculation|numero siren|numero siret|tva|numero de tva|cif|nif|rfc|ruc
numero de registro|codice fiscale|partita iva|p iva|cnpj|kvk|kvk nummer|btw|btw nummer|nip|regon
krs|ico|dic|инн|огрн|кпп|окпо|регистрационный номер|єдрпоу|код єдрпоу|vergi no|vergi numarasi
统一社会信用代码|注册号|工商注册号|組織機構代碼|统一编号|統一編號|法人番号|사업자등록번호|inn|ogrn|uscc
identification number|passport|passport number
""",
    "address": """
address|full address|addresses|registered address|business address|street address|street
address line|address line 1|address line 2|address line 3|city|town|postal code|postcode|zip
zip code|state|province|region|adresse|anschrift|strasse|hausnummer|plz|ort|stadt|postleitzahl
rue|ville|code postal|direccion|calle|ciudad|codigo postal|provincia|indirizzo|via|citta|cap
endereco|cidade|cep|adres|straat|plaats|postcode|ulica|miasto|kod pocztowy|adresa|ulice|mesto|psc
адрес|юридический адрес|город|улица|почтовый индекс|індекс|адреса|місто|adres satiri|sehir|il
地址|注册地址|城市|住所|所在地|住所地|주소|العنوان
""",
    "owner": """
owner|owners|owner name|shareholder|shareholders|shareholder name|parent|parent company|parent name
ultimate parent|ultimate beneficial owner|beneficial owner|beneficial owners|ubo|holder
eigentumer|gesellschafter|muttergesellschaft|anteilseigner|wirtschaftlich berechtigter
proprietaire|actionnaire|actionnaires|societe mere|beneficiaire effectif|propietario|accionista
accionistas|sociedad matriz|titular real|proprietario|azionista|azionisti|socio|soci
societa madre|acionista|acionistas|eigenaar|aandeelhouder|moedermaatschappij|wlasciciel
udzialowiec|akcjonariusz|vlastnik|владелец|собственник|учредитель|учредители|акционер|акционеры
участник|бенефициар|власник|засновник|ortak|hissedar
股东|股東|股东名称|母公司|所有者|株主|親会社|주주|모회사
""",
    "share": """
share|shares|share percent|percent|percentage|ownership percent|ownership percentage|ownership
owner share|shareholding|shareholding percent|stake|holding|percent owned|percent held|owned
anteil|anteile|anteil in percent|beteiligung|beteiligungsquote|part|parts|participation
pourcentage|quote part|participacion|porcentaje|quota|percentuale|partecipazione|participacao
percentagem|aandeel|percentage belang|udzial|podil|доля|доля percent|доля владения
процент|частка|hisse|hisse orani|pay orani|持股比例|持股|出资比例|股权比例|持股percent|持株比率
持分比率|출자비율|지분율
""",
}
_PARTED = re.compile(r"[|\n]")
_NO_WORD = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NUMBER_BEHIND = re.compile(r"\s(\d{1,3})$")
# A header is looked for in the first rows; above it stand at most titles, of one cell each.
_TITLES = 20


def plain(header: str) -> str:
    """A header's words alone, in small letters without accents: `company name`."""
    text = unicodedata.normalize("NFKD", _CAMEL.sub(" ", header).replace("%", " percent "))
    letters = "".join(each for each in text if not unicodedata.combining(each)).casefold()
    return " ".join(_NO_WORD.sub(" ", letters.replace("ß", "ss").replace("ł", "l")).split())


def _words(text: str) -> frozenset[str]:
    return frozenset(plain(each) for each in _PARTED.split(text.strip()) if each.strip())


_TELLING = _words(_TELLING_NAMES)
_FIELD_BY_WORD: dict[str, ColumnField] = {
    word: field for field in reversed(FIELDS) for word in _words(_WORDS[field])
}


def field_of(header: str) -> ColumnField | None:
    """What a column holds by its header, None where its words are none we know.

    A number behind a word does not count: `Owner 2` is an owner.
    """
    word = plain(header)
    if word in _TELLING:
        return "name"
    found = _FIELD_BY_WORD.get(word)
    return found or _FIELD_BY_WORD.get(_NUMBER_BEHIND.sub("", word))


def number_of(header: str) -> str:
    """The number behind a header's words, "" where there is none: `2` of `Owner 2 %`."""
    found = re.search(r"\d+", plain(header))
    return "" if found is None else found.group()


def is_telling(header: str) -> bool:
    """Whether the header of a name says that it is a party's, and not perhaps a contact's."""
    return plain(header) in _TELLING


def header_at(
    first: Sequence[tuple[int, Sequence[object]]], columns: Collection[str]
) -> tuple[int, list[str]]:
    """The number of the header's row and its cells, trailing blanks cut off.

    It is the first row, or the first one below titles of one cell each that names a column asked
    for or a name.

    Raises:
        BadInputError: There are no rows.
    """
    if not first:
        raise BadInputError("file", "has no rows")
    wide = [each for each in first if len(_filled(each[1])) > 1]
    for number, cells in first[:_TITLES] if wide else ():
        named = _filled(cells)
        if names_a_party(named, columns):
            return number, _texts(cells)
        if len(named) > 1:
            break
    number, cells = (wide or first)[0]
    return number, _texts(cells)


def names_a_party(header: Iterable[str], columns: Collection[str]) -> bool:
    """Whether a header has one of these columns, or one that could be a name."""
    return any(each in columns or field_of(each) == "name" for each in header)


def _filled(cells: Sequence[object]) -> list[str]:
    return [each for each in _texts(cells) if each]


def _texts(cells: Sequence[object]) -> list[str]:
    texts = ["" if cell is None else " ".join(str(cell).split()) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts

"""What the header of a column says: which field it is, whose, and which part of a name."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, get_args

import msgspec

ColumnField = Literal[
    "name",
    "name_part",
    "party",
    "alias",
    "id",
    "country",
    "entity_type",
    "birth_date",
    "identifier",
    "address",
    "owner",
    "share",
    "unused",
]
FIELDS: tuple[ColumnField, ...] = get_args(ColumnField)
FIELD_LABELS: Mapping[ColumnField, str] = MappingProxyType(
    {
        "name": "Name (needed)",
        "name_part": "More of the name",
        "party": "Another party's name",
        "alias": "Other names",
        "id": "Your own id",
        "country": "Country",
        "entity_type": "Person or company",
        "birth_date": "Date of birth",
        "identifier": "Number (tax, LEI, IMO …)",
        "address": "Address",
        "owner": "Owner",
        "share": "Owner's share in %",
    }
)
"""The fields as a person chooses them; `unused` is a column that they leave out."""

# Headers of a party's name; they take precedence over a mere `Name`, which may be a contact's.
_TELLING_NAMES = """
counterparty|counterparty name|company|company name|legal name|legal entity name|entity name
business name|organisation|organization|organisation name|organization name|full legal name
customer|customer name|client|client name|supplier|supplier name|vendor|vendor name|partner name
business partner|account name|name of company|name of entity|party name|party|consignee
consignee name|beneficiary|beneficiary name|registered name|firm|firm name|firma|firmenname
firmierung|unternehmen|unternehmensname|name der firma|geschaftspartner|kunde|kundenname|lieferant
lieferantenname|name 1|name1|debitor|kreditor|raison sociale|denomination|denomination sociale
nom de la societe|nom de l entreprise|societe|entreprise|client nom|nom du client|fournisseur
nom du fournisseur|razon social|denominacion|denominacion social|empresa|nombre de la empresa
cliente|proveedor|ragione sociale|denominazione|denominazione sociale|azienda|societa|fornitore
nome azienda|razao social|denominacao|denominacao social|nome da empresa|fornecedor|bedrijf
bedrijfsnaam|handelspartner|klant|klantnaam|leverancier|statutaire naam|nazwa firmy|firma nazwa
nazwa kontrahenta|kontrahent|klient|dostawca|nazev firmy|nazev spolecnosti|obchodni firma
odberatel|dodavatel|наименование|наименование организации|полное наименование|контрагент
наименование контрагента|организация|компания|название компании|название организации|клиент
поставщик|покупатель|назва|назва компанії|найменування|контрагент назва|повне найменування
firma adi|sirket|sirket adi|unvan|ticaret unvani|musteri|tedarikci|公司|公司名称|企业名称|客户名称
供应商名称|交易对手|单位名称|名称|公司名稱|企業名稱|客戶名稱|供應商名稱|会社名|企業名|取引先
取引先名|法人名|商号|회사명|업체명|거래처|거래처명|법인명|상호|اسم الشركة|الشركة
"""
_WORDS: dict[ColumnField, str] = {
    "name": """
name|full name|nom|nombre|nome|naam|nazwa|nazev|имя|название|ім я|ad|isim|名前|名字|이름|성명
الاسم|nimi|namn|navn
""",
    "alias": """
alias|aliases|aka|a k a|also known as|other name|other names|trade name|trading name|trading as
dba|d b a|doing business as|former name|former names|previous name|short name|english name
search name|search term|matchcode|alternate name|alternative name|alt name|name alt|suchbegriff
suchname|local name|native name|name local|name in english|name in original language|brand name
weitere namen|andere namen|handelsname|kurzname|fruherer name|aliasname
autres noms|nom commercial|ancien nom|sigle|otros nombres|nombre comercial|nombre anterior
altri nomi|nome commerciale|outros nomes|nome fantasia|nome comercial|handelsnaam
inne nazwy|nazwa skrocona|сокращенное наименование|краткое наименование|другие названия
прежнее наименование|английское наименование|наименование на английском|скорочена назва
别名|简称|英文名称|曾用名|別名|英文名|略称|英語名|별칭|영문명|اسماء اخرى
""",
    "id": """
kunnr|lifnr|partner number|number|no|id|counterparty id|customer id|customer number|customer no
client id|client number|supplier id|supplier number|vendor id|vendor number|vendor no|account id
account number|partner id|party id|internal id|reference|ref|record id|row id|bp number
business partner number|code|customer code|supplier code|vendor code|kundennummer|kunden nr
kundennr|lieferantennummer|debitorennummer|kreditorennummer|geschaftspartnernummer|nr
numero client|code client|code fournisseur|numero de cliente|codigo|codigo cliente|codice
codice cliente|klantnummer|numer klienta|код|код контрагента|номер клиента|客户编号|供应商编号
编号|客戶編號|取引先コード|거래처코드
""",
    "country": """
land1|ctry|country region|country region code|eu land|country|country code|countries
country of incorporation|country of registration|jurisdiction|country of residence|nationality
domicile|iso country|country iso|land|landercode|landerschlussel|landesschlussel|landerkennzeichen
sitzland|staat|pays|code pays|pays d immatriculation|pais|codigo pais|paese|nazione|codice paese
landcode|kraj|kod kraju|zeme|stat|страна|код страны|страна регистрации|юрисдикция|країна|ulke
ulke kodu|国家|国别|所在国家|国家代码|國家|国名|국가|국가코드|البلد|الدولة
""",
    "entity_type": """
entity type|party type|type of entity|legal entity type|counterparty type|person or organisation
rechtstrager|type d entite|tipo de entidad|тип лица|тип контрагента|主体类型|实体类型
""",
    "birth_date": """
birth date|birthdate|date of birth|dob|d o b|year of birth|birth year|born|born on
geburtsdatum|geburtstag|geburtsjahr|date de naissance|ne le|fecha de nacimiento|data di nascita
data de nascimento|geboortedatum|data urodzenia|datum narozeni|дата рождения|год рождения
дата народження|dogum tarihi|出生日期|出生年月日|生年月日|생년월일|تاريخ الميلاد
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
统一社会信用代码|注册号|工商注册号|組織機構代碼|统一编号|統一編號|法人番号|사업자등록번호|inn|ogrn
uscc|identification number|passport|passport number
""",
    "address": """
ort01|stras|pstlz|address 2|street 2|address|full address|addresses|registered address
business address|street address|street|address line|address line 1|address line 2|address line 3
city|town|postal code|postcode|zip|zip code|state|province|region|adresse|anschrift|strasse
hausnummer|plz|ort|stadt|postleitzahl|rue|ville|code postal|direccion|calle|ciudad|codigo postal
provincia|indirizzo|via|citta|cap|endereco|cidade|cep|adres|straat|plaats|postcode|ulica|miasto
kod pocztowy|adresa|ulice|mesto|psc|адрес|юридический адрес|город|улица|почтовый индекс|індекс
адреса|місто|adres satiri|sehir|il|地址|注册地址|城市|住所|所在地|住所地|주소|العنوان
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

# The parties of a deal, of a payment and of a shipment, by their role. A column may be called by
# the role alone, or by the role with a word for the field: `Ship-to country`, `Name of consignee`.
_ROLES: dict[str, str] = {
    "customer": """
customer|client|debtor|kunde|debitor|abnehmer|klant|cliente|klient|odberatel|клиент|客户|客戶|顧客
고객|musteri|acheteur final
""",
    "supplier": """
supplier|vendor|creditor|subcontractor|seller|buy from|buy from vendor|pay to vendor|lieferant
kreditor|auftragnehmer|verkaufer|subunternehmer|fournisseur|sous traitant|vendeur|proveedor
vendedor|acreedor|fornitore|fornecedor|leverancier|dostawca|dodavatel|поставщик|продавец|подрядчик
供应商|供應商|卖方|供货商|賣方|仕入先|販売者|공급업체|tedarikci
""",
    "partner": """
counterparty|counter party|business partner|trading partner|partner|geschaftspartner
handelspartner|vertragspartner|partenaire|cocontractant|socio comercial|контрагент|交易对手|交易方
合作方|取引先|거래처
""",
    "sold_to": """
sold to|sold to party|sold to pt|sold to customer|sell to|sell to customer|ordering party
ordered by|purchaser|buyer|auftraggeber|besteller|kaufer|acheteur|donneur d ordre|comprador
solicitante|acquirente|compratore|покупатель|заказчик|买方|購買者|買方|买家|購入者|구매자|alici
""",
    "bill_to": """
bill to|bill to party|bill to pt|bill to customer|invoice to|invoice recipient|invoice customer
rechnungsempfanger|facture a|client facture|destinataire de la facture|facturar a
destinatario de la factura|destinatario fattura|получатель счета|收票方|开票方|請求先|청구처
""",
    "payer": """
payer|payor|paying party|pay to|regulierer|zahler|payeur|pagador|ordenante|pagatore|плательщик
付款方|付款人|支払人|지급인
""",
    "payee": """
payee|remit to|remit to supplier|remit to vendor|account holder|bank account holder|kontoinhaber
bankinhaber|titulaire du compte|titular de la cuenta
beneficiary|recipient of payment|zahlungsempfanger|begunstigter|beneficiaire|beneficiario
получатель платежа|бенефициар платежа|收款人|收款方|受益人|受取人|수취인
""",
    "ship_to": """
addressee
ship to|ship to party|ship to pt|ship to customer|shipped to|deliver to|delivery|delivery party
delivery customer|delivery recipient|goods recipient|recipient|receiver|warenempfanger
lieferempfanger|empfanger|lieferadresse|lieferanschrift|destinataire|destinataire des marchandises
livre a|client livre|livraison|destinatario|destinatario de mercancias
destinatario de la mercancia|destinatario merci|enviar a|entregar a|entrega|ontvanger|odbiorca
prijemce|получатель|收货方|送达方|交货方|納品先|出荷先|納入先|납품처|alici firma
""",
    "consignee": """
consignee|intermediate consignee|грузополучатель|收货人|收貨人|荷受人|수하인|consignataire
consignatario
""",
    "ultimate_consignee": """
ultimate consignee|final consignee|endempfanger|endgultiger empfanger|destinataire final
destinataire ultime|destinatario final|destinatario ultimo|consignatario final|destinatario finale
конечный получатель|конечный грузополучатель|最终收货人|最終收貨人|最終荷受人|최종수하인
""",
    "end_user": """
end user|enduser|end customer|final customer|final user|ultimate user|ultimate customer
endverwender|endkunde|endabnehmer|endbenutzer|endanwender|endverbraucher|utilisateur final
client final|usuario final|cliente final|utilizzatore finale|cliente finale|eindgebruiker
uzytkownik koncowy|конечный пользователь|конечный потребитель|конечный покупатель|最终用户
最终客户|最終用戶|最終需要者|最終使用者|エンドユーザー|최종사용자|최종고객|son kullanici
""",
    "notify": """
notify|notify party|also notify|also notify party|notifying party|notify address|meldeadresse
notify adresse|zu benachrichtigen|zu benachrichtigende partei|partie a notifier|a notifier|notifier
parte a notificar|notificar a|parte da notificare|уведомляемая сторона|извещаемая сторона
уведомить|通知方|通知人|被通知人|着荷通知先|통지처
""",
    "shipper": """
shipper|consignor|sender|ship from|versender|absender|verlader|expediteur|chargeur|remitente
expedidor|cargador|mittente|отправитель|грузоотправитель|发货人|發貨人|托运人|荷送人|송하인
""",
    "exporter": """
exporter|exporteur|ausfuhrer|exportateur|exportador|esportatore|экспортер|出口商|輸出者
""",
    "importer": """
importer|importer of record|einfuhrer|importeur|importateur|importador|importatore|импортер|进口商
輸入者
""",
    "carrier": """
carrier|freight forwarder|forwarder|forwarding agent|haulier|shipping line|spediteur|spedition
frachtfuhrer|transporteur|transitaire|transportista|transitario|vettore|перевозчик|экспедитор
承运人|货代|货运代理|運送人|운송인
""",
    "manufacturer": """
manufacturer|producer|hersteller|produzent|fabricant|fabricante|produttore|производитель
изготовитель|制造商|生产商|製造者|メーカー|제조사
""",
    "agent": """
agent|sales agent|broker|intermediary|distributor|dealer|reseller|handelsvertreter|makler
vermittler|handler|vertriebspartner|courtier|intermediaire|distributeur|agente|intermediario
distribuidor|агент|посредник|дистрибьютор|代理商|经销商|中间商|代理店
""",
    "bank": """
bank|beneficiary bank|bank of beneficiary|intermediary bank|correspondent bank|issuing bank
hausbank|banque|banco|banca|банк|银行|开户银行|銀行|은행
""",
    "contact": """
attention|attn|zu handen
contact|contact person|ansprechpartner|kontakt|kontaktperson|interlocuteur|personne de contact
contacto|persona de contacto|контакт|контактное лицо|联系人|聯絡人|担当者
""",
    "representative": """
representative|legal representative|managing director|director|ceo|signatory|authorised signatory
authorized signatory|geschaftsfuhrer|gesetzlicher vertreter|vertreter|dirigeant|gerant
representant legal|representante legal|генеральный директор|директор|руководитель|представитель
法定代表人|法人代表|代表者|대표자
""",
    "vessel": """
vessel|ship|schiff|schiffsname|navire|buque|nave|судно|船名|船舶
""",
    # DATEV's three columns for a name, of which each row fills one
    "company": "adressattyp unternehmen",
    "person": "adressattyp naturl person|adressattyp naturliche person",
    "unstated": "adressattyp keine angabe",
}
# Words before a role that say that it is another party's: `Alternative payee`.
_OTHER = frozenset(
    {"alternative", "alternate", "alt", "second", "secondary", "other", "primary", "main"}
    | {
        "further",
        "additional",
        "abweichender",
        "abweichende",
        "weiterer",
        "weitere",
        "alternativer",
    }
    | {"autre", "otro", "otra", "altro", "altra", "другой", "альтернативный"}
)
# Words that are no party's name without a word for the name: `Delivery` is a day or a number.
_NEVER_ALONE = frozenset(
    {"delivery", "livraison", "entrega", "pay to", "contact", "kontakt", "contacto", "ship from"}
    | {"lieferadresse", "lieferanschrift", "notify address", "ship", "контакт"}
)
# SAP's partner functions, which stand beside the word for a name: `Name AG`.
_FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {"ag": "sold_to", "we": "ship_to", "re": "bill_to", "rg": "payer", "sp": "sold_to"}
    | {"sh": "ship_to", "bp": "bill_to", "py": "payer", "en": "end_user"}
)
_OF = frozenset({"of", "the", "des", "der", "du", "de", "la", "del", "l", "d", "von", "di", "da"})
_NAME_WORDS = """
name|names|nom|nombre|nome|naam|nazwa|nazev|imie|firmenname|denomination|denominacion|denominazione
denominacao|ad|adi|unvan|unvani|isim|nimi|namn|navn|party|pt|company|organisation|organization
entity|person|firma|societe|empresa|full name|legal name|company name|party name|account name
имя|название|наименование|назва|名称|名稱|名字|名前|名|氏名|姓名|이름|명|회사명
"""
# The parts of a person's name, in the order in which they are put together.
_PERSONS_NAME = (
    """
first name|firstname|given name|given names|forename|vorname|prenom|nombre de pila|primer nombre
imie
""",
    "middle name|second name|patronymic|zweiter vorname|segundo nombre|отчество",
    """
last name|lastname|surname|family name|nachname|familienname|zuname|nom de famille|apellido
apellidos|primer apellido|cognome|sobrenome|achternaam|nazwisko|prijmeni|фамилия
""",
)
# `Company` beside another column of names is often the company that the table is of.
_MAYBE_OWN = """
company|firm|firma|unternehmen|organisation|organization|societe|entreprise|empresa|azienda|societa
bedrijf|организация|компания|公司
"""
# Columns that hold words or people, and no party to a deal.
_NO_PARTY = """
product|product name|item|item name|item description|article|article name|material
material description|description|goods|goods description|commodity|trade item|artikel
artikelbezeichnung|artikelname|materialkurztext|bezeichnung|warenbezeichnung|designation|produit
article nom|articulo|producto|descripcion|товар|описание|номенклатура|产品|品名|商品|商品名称
currency|status|terms|payment terms|terms of payment|terms of delivery|incoterms|delivery terms
zahlungsbedingung|zahlungsbedingungen|lieferbedingung|lieferbedingungen|wahrung
condition de paiement|sales rep|sales representative|salesperson|salesperson name|sales person
account manager|key account manager|clerk|created by|changed by|modified by|entered by|approved by
responsible|responsible person|user|owner of record|sachbearbeiter|vertriebsmitarbeiter
kundenbetreuer|angelegt von|geandert von|erstellt von|bearbeiter|commercial|vendeur interne
responsable|cree par|modifie par|creado por|менеджер|ответственный|автор|业务员|销售员|创建人|担当
department|division|business unit|sales organisation|sales organization|sales office|sales group
company code|plant|warehouse|site|group|customer group|supplier group|category|industry|sector
branch|abteilung|buchungskreis|mandant|werk|lager|gruppe|kundengruppe|branche|verkaufsorganisation
departement|secteur|categorie|categoria|sector|отдел|категория|отрасль|部门|行业|类别|port
port of loading|port of discharge|place of delivery|means of transport|language|sprache|langue
salutation|title|anrede|titel|adressattyp|job title|function|position|month|day|email|e mail|mail
website|web|homepage|phone|telephone|telefon|fax
"""
_SEPARATOR = re.compile(r"[|\n]")
_NO_WORD = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NUMBER_AT_END = re.compile(r"(?<=\w)\s?(\d{1,3})$")
_ENDS_IN_NAME = re.compile(
    r"(?:\b(?:name|nom|nombre|nome|naam|nazwa|nazev|\w+name|наименование|название)|名称|名稱|名|명)$"
)
_FIRST_CJK = "\u2e80"


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """What a header says: the field, whose it is, and how plainly.

    `role` is that of a party, such as `ship_to`, None where the header has none. Of a name,
    `of` is what the parts of one name have in common and `part` counts them from 1, with 0 for a
    first name before a mere name; `rank` is how
    likely it is that of the counterparty rather than another party's, 0 for the likeliest.
    """

    field: ColumnField | None
    role: str | None = None
    of: str = ""
    part: int = 1
    rank: int = 0


# Ranks of names: of whom the table is, if the header says so, in a word for a name before a mere
# role, whose column often has numbers; a mere name, which may be a contact's; other parties; what
# may be the company that the table is of; and those around a deal.
_OF_TABLE, _ALONE_OF_TABLE, _MERE, _OF_ROLE, _OWN, _AROUND = range(6)
_RANKS: Mapping[str, int] = MappingProxyType(
    {"customer": _OF_TABLE, "supplier": _OF_TABLE, "partner": _OF_TABLE, "sold_to": _OF_TABLE}
    | dict.fromkeys(("contact", "representative", "bank", "carrier", "agent", "vessel"), _AROUND)
    | {"person": _AROUND, "unstated": _AROUND, "company": _OF_TABLE}
)


A_PERSON = "a person"
"""What the parts of a person's name have in common: first name, middle name, last name."""


@lru_cache(4_096)
def heading_of(header: str) -> Heading:
    """Return what a header says; its field is None where the words are unknown.

    A number after a word for a name counts the parts of one name: `Name 2` goes on where `Name 1`
    ends. A number after anything else counts several: `Owner 2` is an owner, `Notify party 2` a
    party.
    """
    word = plain(header)
    field = _FIELD_BY_WORD.get(word)
    if field is not None and field != "name":
        return Heading(field=field)
    bare, number = _NUMBER_AT_END.sub("", word), number_of(header)
    person = _persons_name(word)
    if person is not None:
        return person
    if number and _NUMBER_AT_END.search(word) and _names_someone(bare):
        return _numbered(bare, int(number), word)
    return _of_role(word) or _name(word) or Heading(field=_FIELD_BY_WORD.get(bare))


def field_of(header: str) -> ColumnField | None:
    """Return the field of a column by its header, None where the words are unknown."""
    return heading_of(header).field


def is_no_party(header: str) -> bool:
    """Return whether a header says that its column has no parties: goods, terms, own staff."""
    return plain(header) in _NO_PARTIES


@lru_cache(4_096)
def hints_at_party(header: str) -> bool:
    """Return whether a header has the word for a party's role among others that are unknown."""
    words = f" {plain(header)} "
    return any(f" {role} " in words if role[0] < _FIRST_CJK else role in words for role in _ALONE)


def number_of(header: str) -> str:
    """Return the number in a header, "" where there is none: `2` of `Owner 2 %`."""
    found = re.search(r"\d+", plain(header))
    return "" if found is None else found.group()


def plain(header: str) -> str:
    """Return a header's words, in lower case and without accents or signs: `company name`."""
    text = unicodedata.normalize("NFKD", _CAMEL.sub(" ", header).replace("%", " percent "))
    letters = "".join(each for each in text if not unicodedata.combining(each)).casefold()
    return " ".join(_NO_WORD.sub(" ", letters.replace("ß", "ss").replace("ł", "l")).split())


def _numbered(bare: str, number: int, word: str) -> Heading:
    """Return a part of a name, or one of several parties of a role."""
    found = _of_role(bare) or _name(bare) or Heading(field="name", of=bare, rank=_MERE)
    if not _ENDS_IN_NAME.search(bare):
        return msgspec.structs.replace(found, of=word)
    if number == 1 and found.role is None:
        return msgspec.structs.replace(found, rank=_OF_TABLE)
    return msgspec.structs.replace(found, part=number)


def _names_someone(bare: str) -> bool:
    found = _of_role(bare) or _name(bare)
    return found is not None and found.field == "name"


def _name(word: str) -> Heading | None:
    """Return the heading of a name without a role."""
    if word in _MAYBE_OWN_WORDS:
        return Heading(field="name", of=word, rank=_OWN)
    if word in _TELLING:
        return Heading(field="name", of=word, rank=_OF_TABLE)
    return Heading(field="name", of=word, rank=_MERE) if word in _NAMES else None


def _of_role(word: str) -> Heading | None:
    """Return the heading of a word for a role, alone or with others; see `_OTHER`."""
    first, _, rest = word.partition(" ")
    other = _of_role(rest) if first in _OTHER and rest else None
    if other is None:
        return _of_one_role(word)
    return msgspec.structs.replace(other, of=word, rank=max(other.rank, _OF_ROLE))


def _of_one_role(word: str) -> Heading | None:
    """Return the heading of a word for a role, alone or with one for a field."""
    for role, alone, rest in _splits(word):
        if not rest and alone in _ALONE:
            rank = _RANKS.get(role, _OF_ROLE) or _ALONE_OF_TABLE
            return Heading(field="name", role=role, of=role, rank=rank)
        if rest in _NAMING or (rest.startswith("name ") and rest[5:] in _NAMING):
            return Heading(field="name", role=role, of=role, rank=_RANKS.get(role, _OF_ROLE))
        person = _persons_name(rest)
        if person is not None:
            # a first name stands before what the role calls the name
            part = 0 if person.part == 1 else person.part
            return msgspec.structs.replace(person, role=role, of=role, part=part)
        field = _FIELD_BY_WORD.get(rest)
        if rest and field is not None and field != "name":
            return Heading(field=field, role=role)
    return None


def _splits(word: str) -> Iterator[tuple[str, str, str]]:
    """Yield each role that a header begins or ends with, its words, and the words beside it."""
    for alone, role in _ROLE_BY_WORD.items():
        is_spaced = alone[0] < _FIRST_CJK
        if word == alone:
            yield role, alone, ""
        elif word.startswith(f"{alone} " if is_spaced else alone):
            yield role, alone, word.removeprefix(alone).strip()
        elif word.endswith(f" {alone}" if is_spaced else alone):
            words = word.removesuffix(alone).split()
            while words and words[-1] in _OF:
                words.pop()
            yield role, alone, " ".join(words)
    first, _, last = word.partition(" ")
    if first in {"name", "name 1"} and last in _FUNCTIONS:
        yield _FUNCTIONS[last], last, first


def _persons_name(word: str) -> Heading | None:
    part = _PERSONS_PARTS.get(word)
    if part is None:
        return None
    return Heading(field="name", of=A_PERSON, part=part, rank=_AROUND)


def _words(text: str) -> frozenset[str]:
    return frozenset(plain(each) for each in _SEPARATOR.split(text.strip()) if each.strip())


_TELLING = _words(_TELLING_NAMES)
_NAMES = _words(_WORDS["name"])
_NO_PARTIES = _words(_NO_PARTY)
_MAYBE_OWN_WORDS = _words(_MAYBE_OWN)
_NAMING = _words(_NAME_WORDS)
_FIELD_BY_WORD: dict[str, ColumnField] = {
    word: field for field in reversed(FIELDS) for word in _words(_WORDS.get(field, ""))
}
# The longest words first, so that `ultimate consignee` is not taken for a `consignee`.
_ROLE_BY_WORD: dict[str, str] = dict(
    sorted(
        ((word, role) for role, words in _ROLES.items() for word in _words(words)),
        key=lambda each: (-len(each[0]), each[0]),
    )
)
_ALONE = _ROLE_BY_WORD.keys() - set(map(plain, _NEVER_ALONE))
_PERSONS_PARTS: dict[str, int] = {
    word: place for place, words in enumerate(_PERSONS_NAME, start=1) for word in _words(words)
}

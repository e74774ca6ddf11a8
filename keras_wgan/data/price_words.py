"""The names that vendors and spreadsheets give to columns, and words for a missing number.

Names are compared as `word_of` writes them, in letters and digits alone.
"""

from __future__ import annotations

import re
import unicodedata


def word_of(name: str) -> str:
    """Returns the letters and digits of a name in lower case, without accents."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l").replace("\u0131", "i"))
    return "".join(letter for letter in plain if letter.isalnum())


def counted(number: int, thing: str) -> str:
    """Returns a number of things in words, such as "1 line" or "2 lines"."""
    return f"{number} {thing}{'s' * (number != 1)}"


def words(text: str) -> tuple[str, ...]:
    """Returns the words in a text, in order."""
    return tuple(text.split())


# The first one that a file has is taken.
DATES = words(
    """
    date day dates datetime timestamp observationdate tradedate tradingdate tradingday
    pricedate pricingdate valuationdate navdate asofdate asof quotedate exchangedate
    sessiondate datadate caldt dlycaldt trddt perioddate effectivedate timeperiod
    refdate referencedate businessdate datum tag handelstag kursdatum stichtag data
    datasesji datanotowania fecha jour dato paivays dzien giorno dia tarih дата 日期 日付
    날짜 交易日期 datetimeutc time timeutc localtime gmttime opentime starttime snappedat
    windowstart tsevent barstart begintime unix unixtime unixtimestamp epoch ts t
    period month monat mois year jahr yearmonth yyyymm yyyymmdd closetime index
    unnamed0
    """
)
TIMES = words("time tradetime uhrzeit zeit heure hora ora godzina czas tid klockslag")
ASSETS = words(
    """
    ticker tickersymbol symbol sym tic ric instrument instrumentid asset assetid security
    securityid permno gvkey isin cusip sedol wkn figi stockcode tscode seccode code stkcd stock
    coin pair currencypair ccypair seriesid identifier name nazwa walor spolka wertpapier titre
    securityname companyname fund fundname entity
    """
)
ADJUSTED = words(
    """
    adjclose adjustedclose closeadj closeadjusted adjcloseprice adjustedcloseprice
    adjclosingprice adjustedclosingprice adjprice adjustedprice priceadj priceadjusted
    adjusted adjlast adjustedlast lastadjusted dividendadjustedclose
    splitadjustedclose totalreturnprice adjprc prcadj bereinigterschluss
    bereinigterschlusskurs schlussbereinigt schlusskursbereinigt adjschlusskurs
    adjschluss bereinigt zamkniecieskorygowane cierreajustado chiusurarettificata
    clotureajustee coursajuste fechamentoajustado 调整后收盘价 複権終値 調整後終値 수정종가
    """
)
CLOSES = (
    *words(
        """
        close closeprice closingprice closelast closing closevalue pxclose closepx
        indexclose closebid c prc prccd prccm clsprc dlyprc dlyclose schluss
        schlusskurs schlusspreis zamkniecie kurszamkniecia cenazamkniecia cloture clot
        courscloture coursdecloture cierre preciocierre preciodecierre chiusura
        prezzochiusura prezzodichiusura fechamento slot slotkoers slutkurs slukkekurs
        closingfx kapanis 收盘 收盘价 終値 종가
        """
    ),
    *words("settle settlement settlementprice settleprice settlepx pxsettle"),
    *words(
        """
        last lastprice pxlast lastpx lasttrade tradeprice trdprc1 zuletzt letzter letzterkurs
        kurs dernier derniercours cours ultimo ultimoprezzo ultimoprecio koers laatste senest
        ostatnio cena latest latestprice senaste simdi fiyat цена последнии
        """
    ),
    *words(
        """
        price prices preis prix precio prezzo preco prijs nav navps navpershare netassetvalue
        netassetvaluepershare inventarwert ruecknahmepreis rucknahmepreis redemptionprice rate
        exchangerate fxrate fix fixing mid midprice midrate value obsvalue wert valeur valor
        valore wartosc level indexvalue indexlevel indexprice priceindex pi totalreturnindex
        tri
        """
    ),
)
RETURNS = words(
    """
    return returns ret retx totalreturn dailyreturn dailyreturns monthlyreturn monthlyreturns
    simplereturn logreturn logreturns percentreturn pctreturn netreturn fundreturn performance
    rendite rendement rendimiento rendimento stopazwrotu zwrot dlyret
    """
)
OTHERS = words(
    """
    open openprice high highprice low lowprice volume vol volumen turnover change changepct
    changepercent pctchange chg chgpct percentchange netchange dividends dividend
    dividendamount splits stocksplits splitratio splitcoefficient splitfactor exdividend
    divcash capitalgains adjopen adjhigh adjlow adjvolume adjustedopen adjustedhigh adjustedlow
    adjustedvolume openinterest oi previousdayopeninterest prevdayopeninterest trades
    numberoftrades count tradecount vwap average avgprice bid ask bidprice askprice spread
    marketcap totalvolume totalvolumes tickvol tickvolume per volumebtc volumeusd volumeusdt
    quotevolume quoteassetvolume basevolume takerbuybaseassetvolume takerbuyquoteassetvolume
    ignore currency waehrung wahrung waluta devise erster eroffnung eroffnungskurs
    eroffnungspreis hoch tageshoch tief tagestief stuecke stucke umsatz veranderung anderung
    otwarcie kursotwarcia najwyzszy kursmax najnizszy kursmin wolumen obrot zmiana ouverture
    ouv haut plushaut bas plusbas apertura maximo minimo max min massimo abertura variazione
    variacion var variation numberofshares shares sharesoutstanding weight opencount
    dividendyield factor откр макс мин изм объем acilis yuksek dusuk hacim eroffn o h l v n vw
    """
)

# Next to the name of a price, they say that it is something else, such as "Last Update".
NOT_OF_PRICES = frozenset(
    words(
        """
        date time update updated volume vol change chg percent pct interest bid ask high low
        open yield ratio size weight count flag status currency number cap type code source
        quality market previous prev
        """
    )
)
CURRENCIES = frozenset(
    words(
        """
        usd eur gbp gbx chf jpy cny cnh inr aud cad nzd sek nok dkk pln czk huf ron bgn try rub
        brl mxn zar krw twd hkd sgd thb idr myr php ils aed sar clp cop ars usdt usdc in
        """
    )
)
MISSING = frozenset(
    words(
        """
        - -- --- \u2013 \u2014 . .. * : ? na n/a n.a. n.a n/d nan none null nil nd n.d. nat
        <na> missing b.d. k.a. #n/a #na #n/d #nv #null! #value! #ref! #div/0! #name? #num!
        closed holiday
        """
    )
) | {"", "no data", "no trade", "not available"}
# First words of lines below a table that sum it up.
SUMMARIES = re.compile(
    r"(total|sum|summe|gesamt|average|mean|avg|mittel|durchschnitt|median|min|max|high|low|std|count|"
    r"source|quelle|note|copyright|©|disclaimer|data|end|change|difference|razem|srednia|moyenne)",
    re.IGNORECASE,
)

"""Words that names are recognised by: short lists of frequent ones, not a register.

Left out on purpose: names that are everyday Dutch words (Roos, Mark, Wil, Ben, Can, Job), since
those need a trigger before them anyway.
"""

from __future__ import annotations

FIRST_NAMES = frozenset(
    # Dutch, all generations
    """
    aafke aart adriaan agnes alie anja anke anna anneke annelies annemarie annie ans anton antoon
    arend arie arjan astrid bas bart beatrix bep bernard bert betty bianca bram brechtje carla
    carolien cees charlotte chris christa christiaan claire coen cor corrie daan daniel daphne david
    dennis desiree diana dick diederik dirk dorien eefje eline ellen els elsbeth emma erik
    esmee esther eva evelien femke fenna ferdinand fleur floris frank frans fred frederik frits
    geert gerard gerda gerrit gert gijs greet greetje
    hannah hannie hans harm harrie harry heleen hendrik
    henk herman hetty hugo ilse ineke inge ingrid irene jaap jacob jacqueline jan janneke jannes
    jantje jasper jeanette jelle jeroen jesse jessica joep johan johanna johannes joke jolanda
    joost joris josephine julia jurgen karel karin kees kevin kim klaas koen koos lars laura
    lenie leo lieke liesbeth lisa lotte louis lucas luuk maaike maarten manon marcel margriet
    maria marianne marieke marijke marjan marleen marlies martijn martin mathijs maud maurits
    melissa menno merel michel michiel mieke miep milan mirjam monique nathalie nel nelleke
    nicole niels nienke nina noor olga otto paul paulien peter petra piet pieter ramon remco rene
    renske ria richard riet rik rob robert robin roel roelof roland ronald rudolf ruud sander sandra
    sanne saskia sebastiaan sharon sjaak sjoerd sofie sonja sophie stefan stijn suzanne sven sylvia
    tessa theo thijs thomas tim timo tineke tom toos trudy truus ursula vincent willem wilma wim
    wouter yvonne
    """.split()
    # Turkish and Kurdish
    + """
    ahmet ali aylin ayse ayşe aysel baran berfin berivan burak bülent cem cemile derya elif emine
    emre ercan erdem esra fadime fatma filiz gülay gülsen hakan halil hasan hatice havva hülya
    huseyin hüseyin ibrahim ilknur ismail kemal kübra levent mehmet melek merve meryem metin murat
    mustafa nuray nurcan onur orhan ömer osman ozan özlem ramazan recep rojda selma serkan sevda
    sevgi sibel songül süleyman tayfun tuncay ufuk veli yasemin yasin yilmaz yusuf zehra zeynep
    """.split()
    # Arabic and Amazigh, as written in the Netherlands
    + """
    abdel abdelkader abdellah abderrahim abdul abdullah achmed adil ahmed aicha aïcha aisha amal
    amina anas anouar aya aziz aziza bilal brahim dounia driss fadma farid farida fatiha fatima
    fatimazahra fouad fouzia habiba hafid hafsa hajar hamid hamza hanan hassan hicham houda hussein
    ikram ilham ilias ilyas imane ismael jamal jamila karim karima khadija khalid khaled laila
    latifa layla leila loubna mahmoud malika mariam maryam mina mimoun mimount mohamed mohammad
    mohammed mounir mourad naima najat najib nadia nasser nawal nora noura omar oumaima rachid
    rachida rania rashid redouan saida said salim salma samir samira sana sara siham soufiane
    souad soumaya tarik yassin yassine yasmina younes youssef zakaria zahra zineb
    """.split()
    # Polish, Ukrainian, other Slavic
    + """
    agata agnieszka aleksandra aleksander andrzej anastasia barbara bartosz beata bogdan bohdan
    dariusz dmytro dorota ewa grzegorz halyna iryna iwona izabela jacek jakub janusz joanna jolanta
    justyna kamil kamila karolina kasia katarzyna kateryna krystyna krzysztof ksenia lukasz łukasz
    lyudmyla maciej magda magdalena malgorzata małgorzata marcin marek mariusz marta mateusz michal
    michał mykola natalia nataliya oksana oleksandr oleksii olena patryk pawel paweł piotr rafal
    rafał renata ryszard serhiy slawomir stanislaw svitlana szymon tadeusz taras tatiana tetiana
    tomasz viktor viktoria volodymyr wioletta wojciech yana yulia yuriy zbigniew zofia
    """.split()
    # Surinamese, Antillean, Cape Verdean, West African, Tigrinya, Somali, other
    + """
    abdi amir anisha antonio ashwin carlos dewi farah fabio giovanni goitom hodan ifrah indira jean
    jennifer jose josé kelvin kofi kwame kwaku luis manuel marvin mehdi mercy miguel mulu natasha
    parvin pedro priya radha rajesh reza rosa rodrigo ruben selam shanti sunita vishnu winston
    yonas zainab
    """.split()
)

# Only with a trigger or an initial before them, or written without capitals after one.
SURNAMES = frozenset(
    """
    aydin bakker beek berg bos bosch boer brink brouwer bruijn dekker demir dijk dijkstra doğan
    dogan evers gerritsen graaf groot haan haddad hendriks hermans heuvel hoekstra huisman jacobs
    jansen janssen jong kaya koning kowalski kramer kuiper kuipers lange leeuw linden maas martens
    meer meijer mohan mulder nguyen nowak ozturk öztürk peeters peters post postma prins sahin şahin
    sanders schouten singh smit smits timmermans veen ven verhoeven vermeulen visser vliet vos
    vries waal wal wijk willems willemsen wiśniewski wit yıldız yildiz yilmaz yılmaz
    """.split()
)

PARTICLES = frozenset(
    (
        "van v.d. vd de den der het 't ter ten te el al aït ait ben bin bint ould la le da dos do"
        " di von zu"
    ).split()
)

# A word of address with a name behind it. Value: may a dot stand behind it.
TITLES = {
    **dict.fromkeys(
        (
            "meneer mijnheer heer mevrouw juffrouw familie dokter professor dominee pastoor imam"
            " meester juf tante oom opa oma zuster broeder"
        ).split(),
        False,
    ),
    **dict.fromkeys("dhr hr mevr mw mej fam dr drs prof ir mr ing ds".split(), True),
}
# People around the speaker: "mijn zoon Daan", "buurvrouw Fatma", "wijkagent Peter".
RELATIONS = frozenset(
    (
        "man vrouw zoon zoontje dochter dochtertje kind baby broer broertje zus zusje zuster moeder"
        " mama vader papa ouders kleinzoon kleindochter neef neefje nicht nichtje vriend vriendin"
        " vriendje vriendinnetje partner ex schoonmoeder schoonvader schoonzoon schoondochter"
        " buurman buurvrouw buurjongen buurmeisje buren bovenbuurman bovenbuurvrouw benedenbuurman"
        " benedenbuurvrouw onderbuurman onderbuurvrouw overbuurman overbuurvrouw collega huisgenoot"
        " huisbaas agent wijkagent huisarts huismeester buurtbeheerder conciërge opzichter"
        " wijkverpleegkundige begeleider coach mantelzorger jongerenwerker opbouwwerker"
        " maatschappelijk-werkster hulp oppas bewoner bewoonster huurder huurster"
    ).split()
)
# Runs of words after which people say who they are: first word -> what may follow it.
INTRODUCTIONS: dict[str, tuple[tuple[str, ...], ...]] = {
    "ik": (("ben",), ("heet",)),
    **dict.fromkeys(("hij", "zij", "ze", "die"), (("heet",),)),
    "naam": (("is",),),
    **dict.fromkeys(("genaamd", "groet", "groeten", "groetjes"), ((),)),
}

# Written with a capital after a trigger, and still no name.
NOT_NAMES = frozenset(
    """
    nederlander nederlandse nederlands turk turks turkse marokkaan marokkaans marokkaanse pool pools
    poolse syriër syrisch syrische surinaams surinaamse surinamer antilliaan antilliaans oekraïner
    oekraïense oekraïens arabisch arabische engels engelse duits duitse duitser belg belgisch
    afghaan afghaans somalisch eritrees eritreeër koerd koerdisch irakees iraaks iraanse moslim
    moslima christen katholiek hindoe jood joods
    ik je jij u hij zij ze we wij jullie het de een en of maar want dus als dat die dit deze er
    hier daar nu dan toen ook niet wel nog al heel erg zo te met voor van aan op in uit bij naar
    over om door is was ben bent zijn waren heeft had heb hebben kan kon wil moet mag gaat komt
    wat wie waar hoe waarom wanneer geen mijn onze haar hun zijn alle veel meer soms altijd nooit
    gewoon alleen samen weer toch eigenlijk natuurlijk sinds vorig vorige elke iedere
    januari februari maart april mei juni juli augustus september oktober november december
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag kerst pasen ramadan suikerfeest
    gemeente wijk buurt straat huis flat school politie woningcorporatie corporatie buurthuis
    noord zuid oost west centrum nederland marokko turkije polen suriname syrië europa
    wmo uwv svb ggd ggz bso vve hbo mbo wia wajong aow duo cbr lgbt ict ov
    """.split()
)
# Well-known two-word beginnings that start like a person.
PUBLIC_NAMES = frozenset(
    {
        ("albert", "heijn"), ("jan", "linders"), ("anne", "frank"), ("anton", "de"),
        ("johan", "cruijff"), ("martin", "luther"), ("thomas", "more"), ("maria", "hemelvaart"),
        ("tim", "hortons"), ("leo", "kannerhuis"), ("frans", "hals"), ("david", "lloyd"),
    }
)  # fmt: skip
HONOURED = frozenset("sint st. st koning koningin prins prinses".split())
# A name that goes on into one of these is a street, a school or a building.
PLACE_WORD = (
    "straat", "laan", "plein", "gracht", "singel", "kade", "dreef", "weg", "buurt", "kwartier",
    "plantsoen", "steeg", "park", "polder", "school", "college", "lyceum", "kerk", "ziekenhuis",
    "kliniek", "zaal", "hal", "stadion", "arena", "toren", "tunnel", "brug", "centrum", "markt",
)  # fmt: skip

"""Other languages are told apart, and no English answer is turned away for being short or odd."""

import pytest

from sentiment.language import is_foreign
from sentiment.likeness import read_corpus
from sentiment.text import normalise, words

# None of these was looked at while the word lists and limits were chosen.
OTHERS = """
Ich sehe ehrlich gesagt keinen Vorteil für unsere Abteilung
Die Einführung hat bei uns reibungslos geklappt
Unser Chef redet viel, ändert sich tut sich wenig
Wer erklärt mir bitte diese Maske?
Solange mich keiner zwingt, bleibe ich beim Papier
Die Kolleginnen im Nachtdienst wurden komplett vergessen
Mit der App geht die Übergabe doppelt so schnell
Kein Zugang, kein Passwort, kein Ansprechpartner
On nous impose encore un logiciel sans formation
Honnêtement, je préfère l'ancienne méthode
Mon équipe trouve cet outil plutôt pratique
Qui peut m'expliquer la nouvelle procédure ?
La direction n'écoute jamais le personnel de nuit
Depuis le changement, tout va plus vite
Il manque toujours deux personnes au guichet
Je soutiens ce projet depuis le début
Sinceramente prefiero el método de antes
La aplicación ahorra tiempo a todo el equipo
¿Quién me explica este formulario?
Seguimos sin ordenadores en la planta segunda
La dirección promete mucho y cumple poco
Estoy contenta con los turnos nuevos
Hace falta formación antes de empezar
Otra vez cambian las reglas sin avisar
Szczerze mówiąc wolę poprzedni sposób pracy
Aplikacja oszczędza czas całemu zespołowi
Kto mi wyjaśni ten formularz?
Kierownictwo dużo obiecuje i mało robi
Wciąż brakuje komputerów na drugim piętrze
Cieszę się z nowych grafików pracy
Potrzebujemy szkolenia przed startem systemu
Znowu zmieniają zasady bez uprzedzenia
Açıkçası eski yöntemi tercih ediyorum
Uygulama bütün ekibe zaman kazandırıyor
Bu formu bana kim açıklayacak?
Yönetim çok söz veriyor az yapıyor
İkinci katta hâlâ bilgisayar eksik
Yeni vardiyalardan memnunum doğrusu
Başlamadan önce eğitim almamız gerekiyor
Kuralları yine haber vermeden değiştirdiler
""".strip().splitlines()

ENGLISH = [
    "No",
    "ok",
    "n/a",
    "Maureen's wall chart",
    "CAD froze",
    "pls no",
    "Training, training, training",
    "Total garbage software",
    "Zero concerns. Bravo!",
    "is not for safty is for count minute",
    "Tbh idk",
    "Schadenfreude aside, it works",
    "déjà vu, and I'm still for it",
    "Vielen Dank for asking, but no",
    "LODESTAR ROCKS!!!",
    "Bureaucracy gone mad",
    "user-friendly",
]


def test_is_foreign_catches_sentences_of_four_words_and_more() -> None:
    caught = [is_foreign(normalise(text)) for text in OTHERS]
    assert sum(caught) / len(caught) >= 0.95


@pytest.mark.parametrize(
    "text",
    ["Nein danke, brauche ich nicht", "Nein danke", "Hayır", "いいえ、結構です", "Не работает"],
)
def test_is_foreign_catches_short_ones(text: str) -> None:
    assert is_foreign(normalise(text))


@pytest.mark.parametrize("text", ENGLISH)
def test_is_foreign_lets_odd_english_pass(text: str) -> None:
    assert not is_foreign(normalise(text))


def test_is_foreign_refuses_hardly_any_answer_of_the_corpus() -> None:
    answers = list(read_corpus())
    refused = sum(is_foreign(normalise(a.text)) for a in answers)
    assert refused / len(answers) < 0.005


def test_is_foreign_lets_the_first_words_of_an_answer_pass() -> None:
    heads = [" ".join(words(normalise(a.text))[:4]) for a in read_corpus()]
    assert sum(map(is_foreign, heads)) / len(heads) < 0.005


def test_is_foreign_accepts_what_the_model_says_it_reads() -> None:
    german = normalise("Ich mache weiter mit den Papierformularen")
    assert not is_foreign(german, ("en", "de"))
    assert is_foreign(german, ("en", "fr"))

"""Takes out of a text what tells who is meant: names of staff and teams, and contact details.

Pure rules without a model, made to take out too much rather than too little. They can't find a
nickname, a misspelt name or "the only inspector on the ferry": whoever is handed the result still
has to look.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise

from sentiment.text import normalise

# A phone has so many digits; any longer run of figures names an account, a card or a case.
_FEWEST_IN_A_PHONE, _MOST_IN_A_PHONE = 7, 11
_LONG = 5  # figures in a row

_ENDING = "at|ch|com|de|edu|es|eu|example|fr|gov|info|int|intranet|io|local|net|nl|org|se|uk"
_FIGURES = """zero oh one two three four five six seven eight nine double null eins zwei zwo drei
    vier fünf sechs sieben acht neun cero uno dos tres cuatro cinco seis siete ocho nueve zéro un
    deux trois quatre cinq sept huit neuf"""
_SAID = "|".join(_FIGURES.split())

_DETAILS = re.compile(
    rf"""
    (?P<email>[\w.+%'-]+(?:@|\s?[(\[]\s?at\s?[)\]]\s?)[\w-]+(?:\.[\w-]+)*
        | [\w.+%'-]+\s@\s[\w-]+(?:\s?\.\s?[\w-]+)*\s?\.\s?(?:{_ENDING})\b
        | [\w.+%'-]+\s(?:at|ät|arroba)\s[\w-]+
          (?:\s(?:dot|punkt|punto|point)\s[\w-]+)*\s(?:dot|punkt|punto|point)\s(?:{_ENDING})\b)
  | (?P<link>(?:https?://|www\.)\S+
        | \b[\w-]+(?:\.[\w-]+)+/\S*
        | \b[\w-]+(?:\.[\w-]+)*\.(?:com|edu|eu|example|gov|info|int|intranet|io|local|net|org)\b)
  | (?P<said>\b(?:{_SAID}|\d)(?:[\s,.-]{{1,2}}(?:{_SAID}|\d)\b){{4,}})
  | (?P<name>(?<!\w)@\w[\w.-]*)
  | (?P<number>(?-i:\b[A-Z]{{2}}\d{{2}}(?:\ ?[A-Z0-9]{{4}}){{2,7}}(?:\ ?[A-Z0-9]{{1,3}})?\b)
        | \b(?=\w*[^\W\d])\w*\d{{4}}\w*
        | \b(?=\d*[oil])(?=(?:[oil]*\d){{4}})[\doil]+\b)  # letters that pass for figures
  | (?P<phone>\b(?:call|dial|durchwahl|dw|ext|extension|fax|handy|mobile?|móvil|phone|poste|tel
        |telefon|telephone|teléfono|téléphone)\.?:?\s?(?:no\.?\s?)?
        \d[\d\ ./-]*\d)
  | (?P<digits>(?:\+|\b)\(?\d++(?!\w|[\w.+%'-]*@[\w-])  # no run into a word or an address
        (?:\)?[ ./()-]{{1,2}}\d++(?!\w|[\w.+%'-]*@[\w-]))*)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LABELS = {"said": "number"}
_RUN = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[\s'.,-]{1,3}")  # what may stand between two words of one name
_AGAIN = re.compile(r"\[name\](?:[\s'-]{1,2}\[name\])+")

# Names that are words: a small letter means the word, and so does the first word of a sentence.
_ORDINARY = frozenset(
    """able amber april art august autumn baker ball banks bay bean bell berry best bill bird bishop
    black bond booth bowl brand bridge bright brook brown bush butler carol carpenter carter case
    cash chance chase cherry christian church clay cliff cole cook cooper corn crane cross crystal
    curry daily daisy dale dawn day dean dear drake drew drum earl early east ever fair faith farmer
    field finch fisher flint flower ford forest foster fox frank free french friend frost gardener
    gates gene gentle glass glen golden good grace grant gray green grey grove gull guy hale hall
    hand hardy harp harry hart hawk hay hazel head heath heather hill holiday holly home honey hood
    hope house hunt hunter iris ivory ivy jack jade jean jewel joy judge july june just keen king
    knight lake lamb lance lane large last law leaf lee left light lily little lock long love low
    luck major mark marsh mason max may mayor meadow mercy merit miles mill miller minor money moon
    moss mount nail new nick noble norm north oak olive page park pat patience pearl penny pepper
    person piece pike pine pole pool poole pope port post potter power powers price prince prior
    ray read reason reed rich ring rivers rob robin rock rod rose rowan ruby rush sage sally sandy
    savage sharp shepherd shore short silver singer skip sky small smart snow sparks spring stark
    steel stern sterling stone storm story street strong sue summer summers swan sweet swift tanner
    taylor temple terry todd tower trip trout true turner vale van victor violet virtue wade wait
    walker wall ward warden waters way weeks wells west wheeler white wild will winter wise wolf
    wood woods word worth young""".split()  # noqa: SIM905  (a list of words reads as one)
)
# Letters of other alphabets that look like Latin ones, and figures that stand for letters.
_ALIKE = str.maketrans("аеорсухіјѕкмтвнԁԛԝαεορχυικντβη", "aeopcyxijskmtbhdqwaeopxyikvtbn")
_FOR_LETTERS = str.maketrans("0134578", "oieastb")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})


class Redactor:
    """Takes out the names of these people and teams, and everybody's contact details.

    Call it with a text: it comes back normalised, with [name], [team], [email], [phone], [link] and
    [number] in place of what told too much.
    """

    def __init__(self, people: Iterable[str], teams: Iterable[str] = ()) -> None:
        self._words: set[str] = set()
        self._teams: set[str] = set()
        self._phrases: dict[tuple[str, ...], str] = {}
        for team in teams:
            self._add_team(normalise(team))
        for person in people:
            self._add_person(normalise(person))
        self._longest = max(map(len, self._phrases), default=0)

    def __call__(self, text: str) -> str:
        """The text without what tells who is meant."""
        plain = normalise(text)
        taken = list(_details(plain))
        taken += list(self._names(plain, _Spans(taken)))
        pieces, end = [], 0
        for start, stop, label in sorted(taken):
            pieces += [plain[end:start], f"[{label}]"]
            end = stop
        return _AGAIN.sub("[name]", "".join([*pieces, plain[end:]]))

    def _add_team(self, name: str) -> None:
        runs = _RUN.findall(name)
        if len(runs) == 1:
            self._teams.add(runs[0])  # as it is written: "IT" is a team, "it" is not
        elif runs:
            self._phrases[tuple(map(_fold, runs))] = "team"

    def _add_person(self, name: str) -> None:
        words = [_RUN.findall(word) for word in name.split()]
        whole = [run for word in words for run in word]
        for spelt in (whole, [*whole[-1:], *whole[:-1]], *words):  # "Ada Lee", "Lee, Ada", "O'Lee"
            if len(spelt) > 1:
                for spelling in _spellings(spelt):
                    self._phrases[spelling] = "name"
                    self._words.add("".join(spelling))
        self._words.update("".join(spelling) for spelling in _spellings(whole[-2:]))
        self._words.update(one for run in whole if len(run) > 1 for (one,) in _spellings([run]))

    def _names(self, text: str, taken: "_Spans") -> Iterator[tuple[int, int, str]]:
        """Names in it, the longest that begins at a word before any shorter one."""
        runs = [run for run in _RUN.finditer(text) if not taken.hold(run.start())]
        folded = [_fold(run.group()) for run in runs]
        at = 0
        while at < len(runs):
            label, n = self._at(text, runs, folded, at)
            if label:
                yield runs[at].start(), runs[at + n - 1].end(), label
            at += n

    def _at(
        self, text: str, runs: list[re.Match[str]], folded: list[str], at: int
    ) -> tuple[str, int]:
        """What begins at this word, and how many words it has; "" where it is no name."""
        for n in range(min(self._longest, len(runs) - at), 1, -1):
            words, label = runs[at : at + n], self._phrases.get(tuple(folded[at : at + n]))
            in_small = all(word.group().islower() for word in words)
            is_said = in_small and all(map(_is_ordinary, folded[at : at + n]))
            if label and _hang_together(text, words) and not (label == "name" and is_said):
                return label, n
        if n := self._spelt(text, runs, folded, at):
            return "name", n
        run = runs[at]
        if run.group() in self._teams and not (folded[at] in _ORDINARY and _opens(text, run)):
            return "team", 1
        is_name = folded[at] in self._words and (
            not _is_ordinary(folded[at]) or (run.group().istitle() and not _opens(text, run))
        )
        return ("name" if is_name else ""), 1

    def _spelt(self, text: str, runs: list[re.Match[str]], folded: list[str], at: int) -> int:
        """How many single letters from here on spell a name ("A.d.a"); 0 where they don't."""
        end = at
        while end < len(runs) and len(folded[end]) == 1:
            end += 1
        for n in range(end - at, 2, -1):
            word = "".join(folded[at : at + n])
            if word in self._words and _hang_together(text, runs[at : at + n]):
                return n
        return 0


class _Spans:
    """Pieces of a text in order, to be asked whether one of them holds a place."""

    def __init__(self, spans: list[tuple[int, int, str]]) -> None:
        self._starts = [start for start, _, _ in spans]
        self._stops = [stop for _, stop, _ in spans]

    def hold(self, place: int) -> bool:
        before = bisect_right(self._starts, place)
        return before > 0 and place < self._stops[before - 1]


def _details(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _DETAILS.finditer(text):
        kind = found.lastgroup or ""
        label = _kind_of_number(found.group()) if kind == "digits" else _LABELS.get(kind, kind)
        if label:
            yield found.start(), found.end(), label


def _kind_of_number(written: str) -> str:
    """A phone, another long number, or "" for one that may stay, such as a year."""
    runs = re.findall(r"\d+", written)
    n_digits = sum(map(len, runs))
    if written.startswith("+") and n_digits >= _LONG:
        return "phone"
    looks_dialled = len(runs) > 1 or written.startswith("0")
    if looks_dialled and _FEWEST_IN_A_PHONE <= n_digits <= _MOST_IN_A_PHONE:
        return "phone"
    return "number" if n_digits > _MOST_IN_A_PHONE or max(map(len, runs)) >= _LONG else ""


def _spellings(runs: list[str]) -> set[tuple[str, ...]]:
    """Without marks over letters, and as they are written where the keyboard lacks them."""
    plain = tuple(map(_fold, runs))
    return {plain, tuple(_fold(run.casefold().translate(_UMLAUTS)) for run in runs)}


def _fold(word: str) -> str:
    """The word in small Latin letters without marks, as it looks."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(sign for sign in parts if not unicodedata.combining(sign)).casefold()
    seen = plain.translate(_ALIKE)
    return seen if seen.isalpha() or seen.isdecimal() else seen.translate(_FOR_LETTERS)


def _hang_together(text: str, runs: list[re.Match[str]]) -> bool:
    return all(_BETWEEN.fullmatch(text, one.end(), after.start()) for one, after in pairwise(runs))


def _is_ordinary(word: str) -> bool:
    return len(word) < 3 or word in _ORDINARY


def _opens(text: str, run: re.Match[str]) -> bool:
    """Whether the word is the first of a sentence, where every word has a capital letter."""
    before = text[: run.start()].rstrip(" \"'([-")
    return not before or before[-1] in ".!?:"

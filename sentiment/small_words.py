"""The small words that no sentence does without, by language, as witnesses in `language`.

Written for this project from general knowledge of each language; order means nothing.
"""

from __future__ import annotations


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_ENGLISH = _set(
    """a about after again all also always am an and any are aren't as asked at back be because been
    before being better big bit both but by can can't cannot could couldn't day did didn't do does
    doesn't doing don't done down each even every everyone far few fine first for from get gets
    getting give go goes going good got great had has hasn't have haven't he her here him his
    how i i'd i'll i'm i've if in into is isn't it it's its just keep know last less let let's like
    long look love made make many maybe me mine more most much my need needs never new next nice no
    nobody none nope not nothing now of off ok okay old on once one only or other our out over own
    people please same say says see she should since so some someone something still such sure take
    than thank thanks that that's the their them then there there's these they they're thing things
    think this those though till time to today told too try two under until up us use used very want
    was wasn't way we we'll we're we've week well went were what what's when where which while who
    why will wish with without won't work works would wouldn't yeah year years yes yet you you're
    your"""
)
# English words that are also small words elsewhere, so they speak for neither side.
_SHARED = _set("a an as at do her here i in is me no of on or so to was we all can his")
# Small words of other languages; those that are English too are taken out below.
_FOREIGN: dict[str, frozenset[str]] = {
    "de": _set(
        """ich nicht und der das ist ein eine einen wir sie mir mich für auf mit auch aber nein ja
        danke bitte kein keine keiner kann noch schon nur immer wird werden haben hat habe zu zum
        zur den dem des von vom bei nach wie wenn dass weil sehr mehr brauche braucht gut schlecht
        neue neuen alles nichts uns unser es im am sind wäre viel endlich leider warum"""
    ),
    "fr": _set(
        """je ne pas le la les des une un est et que qui nous vous ils elle pour dans sur avec mais
        non oui merci du au aux ce cette ces mon ma mes notre nos votre plus très bien rien jamais
        toujours c'est n'ai j'ai d'accord suis avons faut tout tous trop sans comme"""
    ),
    "es": _set(
        """yo el la los las un una unos que qué de del es son está estoy estamos por para con pero
        sí gracias muy más bien nada nadie nunca siempre mi mis nuestro nuestra lo se nos les como
        cuando también todo todos hay ya porque quiero tengo tenemos nuevo nueva sin eso esto"""
    ),
    "it": _set(
        """io il lo la gli le un una che di del della è sono siamo per con ma non sì grazie molto
        bene niente nessuno mai sempre mio nostro questo questa tutto tutti anche come quando perché
        ho abbiamo nuovo nuova senza troppo"""
    ),
    "pt": _set(
        """eu o os um uma que de do da é são está estamos por para com mas não sim obrigado obrigada
        muito mais bem nada ninguém nunca sempre meu nosso isso isto tudo todos também como quando
        porque tenho temos novo nova sem já"""
    ),
    "nl": _set(
        """ik niet en de het een is wij zij je voor op met ook maar nee ja dank bedankt geen kan nog
        al alleen altijd wordt hebben heeft heb van bij naar als dat omdat zeer meer goed nieuwe
        alles niets ons onze deze wel veel"""
    ),
    "pl": _set(
        """nie tak jest są się na że w z i do to ja my mnie nas nam dla jak ale czy już tylko bardzo
        dobrze dziękuję proszę nic nikt nigdy zawsze nowy nowa nowe mam mamy będzie być po od za
        przez ten ta te tego wszystko dlaczego chcę"""
    ),
    "tr": _set(
        """ben biz bu bir ve değil yok var için çok ama hayır evet teşekkürler teşekkür ederim yeni
        ne neden hiç her daha gibi ile kadar mi mı mu bana bize bizim benim iyi kötü artık sonra
        istemiyorum istiyorum olarak"""
    ),
}
FOREIGN = frozenset().union(*_FOREIGN.values()) - _ENGLISH
ENGLISH = _ENGLISH - _SHARED

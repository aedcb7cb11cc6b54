"""The sentences that simulated people write: frames with slots, in French and English.

A frame belongs to a use (``"opinion"``, ``"question"``, ``"answer"``, ``"toxic"``, ``"spam"``,
``"mention"``), a tone and a manner: ``plain``, ``negation`` ("not bad at all"), ``irony``
("thanks for nothing") or ``mixed`` (two languages in one sentence). Slots: ``{topic}`` (bare
noun), ``{the_topic}`` (with its article), ``{product}``, ``{detail}``, ``{brand}``.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["BRAND", "DETAILS", "FRAMES", "PRODUCTS", "RIVALS", "TOPIC_WORDS", "Frame"]

BRAND = "Verdignolle"
RIVALS = ("Pousselande", "Brindelore", "Mottevelle")


class Frame(NamedTuple):
    """One sentence with slots, and what it is an example of."""

    use: str
    tone: str
    manner: str
    sentence: str


# id: (bare noun, noun with its article) in each language
TOPIC_WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "delivery": {"en": ("delivery", "the delivery"), "fr": ("livraison", "la livraison")},
    "price": {"en": ("price", "the price"), "fr": ("prix", "le prix")},
    "quality": {"en": ("quality", "the quality"), "fr": ("qualité", "la qualité")},
    "app": {"en": ("app", "the app"), "fr": ("appli", "l’appli")},
    "packaging": {"en": ("packaging", "the packaging"), "fr": ("emballage", "l’emballage")},
    "advice": {"en": ("advice", "the advice"), "fr": ("conseil", "le conseil")},
    "range": {"en": ("choice", "the choice"), "fr": ("choix", "le choix")},
    "website": {"en": ("website", "the website"), "fr": ("site", "le site")},
    "equipment": {"en": ("equipment", "the equipment"), "fr": ("matériel", "le matériel")},
    "meetings": {"en": ("meeting format", "the meeting"), "fr": ("réunion", "la réunion")},
    "remote": {"en": ("remote work", "remote work"), "fr": ("télétravail", "le télétravail")},
    "canteen": {"en": ("canteen", "the canteen"), "fr": ("cantine", "la cantine")},
    "training": {"en": ("training", "the training"), "fr": ("formation", "la formation")},
    "update": {"en": ("update", "the update"), "fr": ("mise à jour", "la mise à jour")},
    "sync": {
        "en": ("synchronisation", "the synchronisation"),
        "fr": ("synchronisation", "la synchronisation"),
    },
    "reports": {"en": ("export", "the export"), "fr": ("export", "l’export")},
    "seeds": {
        "en": ("seed swap", "the seed swap"),
        "fr": ("troc de graines", "le troc de graines"),
    },
    "watering": {"en": ("watering", "the watering"), "fr": ("arrosage", "l’arrosage")},
    "compost": {"en": ("compost", "the compost"), "fr": ("compost", "le compost")},
}

PRODUCTS = {
    "en": ("the balcony planter", "the refill pack", "the mini greenhouse", "the water gauge",
           "the herb kit", "the moss wall"),
    "fr": ("la jardinière de balcon", "la recharge", "la mini-serre", "la jauge d’eau",
           "le kit d’aromates", "le mur de mousse"),
}  # fmt: skip

DETAILS = {
    "en": ("for the third time", "since Monday", "this morning", "after two weeks",
           "on the balcony", "in our kitchen", "once more", "as usual"),
    "fr": ("pour la troisième fois", "depuis lundi", "ce matin", "au bout de deux semaines",
           "sur le balcon", "dans notre cuisine", "encore une fois", "comme d’habitude"),
}  # fmt: skip

_FRENCH = (
    Frame("opinion", "positive", "plain", "Très content, {topic} au rendez-vous {detail}."),
    Frame("opinion", "positive", "plain", "J’adore {product}, et pour {the_topic} : bravo."),
    Frame("opinion", "positive", "plain", "Merci pour {the_topic}, c’était parfait {detail}."),
    Frame("opinion", "positive", "plain", "Côté {topic}, c’est excellent, je recommande."),
    Frame("opinion", "positive", "plain", "Bonne surprise {detail} : {product} marche très bien."),
    Frame("opinion", "positive", "plain", "Équipe efficace, {topic} réglé en une heure."),
    Frame("opinion", "positive", "negation", "Pas mal du tout, {the_topic} !"),
    Frame("opinion", "positive", "negation", "Rien à redire sur {the_topic}."),
    Frame("opinion", "positive", "negation", "Aucun souci côté {topic}, {product} tient bien."),
    Frame("opinion", "positive", "negation", "Je ne regrette pas {product}, loin de là."),
    Frame("opinion", "positive", "mixed", "Franchement great job pour {the_topic}, merci !"),
    Frame("opinion", "positive", "mixed", "Love {product}, et {topic} nickel {detail}."),
    Frame("opinion", "neutral", "plain", "Une question sur {the_topic} : à qui écrire ?"),
    Frame("opinion", "neutral", "plain", "{product} reçu {detail}, je testerai cette semaine."),
    Frame("opinion", "neutral", "plain", "Pour {the_topic}, ni mieux ni moins bien qu’ailleurs."),
    Frame("opinion", "neutral", "plain", "Correct pour {the_topic}, sans plus."),
    Frame("opinion", "neutral", "negation", "Je n’ai pas encore d’avis sur {the_topic}."),
    Frame("opinion", "neutral", "mixed", "Côté {topic} c’est ok, nothing special."),
    Frame("opinion", "negative", "plain", "Déçu : {topic} à revoir {detail}."),
    Frame("opinion", "negative", "plain", "Encore un problème avec {the_topic} {detail}."),
    Frame("opinion", "negative", "plain", "C’est trop long pour {the_topic}, je renonce."),
    Frame("opinion", "negative", "plain", "{product} en panne {detail}, personne ne répond."),
    Frame("opinion", "negative", "negation", "Je ne suis pas content, {topic} à revoir."),
    Frame("opinion", "negative", "negation", "Ce n’est pas bien du tout pour {the_topic}."),
    Frame("opinion", "negative", "negation", "Plus jamais {product} : {topic} sans aucune aide."),
    Frame("opinion", "negative", "irony", "Merci pour rien, {the_topic} m’a coûté ma matinée."),
    Frame("opinion", "negative", "irony", "Super, encore une panne {detail}…"),
    Frame("opinion", "negative", "irony", "Bravo pour {the_topic}, un mois d’attente, chapeau."),
    Frame("opinion", "negative", "irony", "Génial, {product} cassé {detail}. J’adore."),
    Frame("opinion", "negative", "mixed", "Total fail pour {the_topic}, je suis dégoûté."),
    Frame("opinion", "negative", "mixed", "So disappointed… {topic} à revoir {detail}."),
    Frame("question", "neutral", "plain", "Bonjour, comment régler {the_topic} avec {product} ?"),
    Frame("question", "neutral", "plain", "Qui a déjà essayé {product} {detail} ?"),
    Frame("question", "neutral", "plain", "À l’aide : {topic} et {product}, où commencer ?"),
    Frame("question", "neutral", "negation", "Je n’arrive pas à faire marcher {product} {detail}."),
    Frame("question", "negative", "plain", "Souci avec {the_topic} {detail}, une idée ?"),
    Frame("question", "positive", "plain", "Je partage ma récolte : {product}, quelle merveille !"),
    Frame("question", "neutral", "mixed", "Help ! Quelqu’un pour {the_topic}, please ?"),
    Frame("answer", "positive", "plain", "Oui, chez moi {product} marche très bien {detail}."),
    Frame("answer", "neutral", "plain", "Essayez de reprendre {the_topic} depuis le début."),
    Frame("answer", "neutral", "plain", "Même chose ici {detail}, je suis le fil."),
    Frame("answer", "neutral", "plain", "Regardez la fiche sur {the_topic}, tout y est expliqué."),
    Frame("answer", "neutral", "negation", "Ne changez rien, attendez un jour ou deux."),
    Frame("answer", "positive", "plain", "Merci, votre astuce pour {the_topic} m’a bien servi !"),
    Frame("answer", "negative", "plain", "Pareil, {the_topic} me désole {detail}."),
    Frame("answer", "negative", "irony", "Ah oui, très pratique, {the_topic}… {detail}."),
    Frame("toxic", "negative", "plain", "Tais-toi, tu ne comprends rien, espèce d’idiot."),
    Frame("toxic", "negative", "plain", "Vous êtes tous nuls ici, dégagez."),
    Frame("toxic", "negative", "plain", "Quel ramassis d’imbéciles, {topic} ou pas."),
    Frame("toxic", "negative", "plain", "Personne ne veut te lire, va-t’en."),
    Frame("spam", "positive", "plain", "Gagnez 500 € par jour : http://offre.example/{n} vite !"),
    Frame("spam", "positive", "plain", "{product} à -90 % ici http://promo.example/{n}"),
    Frame("spam", "positive", "plain", "Crédit immédiat sans dossier http://credit.example/{n}"),
    Frame("mention", "positive", "plain", "{brand} : {product} tient ses promesses."),
    Frame("mention", "positive", "plain", "Bonne expérience avec {brand} pour {the_topic}."),
    Frame("mention", "positive", "negation", "Rien à reprocher chez {brand} sur {the_topic}."),
    Frame("mention", "neutral", "plain", "{brand} annonce du nouveau pour {the_topic}."),
    Frame("mention", "neutral", "plain", "Comparatif : {product} chez {brand} et ses rivaux."),
    Frame("mention", "negative", "plain", "{brand} déçoit ses clients sur {the_topic} {detail}."),
    Frame("mention", "negative", "plain", "À éviter : {brand} et {product}, une arnaque."),
    Frame("mention", "negative", "irony", "Bravo {brand}, {topic} en panne {detail}, chapeau."),
)  # fmt: skip

_ENGLISH = (
    Frame("opinion", "positive", "plain", "Very happy with {the_topic} {detail}."),
    Frame("opinion", "positive", "plain", "I love {product}, and well done for {the_topic}."),
    Frame("opinion", "positive", "plain", "Thank you for {the_topic}, it was perfect {detail}."),
    Frame("opinion", "positive", "plain", "Great {topic}, I recommend it."),
    Frame("opinion", "positive", "plain", "Good surprise {detail}: {product} works very well."),
    Frame("opinion", "positive", "plain", "Helpful team, {topic} sorted in an hour."),
    Frame("opinion", "positive", "negation", "Not bad at all, {the_topic}!"),
    Frame("opinion", "positive", "negation", "No complaint about {the_topic}."),
    Frame("opinion", "positive", "negation", "No problem with {topic}, {product} holds up."),
    Frame("opinion", "positive", "negation", "I do not regret {product}, far from it."),
    Frame("opinion", "positive", "mixed", "Really great, {the_topic}: c’est top, merci!"),
    Frame("opinion", "positive", "mixed", "Bravo for {product}, excellent {topic} {detail}."),
    Frame("opinion", "neutral", "plain", "A question about {the_topic}: whom do I write to?"),
    Frame("opinion", "neutral", "plain", "Got {product} {detail}, will try it this week."),
    Frame("opinion", "neutral", "plain", "As for {the_topic}, much the same as elsewhere."),
    Frame("opinion", "neutral", "plain", "Fair enough on {the_topic}, nothing more."),
    Frame("opinion", "neutral", "negation", "I do not have an opinion on {the_topic} yet."),
    Frame("opinion", "neutral", "mixed", "For {the_topic}, ça va, nothing special."),
    Frame("opinion", "negative", "plain", "Disappointed: {topic} needs work {detail}."),
    Frame("opinion", "negative", "plain", "Another problem with {the_topic} {detail}."),
    Frame("opinion", "negative", "plain", "It takes too long for {the_topic}, I give up."),
    Frame("opinion", "negative", "plain", "{product} is broken {detail}, and nobody answers."),
    Frame("opinion", "negative", "negation", "I am not happy, no help with {the_topic} {detail}."),
    Frame("opinion", "negative", "negation", "This is not good at all for {the_topic}."),
    Frame("opinion", "negative", "negation", "Never {product} again, and no word on {the_topic}."),
    Frame("opinion", "negative", "irony", "Thanks for nothing, {the_topic} cost me a morning."),
    Frame("opinion", "negative", "irony", "Great, down again {detail}…"),
    Frame("opinion", "negative", "irony", "Well done for {the_topic}, a month of waiting. Talent."),
    Frame("opinion", "negative", "irony", "Lovely, {product} broken {detail}. Just perfect."),
    Frame("opinion", "negative", "mixed", "Quelle catastrophe, {the_topic}. Very disappointed."),
    Frame("opinion", "negative", "mixed", "Nul. {product} is broken {detail}."),
    Frame("question", "neutral", "plain", "Hello, how do I set up {the_topic} with {product}?"),
    Frame("question", "neutral", "plain", "Who has tried {product} {detail}?"),
    Frame("question", "neutral", "plain", "Help needed: {topic} and {product}, where to start?"),
    Frame("question", "neutral", "negation", "I cannot get {product} to work {detail}."),
    Frame("question", "negative", "plain", "Trouble with {the_topic} {detail}, any idea?"),
    Frame("question", "positive", "plain", "Sharing my harvest: {product} did wonders!"),
    Frame("question", "neutral", "mixed", "Bonjour all, anyone for {the_topic}, s’il vous plaît?"),
    Frame("answer", "positive", "plain", "Yes, {product} works very well here {detail}."),
    Frame("answer", "neutral", "plain", "Try {the_topic} again from the beginning."),
    Frame("answer", "neutral", "plain", "Same here {detail}, following this thread."),
    Frame("answer", "neutral", "plain", "See the page about {the_topic}, it is all there."),
    Frame("answer", "neutral", "negation", "Do not change anything, wait a day or two."),
    Frame("answer", "positive", "plain", "Thanks, your trick for {the_topic} saved me {detail}!"),
    Frame("answer", "negative", "plain", "Me too, {the_topic} drives me mad {detail}."),
    Frame("answer", "negative", "irony", "Oh yes, very handy, {the_topic}… {detail}."),
    Frame("toxic", "negative", "plain", "Shut up, you understand nothing, you idiot."),
    Frame("toxic", "negative", "plain", "You are all useless here, get lost."),
    Frame("toxic", "negative", "plain", "What a bunch of fools, {topic} or not."),
    Frame("toxic", "negative", "plain", "Nobody wants to read you, go away."),
    Frame("spam", "positive", "plain", "Earn 500 EUR a day: http://offer.example/{n} hurry!"),
    Frame("spam", "positive", "plain", "{product} at -90 % here http://promo.example/{n}"),
    Frame("spam", "positive", "plain", "Instant credit, no paperwork http://credit.example/{n}"),
    Frame("mention", "positive", "plain", "{brand}: {product} keeps its promises."),
    Frame("mention", "positive", "plain", "Good experience with {brand} for {the_topic}."),
    Frame("mention", "positive", "negation", "Nothing to hold against {brand} on {the_topic}."),
    Frame("mention", "neutral", "plain", "{brand} announces news about {the_topic}."),
    Frame("mention", "neutral", "plain", "Compared: {product} at {brand} and its rivals."),
    Frame("mention", "negative", "plain", "{brand} lets customers down on {the_topic} {detail}."),
    Frame("mention", "negative", "plain", "Avoid {brand} and {product}, a rip-off."),
    Frame("mention", "negative", "irony", "Bravo {brand}, {topic} down {detail}, hats off."),
)  # fmt: skip

FRAMES = {"fr": _FRENCH, "en": _ENGLISH}

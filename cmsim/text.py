"""Write what simulated people say: a frame, its slots, one sentence a row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cmsim.frames import BRAND, DETAILS, FRAMES, PRODUCTS, TOPIC_WORDS, Frame
from cmsim.world import World

__all__ = ["pack_topics", "write_event_texts", "write_sentences"]

_MANNER_SHARE = {"plain": 0.62, "negation": 0.20, "irony": 0.13, "mixed": 0.05}
_TOPICS = {
    "brand": ("delivery", "price", "quality", "app", "packaging", "advice", "range", "website"),
    "forum": ("delivery", "seeds", "watering", "compost", "price", "advice", "quality", "website"),
    "support": ("delivery", "app", "update", "sync", "reports", "price", "advice", "website"),
    "internal": ("delivery", "equipment", "meetings", "remote", "canteen", "training", "app"),
}


def pack_topics(pack: str) -> tuple[str, ...]:
    """Return the topics people of a pack speak of; ``"delivery"`` is in every pack.

    Examples
    --------
    >>> pack_topics("internal")[0]
    'delivery'
    """
    return _TOPICS[pack]


def write_sentences(
    rng: np.random.Generator,
    *,
    use: Sequence[str] | np.ndarray,
    tone: Sequence[str] | np.ndarray,
    language: Sequence[str] | np.ndarray,
    topic: Sequence[str] | np.ndarray,
    brand: Sequence[str] | np.ndarray | None = None,
) -> pd.DataFrame:
    """Write one sentence a row.

    Parameters
    ----------
    rng : numpy.random.Generator
    use : array of str
        ``"opinion"``, ``"question"``, ``"answer"``, ``"toxic"``, ``"spam"`` or ``"mention"``.
    tone : array of {"positive", "neutral", "negative"}
        A use that has no frame of that tone takes one of another tone.
    language : array of {"fr", "en"}
    topic : array of str
        Topics of :data:`cmsim.frames.TOPIC_WORDS`.
    brand : array of str, optional
        The brand spoken of; the brand of the course where it is not given.

    Returns
    -------
    pandas.DataFrame
        ``text``; ``manner`` (plain, negation, irony or mixed); ``tone`` of the frame used.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> write_sentences(
    ...     rng, use=["opinion"], tone=["negative"], language=["en"], topic=["delivery"]
    ... ).columns.to_list()
    ['text', 'manner', 'tone']
    """
    rows = len(use)
    keys = pd.DataFrame({"use": list(use), "tone": list(tone), "language": list(language)})
    draws = rng.random((rows, 4))
    texts = np.empty(rows, dtype=object)
    manners = np.empty(rows, dtype=object)
    tones = np.empty(rows, dtype=object)
    brands = np.full(rows, BRAND, dtype=object) if brand is None else np.asarray(brand, object)
    topics = np.asarray(topic, dtype=object)
    for (one_use, one_tone, lang), index in keys.groupby(
        ["use", "tone", "language"]
    ).groups.items():
        at = index.to_numpy()
        frames, weights = _frames(one_use, one_tone, lang)
        chosen = np.searchsorted(np.cumsum(weights), draws[at, 0], side="right")
        chosen = np.minimum(chosen, len(frames) - 1)
        for row, number in zip(at, chosen, strict=True):
            frame = frames[number]
            texts[row] = _filled(frame.sentence, lang, topics[row], brands[row], draws[row, 1:])
            manners[row], tones[row] = frame.manner, frame.tone
    return pd.DataFrame({"text": texts, "manner": manners, "tone": tones}).astype("str")


def write_event_texts(world: World) -> pd.DataFrame:
    """Write the messages of the log.

    Every topic and reply has a length; its text is kept where the preset says so
    (``[texts] kept_share``), and always for toxic messages and spam.

    Parameters
    ----------
    world : World

    Returns
    -------
    pandas.DataFrame
        In the row order of ``world.events``: ``text`` and ``n_chars``, missing for visits,
        reactions and accepted answers; ``tone`` and ``manner`` (for the truth).
    """
    rng = world.rng("event_texts")
    events, latent = world.events, world.latent["events"]
    kind = events["kind"].to_numpy(dtype=object)
    toxic = latent["toxic"].to_numpy(dtype=bool)
    spam = latent["spam"].to_numpy(dtype=bool)
    written = np.isin(kind, ["topic", "reply"]).nonzero()[0]
    use = np.where(kind[written] == "topic", "question", "answer").astype(object)
    use[toxic[written]] = "toxic"
    use[spam[written]] = "spam"
    tone = rng.choice(["positive", "neutral", "negative"], size=len(written), p=[0.25, 0.6, 0.15])
    language = events["language"].to_numpy(dtype=object)[written]
    language = np.where(pd.isna(language), world.language, language)
    topic = rng.choice(np.array(pack_topics(world.preset.name), object), size=len(written))
    kept = rng.random(len(written)) < world.preset.get("texts", {}).get("kept_share", 0.25)
    kept |= toxic[written] | spam[written]
    lengths = np.round(np.exp(rng.normal(4.6, 0.75, len(written)))).clip(12, 4000)
    at = written[kept]
    sentences = write_sentences(
        rng, use=use[kept], tone=tone[kept], language=language[kept], topic=topic[kept]
    )
    result = pd.DataFrame(
        {
            "text": pd.Series(pd.NA, index=range(len(events)), dtype="str"),
            "n_chars": pd.Series(pd.NA, index=range(len(events)), dtype="Int64"),
            "tone": pd.Series(pd.NA, index=range(len(events)), dtype="str"),
            "manner": pd.Series(pd.NA, index=range(len(events)), dtype="str"),
        }
    )
    result.loc[written, "n_chars"] = lengths.astype("int64")
    result.loc[at, "n_chars"] = sentences["text"].str.len().to_numpy()
    for column in ("text", "tone", "manner"):
        result.loc[at, column] = sentences[column].to_numpy()
    return result


def _frames(use: str, tone: str, language: str) -> tuple[list[Frame], np.ndarray]:
    of_use = [frame for frame in FRAMES[language] if frame.use == use]
    frames = [frame for frame in of_use if frame.tone == tone] or of_use
    counts = pd.Series([frame.manner for frame in frames]).value_counts()
    weights = np.array([_MANNER_SHARE[f.manner] / counts[f.manner] for f in frames])
    return frames, weights / weights.sum()


def _filled(sentence: str, language: str, topic: str, brand: str, draws: np.ndarray) -> str:
    bare, with_article = TOPIC_WORDS[topic][language]
    products, details = PRODUCTS[language], DETAILS[language]
    text = sentence.format(
        topic=bare,
        the_topic=with_article,
        product=products[int(draws[0] * len(products))],
        detail=details[int(draws[1] * len(details))],
        brand=brand,
        n=int(draws[2] * 900) + 100,
    )
    return text[0].upper() + text[1:]

"""Sentences to statements: what a report says in words, with the figure it gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from foi_etl.model import Statement
from foi_etl.normalise.phrases import Clause, Phrase, phrases, prepared
from foi_etl.prose import Cue, Prose, Topic

PLANS: Final = frozenset({"problems"})
"""Sections that speak of what is to come."""
_NOTHING: Final = Decimal(0)
_NEAR: Final = 30
_SAME: Final = "均|全部|都|皆"


def narrate(sections: Mapping[str, str], prose: Prose, year: int | None) -> tuple[Statement, ...]:
    """What the sentences of a report state, in the order of topics, each in the order of the text.

    A figure that counts several things of a group together is a statement of them all, "f_review+f_suit".
    """
    if not prose.topics:
        return ()
    told: list[Statement] = []
    for section, text in sections.items():
        if section not in PLANS:
            told += _Ear(prose, section, year).listen(text)
    strong = {one.fact for one in told if not one.weak}
    kept = [one for one in told if not one.weak or one.fact not in strong]
    order = {topic.id: place for place, topic in enumerate(prose.topics)}
    return tuple(sorted(kept, key=lambda one: order[one.fact.split("+")[0]]))


class _Ear:
    """Goes through one text and remembers what was spoken of last."""

    def __init__(self, prose: Prose, section: str, year: int | None) -> None:
        self._prose, self._section, self._year = prose, section, year
        self._last: list[str] = []
        self._parents: set[str] = set()
        self._told: list[Statement] = []

    def listen(self, text: str) -> list[Statement]:
        """Every statement of the text."""
        for part in phrases(prepared(text, self._year), self._prose.filler):
            for one in self._phrase(part) if isinstance(part, Phrase) else self._clause(part):
                self._add(one)
        return self._told

    def _phrase(self, phrase: Phrase) -> Iterator[Statement]:
        facts = list(self._facts(phrase, list(self._meant(phrase))))
        if not phrase.inside:
            self._parents = {fact for fact, _ in facts}
        for fact, weak in facts:
            yield Statement(
                fact=fact,
                value=phrase.figure.value,
                unit=phrase.figure.unit,
                approximate=phrase.figure.approximate,
                high=phrase.figure.high,
                raw=phrase.raw,
                section=self._section,
                start=phrase.start,
                end=phrase.end,
                words=phrase.words,
                weak=weak,
            )

    def _meant(self, phrase: Phrase) -> Iterator[tuple[Topic, bool]]:
        """The topics a phrase speaks of, each with whether only a weak cue says so."""
        found = [
            (topic, weak) for topic in self._prose.topics if (weak := self._speaks(topic, phrase)) is not None
        ]
        groups = [topic.group for topic, _ in found if topic.group]
        for topic, weak in found:
            if topic.yields in groups or (topic.alone and groups.count(topic.alone) == 1):
                continue
            if not (phrase.inside and self._is_a_part(topic)):
                yield topic, weak

    def _is_a_part(self, topic: Topic) -> bool:
        """Whether what the list was opened for counts this already; not where it counts several together."""
        return any(fact == topic.id or topic.apart & {*fact.split("+")} for fact in self._parents)

    def _speaks(self, topic: Topic, phrase: Phrase, words: str = "") -> bool | None:
        """Whether a phrase speaks of a topic: False by a cue, True by a weak one only, None not at all."""
        words = words or phrase.words
        if phrase.figure.unit not in topic.units:
            return None
        weak = not _any(topic.cues, words)
        if weak and (phrase.figure.unit not in topic.weak_units or not _any(topic.weak, words)):
            return None
        if _any(topic.unless, words) or _any(topic.never, phrase.sentence):
            return None
        if _any((one.cue for one in self._prose.traps if topic.id not in one.spares), phrase.sentence):
            return None
        if topic.within and not _any(topic.within, phrase.before + phrase.words):
            return None
        if weak and topic.weak_within and not _any(topic.weak_within, phrase.before + phrase.sentence):
            return None
        return weak if self._is_under(topic) or _any(topic.under_or, phrase.sentence) else None

    def _is_under(self, topic: Topic) -> bool:
        if not topic.under:
            return True
        came = next((one for one in reversed(self._last) if one in topic.under), None)
        return came is not None and topic.under_is in {"", came}

    def _facts(self, phrase: Phrase, spoken: Sequence[tuple[Topic, bool]]) -> Iterator[tuple[str, bool]]:
        """The facts a figure gives: one for each topic, or one for all of a group that it counts together."""
        groups: dict[str, list[tuple[str, bool]]] = {}
        for topic, weak in spoken:
            others = [one.id for one in self._beside(topic, phrase)]
            if phrase.each or not phrase.figure.value:
                yield from ((one, weak) for one in (*others, topic.id))
                continue
            for one in (*others, topic.id):
                groups.setdefault(topic.group or topic.id, []).append((one, weak))
        for members in groups.values():
            order = [topic.id for topic in self._prose.topics]
            names = sorted(dict.fromkeys(name for name, _ in members), key=order.index)
            yield "+".join(names), all(weak for _, weak in members)

    def _beside(self, topic: Topic, phrase: Phrase) -> Iterator[Topic]:
        """Topics of the same group that stand right before this one in a list of words for one figure."""
        for words in reversed(phrase.also):
            other = next(
                (
                    one
                    for one in self._prose.topics
                    if topic.group
                    and one.group == topic.group
                    and one is not topic
                    and self._speaks(one, phrase, words) is not None
                ),
                None,
            )
            if other is None:
                return
            yield other

    def _clause(self, clause: Clause) -> Iterator[Statement]:
        yield from self._all_of_them(clause)
        yield from self._nothing(clause)

    def _nothing(self, clause: Clause) -> Iterator[Statement]:
        """There was none: 未收到, 未发生, 无, 零."""
        words = clause.words
        denied = self._prose.negated.search(words)
        ends_so = words.endswith(("无", "为零", "零")) and len(words) < 40
        if denied is None and not ends_so:
            return
        for topic in self._prose.topics:
            if _any(topic.zero_unless, words):
                continue
            for cue in topic.zero:
                found = list(cue.finditer(words))
                if found and (ends_so or (denied and found[-1].end() > denied.start())):
                    yield self._plain(topic.id, _NOTHING, clause)
                    break

    def _all_of_them(self, clause: Clause) -> Iterator[Statement]:
        """All of the figure before: 均通过信函递交, 全部为自然人申请, 为网上申请."""
        if not self._told or self._told[-1].end < clause.start or not self._last:
            return
        words = clause.words
        at = next((place for word in _SAME.split("|") if (place := words.find(word)) >= 0), None)
        if at is None and not words.startswith(("为", "系", "是")):
            return
        whole = next((one for one in reversed(self._told) if one.fact in {"f_received", "f_handled"}), None)
        whole_facts = {"f_received", "f_handled"}
        if whole is None or self._told[-1].fact not in whole_facts:
            return
        near = words[at or 0 :].split("…")[0][:_NEAR]
        named = [topic for topic in self._prose.topics if topic.all and _any(topic.all, near)]
        if len({topic.group for topic in named}) == len(named) and "未" not in near:
            for topic in named:
                yield self._plain(topic.id, whole.value, clause, whole.unit)

    def _plain(self, fact: str, value: Decimal, clause: Clause, unit: str = "") -> Statement:
        return Statement(
            fact=fact,
            value=value,
            unit=unit,
            approximate=False,
            high=None,
            raw=clause.raw,
            section=self._section,
            start=clause.start,
            end=clause.end,
            words=clause.words,
            weak=False,
        )

    def _add(self, one: Statement) -> None:
        """Keep a statement; a further part of the same sum is added to the part before it."""
        self._last.append(one.fact)
        adds = any(topic.id == one.fact and topic.adds for topic in self._prose.topics)
        same = [
            place
            for place, before in enumerate(self._told)
            if before.fact == one.fact and before.start == one.start and before.weak == one.weak
        ]
        if adds and same:
            before = self._told[same[0]]
            self._told[same[0]] = replace(
                before,
                value=before.value + one.value,
                approximate=before.approximate or one.approximate,
                raw=f"{before.raw} + {one.raw}",
            )
        elif not (one.value == 0 and same):
            self._told.append(one)


def _any(cues: Iterable[Cue], words: str) -> bool:
    return any(cue.search(words) for cue in cues)

"""The nouns. They are frozen, they do nothing, and every room speaks in them.

The nouns of the hot path (`Cell`, `Fact`) are named tuples: a report has some 450 cells, and a frozen
dataclass takes four times as long to make.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

TLS_EXCEPTIONS: Final = frozenset({"legacy_renegotiation", "prime256v1", "no_dh", "seclevel1", "unverified"})
"""What may be recorded for a portal that strict TLS cannot reach; joined by "+" where it needs several."""


class State(StrEnum):
    """What stands in a cell. An absence is an answer and is published as one."""

    NUMBER = "number"
    ZERO = "zero"
    BLANK = "blank"
    NA_MARK = "na_mark"
    TEXT = "text"
    UNREADABLE = "unreadable"
    MISSING_CELL = "missing_cell"


class Weight(StrEnum):
    """How heavily a finding weighs on the facts it names."""

    BLOCK = "block"
    """Nothing, or less than the whole, could be read there; what is named was not published."""
    DOUBT = "doubt"
    """What is published there may not be so, or cannot all be true at once."""
    NOTE = "note"
    """Worth knowing; the facts stand."""


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that owes a report, and where it publishes."""

    id: str
    name: str
    family: str
    portal: str
    name_en: str = ""
    practice: bool = False
    note: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    """What its family needs to know of its portal beside the address."""
    division_code: str = ""
    """Statistics code of its division, where known."""
    level: str = ""
    """nation, province, prefecture, county or township."""
    kind: str = ""
    """gov, gov_office, department, street_office, township_gov, dev_zone, vertical or public_institution."""
    parent: str = ""
    """The id of the agency above it."""
    since: str = ""
    until: str = ""
    credit_code: str = ""
    """Its unified social credit code, where known."""


@dataclass(frozen=True, slots=True)
class Portal:
    """A host that agencies publish on, and how it wants to be asked."""

    host: str
    family: str
    parameters: tuple[tuple[str, str], ...] = ()
    pace: float | None = None
    """Seconds between two requests; None leaves it to the settings. Never less than robots.txt asks for."""
    tls: str = ""
    """A recorded exception to strict TLS, by name; empty for none."""
    practice: bool = False
    evidence: str = ""
    """Where it is known from."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is owed: one agency, one year, one scope; published or not."""

    agency_id: str
    year: int
    scope: str = "organ"


@dataclass(frozen=True, slots=True)
class Capture:
    """What a server answered, once. The bytes stay in the archive."""

    id: str
    """Sixteen hexadecimal digits, made of url, time and digest: the same archive names it the same way."""
    url: str
    fetched_at: str
    """UTC, ISO 8601, seconds."""
    status: int
    content_type: str
    sha256: str
    size: int
    purpose: str
    """Why it was asked for: robots, listing, report or attachment; refusal where the portal refused us."""
    agency_id: str = ""
    agency_name: str = ""
    link_text: str = ""
    """What the listing called it."""
    via: str = ""
    """The listing it was found on."""
    warc: str = ""
    offset: int = 0
    revisit_of: str = ""
    """The capture that holds the bytes, where the portal answered that they are as before."""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """A wish of a family: this page, asked for in this way. Only the crawl turns it into a request."""

    url: str
    form: tuple[tuple[str, str], ...] = ()
    """Fields to POST, in order; a GET where there are none."""
    referer: str = ""
    memo: str = field(default="", compare=False)
    """What the family wants to know again when it reads the answer; never sent, no part of the key."""
    body: str = ""
    """JSON text to POST as application/json, instead of fields; empty for none."""

    @property
    def key(self) -> str:
        """The url, with what is posted behind it where there is any: what makes two asks the same."""
        fields = "".join(f"&{name}={value}" for name, value in self.form)
        return self.url + fields + (f"&{self.body}" if self.body else "")


@dataclass(frozen=True, slots=True)
class Page:
    """What a family reads: an answered ask, as text."""

    ask: Ask
    url: str
    """Where the answer came from, after redirects."""
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A link that is a report, by its own words."""

    ask: Ask
    text: str
    """What the listing calls it."""
    via: str
    """The listing it stands on."""
    year: int | None = None
    listed: str = ""
    """What else the listing prints in its row, such as a date. Where that changes, a known report is asked
    for again."""


@dataclass(frozen=True, slots=True)
class Decoy:
    """A link that names a report and is none (an interpretation, a guide), and which words told so."""

    url: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Declared:
    """How many records a list says it has; what a walk has seen is measured against it."""

    total: int
    seen: int | None = None
    """How many records the page that says so holds itself; None where that was not counted."""
    of: str = ""
    """The address of the column page of the list, which all its pages name alike."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as they went over the wire, before they are kept."""

    ask: Ask
    url: str
    fetched_at: str
    """UTC, ISO 8601, seconds."""
    method: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: bytes
    status: int
    reason: str
    response_headers: tuple[tuple[str, str], ...]
    body: bytes
    """As received, content encoding included; transfer encoding already taken off."""
    transport: str = ""
    """How the portal proved who it is: strict, or the exception recorded for it; empty without TLS."""


class Cell(NamedTuple):
    """One box of one table as printed, able to say where it stands."""

    text: str
    table: int
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    page: int = 0
    """The page it is printed on; 0 in a document without pages."""
    scan: str = ""
    """For a recognised cell: its box on the page, and how sure the reader is of it."""
    file: str = ""
    """The capture of the file beside the page it stands in; empty for the page itself."""

    @property
    def at(self) -> str:
        """Where it stands in its document, in one word a person can search for; all counted from 1."""
        where = f"t{self.table}/r{self.row}/c{self.column}"
        if self.page:
            where = f"p{self.page}/{where}"
        if self.scan:
            where = f"{where}/{self.scan}"
        return f"{self.file}!{where}" if self.file else where


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a document: each row holds its own cells, each cell its place in the rectangle."""

    index: int
    rows: tuple[tuple[Cell, ...], ...]
    width: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What a reader should know about facts: which, how heavily, and why in one sentence."""

    rule: str
    weight: Weight
    message: str
    table: str = ""
    edition: str = ""
    cells: tuple[str, ...] = ()
    """Every cell the sentence is about, by id; a whole row, column or table is spelled out."""
    at: tuple[str, ...] = ()
    """Where they stand in the document, as far as they stand there."""
    left: str = ""
    right: str = ""
    delta: str = ""
    diagnosis: str = ""
    blame: str = ""
    """Of a failed identity: source (the agency printed it so), reading (we may have misread) or undecided."""
    evidence: str = ""
    """What the blame rests on."""


@dataclass(frozen=True, slots=True)
class Document:
    """A capture made readable."""

    name: str
    """A capture id, or the file it was read from."""
    kind: str
    charset: str
    title: str
    agency_name: str
    year: int | None
    year_from: str
    """Which evidence gave the year: period, title, body, published or text."""
    published: str
    """ISO 8601 date, or empty."""
    sections: dict[str, str]
    """Section id to its text, tables left out."""
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...] = ()
    """What is odd about the bytes themselves: half a page, a charset that read only part of them."""
    again: tuple[tuple[str, ...], ...] = ()
    """The rows of its tables as a second reader took them from the bytes; empty where there is none."""
    whole: str = ""
    """All that a report of before 2019 says outside its tables; empty for any other document."""

    @property
    def says(self) -> dict[str, object]:
        """Whose report it is and of which year, as far as it says so: told even if nothing else is read."""
        told = {"title": self.title, "agency_name": self.agency_name, "year": self.year}
        return {name: word for name, word in told.items() if word}


@dataclass(frozen=True, slots=True)
class Placement:
    """One statutory table, its printed cells put where its own labels say, before any is read as a number."""

    table: str
    edition: str
    cells: dict[str, Cell]
    withheld: dict[str, str]
    """Cells that the page has but that could not be told apart, and the address of their row."""
    units: dict[str, str]
    """The unit a header prints for a cell, where it prints one."""


class Fact(NamedTuple):
    """One cell of one form: what is printed there, or why there is no number."""

    cell_id: str
    value: Decimal | None
    state: State
    raw: str
    unit: str
    at: str
    """Empty for a cell that the page does not have."""
    note: str = ""
    """What stands beside the number in the same cell, as printed."""


@dataclass(frozen=True, slots=True)
class FormReading:
    """The cells of one statutory table, with the edition its own headers gave it."""

    table: str
    edition: str
    facts: dict[str, Fact]
    """Every cell of the edition is a key: those the page lacks are `missing_cell`."""
    agreed: Mapping[str, bool] = field(default_factory=dict)
    """Whether the second reader has the same, for each cell it reached."""
    otherwise: Mapping[str, Decimal | None] = field(default_factory=dict)
    """What the second reader has in the cells on which the two differ."""


@dataclass(frozen=True, slots=True)
class Inference:
    """A value we derived, with its proof; never mixed with facts."""

    cell_id: str
    value: Decimal
    rule: str
    proof: str
    cells: tuple[str, ...]
    """The cells the proof rests on."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure that a report states in a sentence; told by its words, never mixed with facts."""

    fact: str
    """Id of its topic; of several joined by "+" where one figure counts them together."""
    value: Decimal
    """In whole units: 18万余条 is 180000 条."""
    unit: str
    """Empty where none is printed."""
    approximate: bool
    high: Decimal | None
    """The upper end of a range; `value` is the lower."""
    raw: str
    section: str
    start: int
    end: int
    """Where its sentence stands in the text of the section."""
    words: str = ""
    """The words around the figure, "#", that told it."""
    weak: bool = False
    """Told by words that are heeded only where no clearer ones are."""
    confidence: str = ""
    """low, for a headline of an old report without a table to hold it against; empty otherwise."""


class Check(NamedTuple):
    """How one rule fared with one report."""

    rule: str
    outcome: str
    """held, failed or untestable."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How the hard identities fared, in one of the two readings of a blank."""

    held: int
    failed: int
    untestable: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything we can say about one document: what it states, what follows from it, what we doubt."""

    document: Document
    tables: tuple[FormReading, ...]
    inferences: tuple[Inference, ...]
    findings: tuple[Finding, ...]
    blanks_as_zero: Tally
    blanks_as_unknown: Tally
    statements: tuple[Statement, ...] = ()
    """What its sentences state."""
    checks: tuple[Check, ...] = ()
    """How every rule fared; the identities with blanks as zero."""
    sketch: bytes = b""
    """What its own words are compared with others by; empty where they are too few."""

    @property
    def refused(self) -> bool:
        """Whether no statutory table could be read from it."""
        return not self.tables


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict that knows whose report it is and which capture it was read from."""

    report: Report
    agency_name: str
    """As the register names the agency; the document's own word is in the verdict."""
    capture: Capture
    verdict: Verdict
    scope_evidence: str = ""
    """The words that told the scope of the report."""
    scope_confidence: str = ""
    """high, medium or low."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A capture that gave no verdict, and the reason; kept, listed and replayable."""

    name: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the visit to one agency's portal ended."""

    agency_id: str
    outcome: str
    """ok, blocked, moved, empty, partial, absent, busy or failed."""
    message: str = ""
    """For anything but ok: what a person does next."""
    asked: int = 0
    """Requests sent."""
    found: int = 0
    """Reports listed."""
    new: int = 0
    """Reports archived by this visit."""
    decoys: int = 0
    """Links that named a report and were none."""
    sign: str = ""
    """What decided it: the refusal's sign, or how much of the list was missing."""
    alarm: bool = False
    """The archive holds reports of this agency, and now it lists none."""
    unchanged: int = 0
    """Answers that were as before."""
    attachments: int = 0
    """Attachments archived by this visit."""
    seconds: float = 0.0
    listed: tuple[tuple[int, str], ...] = ()
    """The years of the reports that are listed and archived, each with the day the list shows, if any."""
    spent: bool = False
    """Whether it was cut short because its requests were used up."""
    passed: tuple[int, ...] = ()
    """Years of reports that are listed and were not wanted; 0 where the list does not say the year."""

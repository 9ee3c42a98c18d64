"""What the document templates expect, in the words of the paper. Dates and periods come already written out.

Numbers come as numbers and get their separators (and △ when negative) on the way; None prints as a dash.
"""

from typing import NotRequired, TypeAlias, TypedDict

Figure: TypeAlias = int | float | str | None


class Head(TypedDict):
    """What stands on every page: who speaks, what it is called, and which edition of it."""

    municipality: str
    title: str
    issued_on: str
    edition: str
    form_number: NotRequired[str | None]
    document_number: NotRequired[str | None]
    fingerprint: NotRequired[str | None]
    draft: NotRequired[bool]


# statement.typ ---


class Addressee(TypedDict):
    """Whom a letter is for; the honorific is 御中 for a firm and 様 for a person.

    The registration number (T and thirteen digits) makes the statement serve as 仕入明細書 for consumption tax.
    """

    name: str
    honorific: str
    registration_number: NotRequired[str | None]
    address: NotRequired[list[str]]


class Sender(TypedDict):
    """Who sends it, and below the name where to ask: office, person in charge, telephone."""

    name: str
    lines: list[str]


class StatementLine(TypedDict):
    """One person's days of the month, by the name the employer knows (a nickname)."""

    person: str
    days: list[str]
    quantity: int | float
    unit: str
    unit_price: int
    amount: int
    note: NotRequired[str | None]


class Adjustment(TypedDict):
    """A later change of an earlier month; the amount may be negative."""

    about: str
    reason: str
    amount: int


class TaxRow(TypedDict):
    """Consumption tax, worked out once for each rate."""

    label: str
    base: int
    tax: int


class Statement(TypedDict):
    """A partner employer's fees for one month: data for the template `statement`.

    `net` is the sum before tax that is added on top; left out, it is the total.
    """

    head: Head
    addressee: Addressee
    sender: Sender
    opening: str
    period: str
    payment_on: NotRequired[str | None]
    lines: list[StatementLine]
    adjustments: list[Adjustment]
    total_quantity: int | float
    unit: str
    net: NotRequired[int]
    total: int
    taxes: list[TaxRow]
    tax_note: str
    remarks: list[str]


# monthly_report.typ ---


class FigureRow(TypedDict):
    """One figure beside that of the month before; a change that means nothing is None."""

    label: str
    value: Figure
    unit: str
    previous: Figure
    change: Figure
    note: NotRequired[str | None]


class Part(TypedDict):
    """Figures under a title of their own, narrow enough to stand beside something else."""

    title: str
    rows: list[FigureRow]


class Chart(TypedDict):
    """A picture among the images, its title, and in words what it shows (read aloud in its place).

    An SVG says its colours literally (no CSS variables) and is printed in the fonts of documents.
    """

    image: str
    title: str
    description: str
    note: NotRequired[str | None]


class PlainTable(TypedDict):
    """A table of any kind; a column of numbers is set to the right."""

    title: str
    headings: list[str]
    rows: list[list[Figure]]
    note: NotRequired[str | None]


class Section(TypedDict):
    """Figures that belong together; `beside` stands below them in two columns, `tables` below that."""

    title: str
    rows: list[FigureRow]
    beside: NotRequired[list[Chart | Part | PlainTable]]
    tables: NotRequired[list[PlainTable]]


class Words(TypedDict):
    """The office's own words about the month, and whose they are."""

    title: str
    paragraphs: list[str]
    by: NotRequired[str | None]


class MonthlyReport(TypedDict):
    """A municipality's month: data for the template `monthly_report`."""

    head: Head
    period: str
    cutoff: str
    definition: str
    sections: list[Section]
    charts: list[Chart]
    tables: list[PlainTable]
    words: NotRequired[Words | None]
    remarks: list[str]


# certificate.typ ---


class Fact(TypedDict):
    """One thing that is certified."""

    label: str
    value: str


class Certificate(TypedDict):
    """Proof that something was erased: data for the template `certificate`."""

    head: Head
    addressee: NotRequired[str | None]
    sender: str
    opening: str
    facts: list[Fact]
    tables: list[PlainTable]
    remarks: list[str]

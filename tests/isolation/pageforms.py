"""What a page offers: its forms with every field and what may be put in, what its scripts save, and its links."""

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

from ayumi.kernel import clock
from tests.isolation.twins import ROW

Pairs = list[tuple[str, str]]
CHOSEN_ONE_BY_ONE = {"radio", "checkbox"}
NEVER_SENT = {"button", "image", "reset", "file"}


@dataclass(frozen=True)
class Control:
    """One field of a form: what it holds now, and which values it offers."""

    name: str
    kind: str
    value: str = ""
    options: tuple[str, ...] = ()
    required: bool = False
    chosen: bool = False

    def typed(self) -> list[str]:
        """Return what somebody sends who fills in what is asked for and leaves the rest as it stands."""
        if self.kind in CHOSEN_ONE_BY_ONE:
            return [self.value] if self.chosen else []
        if self.kind == "select":
            return [self.value or next((each for each in self.options if each), "")]
        return [self.value or self._made_up()] if self.kind not in NEVER_SENT else []

    def _made_up(self) -> str:
        plain = {"date": clock.today().isoformat(), "number": "1", "time": "10:00", "email": "somebody@test.example"}
        return plain.get(self.kind, "試験" if self.required or self.kind == "textarea" else "")


@dataclass(frozen=True)
class PageForm:
    """A form as it stood on a page."""

    action: str
    method: str
    controls: tuple[Control, ...]
    page: str = ""
    by_script: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the fields that take a file."""
        return tuple(each.name for each in self.controls if each.kind == "file")

    def pairs(self) -> Pairs:
        """Return the form filled in as somebody honest would."""
        firsts = {each.name: each for each in reversed(self.controls) if each.kind == "radio"}
        chosen = {each.name for each in self.controls if each.kind == "radio" and each.chosen}
        filled: Pairs = []
        for each in self.controls:
            if each.kind == "radio" and firsts[each.name] is each and each.name not in chosen:
                filled.append((each.name, each.value))
            filled += [(each.name, value) for value in each.typed()]
        return [pair for pair in filled if pair[0] not in self.files]

    def shape(self) -> tuple[str, str, tuple[str, ...]]:
        """Return what makes two forms alike: where they go and what they ask; for scripts, in whichever row."""
        asked = self.method, urlsplit(self.action).path, tuple(sorted({each.name for each in self.controls}))
        if not self.by_script:
            return asked
        return self.method, ROW.sub("*", asked[1]), tuple(sorted({ROW.sub("*", name) for name in asked[2]}))


@dataclass
class Page(HTMLParser):
    """A page, read for what can be sent from it."""

    address: str
    forms: list[PageForm] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: dict[str, tuple[str, str, list[Control]]] = {}
        self._ids: list[str] = []
        self._select: tuple[dict[str, str], list[str], list[str]] | None = None
        self._text: Control | None = None
        self._form_of_text = ""
        self._saved: dict[str, list[Control]] = {}
        self._fieldsets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        reader = getattr(self, f"_start_{tag}", None)
        if reader is not None:
            reader(given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._ids:
            self._ids.pop()
        elif tag == "fieldset":
            self._fieldsets.pop()
        elif tag == "select" and self._select is not None:
            self._end_select()
        elif tag == "textarea" and self._text is not None:
            self._put(self._form_of_text, self._text)
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text = replace(self._text, value=self._text.value + data.strip())

    def close(self) -> None:
        super().close()
        for action, method, controls in self._open.values():
            self.forms.append(PageForm(action or self.address, method, tuple(controls), self.address))
        for address, controls in self._saved.items():
            self.forms.append(PageForm(address, "post", tuple(controls), self.address, by_script=True))

    def _start_a(self, given: dict[str, str]) -> None:
        if given.get("href", "").startswith("/"):
            self.links.append(given["href"].partition("#")[0])

    def _start_form(self, given: dict[str, str]) -> None:
        key = given.get("id") or f"unnamed-{len(self._open)}"
        self._open.setdefault(key, (given.get("action", ""), given.get("method", "get").lower(), []))
        self._ids.append(key)
        if given.get("data-autosave"):
            self._saved[given["data-autosave"]] = self._open[key][2]

    def _start_fieldset(self, given: dict[str, str]) -> None:
        self._fieldsets.append(given.get("data-autosave", ""))
        if self._fieldsets[-1]:
            self._saved[self._fieldsets[-1]] = []

    def _start_input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        value = given.get("value", "on" if kind == "checkbox" else "")
        control = Control(given.get("name", ""), kind, value, required="required" in given, chosen="checked" in given)
        self._put(given.get("form", ""), control)

    def _start_button(self, given: dict[str, str]) -> None:
        if given.get("name"):
            self._put(given.get("form", ""), Control(given["name"], "submit", given.get("value", "")))

    def _start_textarea(self, given: dict[str, str]) -> None:
        self._form_of_text = given.get("form", "")
        self._text = Control(given.get("name", ""), "textarea", required="required" in given)

    def _start_select(self, given: dict[str, str]) -> None:
        self._select = (given, [], [])

    def _start_option(self, given: dict[str, str]) -> None:
        if self._select is not None:
            self._select[1].append(given.get("value", ""))
            if "selected" in given:
                self._select[2].append(given.get("value", ""))

    def _end_select(self) -> None:
        assert self._select is not None
        given, options, chosen = self._select
        value = chosen[0] if chosen else ""
        control = Control(given.get("name", ""), "select", value, tuple(options), "required" in given)
        self._put(given.get("form", ""), control)
        self._select = None

    def _put(self, form: str, control: Control) -> None:
        key = form or (self._ids[-1] if self._ids else "")
        if control.name and key in self._open:
            self._open[key][2].append(control)
            for address in filter(None, self._fieldsets):
                self._saved[address].append(control)


def read(address: str, html: str) -> Page:
    """Return what a page at an address offers."""
    page = Page(address)
    page.feed(html)
    page.close()
    return page


def query_of(address: str) -> Pairs:
    """Return what an address asks after its question mark."""
    return parse_qsl(urlsplit(address).query, keep_blank_values=True)

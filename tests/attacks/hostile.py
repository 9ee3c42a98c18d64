"""What nobody should ever type, and what no answer may ever show."""

import re

from werkzeug.test import TestResponse

MARK = "xq7"
NASTY = (
    f'"\'><{MARK} onload=1>',
    f"</script><script>{MARK}</script>",
    f"javascript:{MARK}",
    "{{7191*7}}${7191*7}<%=7191*7%>",
    f"x\r\nX-Injected: {MARK}\r\n\r\n<{MARK}>",
    "' OR '1'='1'; DROP TABLE participant; --",
    "%00%0d%0a..%2f..%2fetc%2fpasswd",
    "../../../../etc/passwd",
    "=HYPERLINK(\"http://evil.example\")",
    "a" * 30_000,
    "令和" * 5_000,
    "\u202e\u200b\ufeff\U0001f9d1\u200d\U0001f4bb\ud7ff\U000e0001",
    "𠮷野家\u0301\u0301\u0301",
    "null", "None", "undefined", "NaN", "Infinity", "true", "[]", "{}", " ", "　",
    "0", "-1", "1e309", "99999999999999999999999999", "-2147483649", "2147483648", "9223372036854775808", "0.1", "１２",
    "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "令和99年13月32日", "明治0年0月0日",
    "9999-12", "0000-00", "25:61", "00:00", "24:00",
    "00000000-0000-0000-0000-000000000000", "not-a-uuid", "{00000000-0000-0000-0000-000000000000}",
)  # fmt: skip
PATHS = (
    "x",
    "0",
    "-1",
    "99999999999999999999",
    "9999-99",
    "0000-00",
    "..",
    "%2e%2e",
    "'",
    "<xq7>",
    "{{7191*7}}",
    "あ" * 300,
)
NAMES = (
    "../../../etc/passwd", "a\r\nX-Injected: xq7.pdf", 'a".pdf', "<xq7>.pdf", "あ" * 300 + ".pdf", ".pdf", "a.pdf.html",
    "C:\\temp\\a.pdf", "a;b=c.pdf", "\u202efdp.exe",
)  # fmt: skip
CONTENTS = (
    b"", b"\x00" * 100, b"%PDF-1.7 <xq7>", b"<html><xq7></html>", b"PK\x03\x04" + b"\xff" * 50, b"\xff\xfe\x00\xd8",
    b"a,b\r\n=1+1,<xq7>\r\n",
)  # fmt: skip

LEAKS = re.compile(
    r"Traceback \(most recent|psycopg|sqlalchemy|werkzeug\.|jinja2|UndefinedError|syntax error at|relation \"|"
    r"\bDETAIL:|LINE \d+:|UniqueViolation|InsufficientPrivilege|/site-packages/"
)
DEMANDED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TYPES = re.compile(
    r"text/html; charset=utf-8|application/json|text/(plain|css|javascript|csv)(; charset=utf-8)?|application/pdf|"
    r"image/(svg\+xml|png|jpeg|x-icon)(; charset=utf-8)?|font/woff2|application/octet-stream|application/zip|"
    r"application/(manifest\+)?json|application/jsonl?|application/vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet|"
    r"text/csv; charset=(Shift_JIS|shift_jis|cp932|windows-31j|utf-8)"
)


def wrong_with(answer: TestResponse) -> list[str]:
    """Return everything that is wrong with an answer, whatever the question was."""
    return [*_status(answer), *_headers(answer), *_cookies(answer), *_words(answer)]


def _status(answer: TestResponse) -> list[str]:
    found = [f"status {answer.status_code}"] if answer.status_code >= 500 else []
    place = answer.headers.get("Location", "/")
    if not place.startswith("/") or place.startswith(("//", "/\\")):
        found.append(f"leads to {place}")
    return found


def _headers(answer: TestResponse) -> list[str]:
    found = [
        f"{name} is {answer.headers.get(name)}" for name, value in DEMANDED.items() if answer.headers.get(name) != value
    ]
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "'unsafe" in policy or "*" in policy:
        found.append(f"policy {policy}")
    if not answer.headers.get("Cache-Control") or not answer.headers.get("Referrer-Policy"):
        found.append("no word on caching or on the referrer")
    if "X-Injected" in answer.headers or "Server" in answer.headers and "Werkzeug" in answer.headers["Server"]:
        found.append("a header that is not ours")
    if answer.data and not TYPES.fullmatch(answer.headers.get("Content-Type", "")):
        found.append(f"type {answer.headers.get('Content-Type')}")
    return found


def _cookies(answer: TestResponse) -> list[str]:
    return [
        f"cookie {cookie}"
        for cookie in answer.headers.getlist("Set-Cookie")
        if not {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    ]


def _words(answer: TestResponse) -> list[str]:
    if answer.mimetype not in ("text/html", "application/json", "text/plain"):
        return []
    text = answer.get_data(as_text=True)
    found = [f"says {leak.group()}" for leak in LEAKS.finditer(text)]
    if answer.mimetype == "text/html" and (f"<{MARK}" in text or f"<script>{MARK}" in text):
        found.append("runs what was typed")
    if str(7191 * 7) in text:
        found.append("works out what was typed")
    return found + [f"links to {MARK}" for _each in re.findall(rf'(?:href|src|action)="javascript:{MARK}', text)]

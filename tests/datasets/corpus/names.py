"""Names under which files are uploaded: labels for people, never paths."""

from __future__ import annotations

# (what the browser sends, what the label must be); a label is short and on one line.
NAMES: tuple[tuple[str, str], ...] = (
    ("plain.csv", "plain.csv"),
    ("../../../../etc/passwd", "passwd"),
    ("/etc/cron.d/evil.csv", "evil.csv"),
    ("..", ".."),
    ("\\\\server\\share\\data.csv", "data.csv"),
    ("C:\\Users\\ann\\data.csv", "data.csv"),
    ("nul\0inside.csv", "nul inside.csv"),
    ("two\r\nlines.csv", "two  lines.csv"),
    ("\x1b[31mred.csv", "[31mred.csv"),
    ("\u202egpj.csv", "gpj.csv"),
    ("x" * 296 + ".csv", "x" * 80),
    ("", "the file"),
    ("--options=x", "--options=x"),
    ("<img src=x onerror=alert(1)>.csv", "<img src=x onerror=alert(1)>.csv"),
    ("=cmd|' !A0.csv", "=cmd|' !A0.csv"),
    ("CON", "CON"),
    ("größe 数据 👍.csv", "größe 数据 👍.csv"),
    ("file:sqlite?mode=ro.csv", "file:sqlite?mode=ro.csv"),
)

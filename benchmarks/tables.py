"""Tables of measurements, as Markdown and as JSON."""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import strict_json
from keras_wgan.report.plots.style import save_picture


@dataclass(frozen=True)
class Table:
    """Rows under a title, with notes."""

    title: str
    rows: Sequence[dict[str, Any]]
    notes: Sequence[str] = ()
    picture: Figure | None = None

    def markdown(self) -> str:
        """Returns title, table and notes."""
        return "\n\n".join([f"**{self.title}**", *self._body()])

    def page(self, command: str) -> str:
        """Returns a page of the docs: title, table, notes and the command."""
        return "\n\n".join([f"# {self.title}", *self._body(), f"```bash\n{command}\n```\n"])

    def _body(self) -> list[str]:
        columns = list(dict.fromkeys(name for row in self.rows for name in row))
        numbers = {name for row in self.rows for name in row if isinstance(row[name], int | float)}
        rule = ["--:" if name in numbers else "---" for name in columns]
        cells = [[shown(row.get(name, "")) for name in columns] for row in self.rows]
        lines = [f"| {' | '.join(line)} |" for line in (columns, rule, *cells)]
        return ["\n".join(lines), *self.notes]


def shown(value: Any) -> str:
    """Returns a cell: numbers of three digits, and a text that cannot end its cell."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:#.3g}".rstrip(".")
    return f"{value:,}" if isinstance(value, int) else str(value).replace("|", "\\|")


def report(tables: Sequence[Table], facts: dict[str, str], command: str) -> str:
    """Returns the tables of a part, the machine and the command."""
    machine = "; ".join(f"{name} {value}" for name, value in facts.items())
    body = "\n\n".join(table.markdown() for table in tables)
    return f"{body}\n\nMeasured on: {machine}.\n\n```bash\n{command}\n```\n"


def write(
    folder: Path, part: str, tables: Sequence[Table], facts: dict[str, str], command: str
) -> str:
    """Writes `speed_PART.md`, `.json` and, where there is a picture, `.png`; returns the text."""
    text = report(tables, facts, command)
    for picture in [table.picture for table in tables if table.picture]:
        save_picture(picture, folder / f"speed_{part}.png")
        text = f"![{part}](speed_{part}.png)\n\n{text}"
    text = f"# Speed: {part}\n\n{text}"
    write_atomically(folder / f"speed_{part}.md", text.encode())
    content = {
        "command": command,
        "machine": facts,
        "tables": [
            {"title": each.title, "rows": each.rows, "notes": each.notes} for each in tables
        ],
    }
    write_atomically(folder / f"speed_{part}.json", strict_json(content))
    return text


def write_page(folder: Path, name: str, table: Table) -> str:
    """Writes the page of the benchmark that this process runs; returns what to print."""
    command = shlex.join(["python", "-m", f"benchmarks.{name}", *sys.argv[1:]])
    text, path = table.page(command), folder / f"{name}.md"
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text.encode())
    return f"{text}\nWrote {path}"

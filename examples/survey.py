"""Renew the made-up survey exports in ``survey/``: ``python examples/survey.py``; nobody in them exists.

Two exports as Microsoft Forms and Excel leave them, with the pilot's own questions as headings, and every
trap of ``survey/traps.toml``; a test imports the files and walks that list.
"""

from __future__ import annotations

import csv
import io
import random
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "survey"
MENTORS, MENTEES = "mentors.xlsx", "mentees.csv"

# The pilot's questions word for word, with their misprints, and what exports add: line ends, hard spaces.
FORMS = ("ID", "Start time", "Completion time", "Email", "Name")
MENTOR_QUESTIONS = {
    "consent": "I agree to participate as an IP mentor in this pilot",
    "name": "Name2",
    "email": "Email address",
    "region": "2.\tWhich region do you work in as an IP",
    "scope": "Please indicated your scope of\xa0prescribing practice",
    "sectors": "Please indicate the sector (s) you currently prescribe in \nTick all that apply",
    "mentor_before": "Are you currently and/or have ever been a mentor?",
    "mentored_before": "How many people have you mentored?",
    "mentee_now": "Are you currently a mentee?",
    "mentors_had": "How many people have you had as a mentor?",
    "confidence": "On a scale of 1-5, how confident do you feel as a mentor?",
    "platforms": "Please indicate which mentoring platform(s) you have used, if any. "
    "Please select all that apply.",
    "training": "Have you completed any training or used any resources to support your role as a mentor? "
    "Please select all that apply.",
    "wishes": "As a mentor, what would you find most beneficial to be included in the introduction to "
    "mentoring session?",
    "organisation": "Which organisation employs you?",
    "years_prescribing": "How many years have you been actively prescribing?",
    "capacity": "How many mentees can you take?",
    "avoids": "Whom must you not be paired with?",
    "gphc_number": "GPhC number",
    "role": "Please describe your role",
}
MENTEE_QUESTIONS = {
    "consent": "I agree to participate as an IP mentee in this pilot",
    "name": "a. Name",
    "email": "b. Email address",
    "prescribing_frequency": "14. How often do you use you prescribing skills",
    "qualified_year": "15. What year did you complete the IP qualification",
    "confidence": "16. On a scale of 1–5, how confident do you feel in prescribing",
    "region": "17. Which region do you work in",
    "scope": "18. Please indicated your scope of prescribing practice?",
    "sectors": "19. Please indicate the sector (s) you work in. Tick all that apply",
    "mentor_before": "20. Are you currently and/or have ever been a mentor?",
    "mentored_before": "21. How many people have you mentored?",
    "platforms": "24. Please indicate which mentoring platform(s) you have used, if any.",
    "wishes": "26. As a mentee, what would you find most beneficial to be included in the introduction "
    "mentoring session?",
    "organisation": "Which organisation employs you?",
    "availability": "On which days are you available?",
}
SECTORS = (
    "Acute Hospital Settings",
    "Primary Care Teams and GP practices",
    "Mental Health Trusts",
    "Care Homes",
)
SCOPES = ("Hypertension", "Type 2 diabetes", "Anticoagulation", "Asthma and COPD", "Mental health", "Frailty")
BODIES = ("Brighton Hospitals", "Camden Hospitals", "Kent Community Trust", "Guildford Medical Group")
REGIONS = ("London", "Kent", "Surrey", "Sussex")


def traps_of() -> list[dict[str, Any]]:
    """The list of traps."""
    traps: list[dict[str, Any]] = tomllib.loads((FOLDER / "traps.toml").read_text(encoding="utf-8"))["trap"]
    return traps


def rows(file: str) -> list[list[Any]]:
    """Every row of an export, the headings first."""
    side = "mentor" if file == MENTORS else "mentee"
    questions = MENTOR_QUESTIONS if file == MENTORS else MENTEE_QUESTIONS
    traps = {trap["row"]: trap["answers"] for trap in traps_of() if trap["file"] == file}
    draw = random.Random(f"survey {side}")  # noqa: S311 (made-up people, not a secret)
    table: list[list[Any]] = [[*FORMS, *questions.values()]]
    for row in range(2, max(traps) + 3):
        answers = _answers(side, row, draw) | traps.get(row, {})
        done = datetime(2023, 2, 13, 9) + timedelta(hours=5 * row)
        start = done - timedelta(minutes=draw.randrange(3, 9))
        times = [start, done] if file == MENTORS else [f"{when:%m/%d/%Y %H:%M:%S}" for when in (start, done)]
        table.append([row - 1, *times, "anonymous", "", *(answers.get(name, "") for name in questions)])
    return table


def _answers(side: str, row: int, draw: random.Random) -> dict[str, Any]:
    """What somebody without any trap answers."""
    return {
        "consent": "Yes",
        "name": f"Made-up {side} {row}",
        "email": f"{side}{row}@example.org",
        "region": draw.choice(REGIONS),
        "scope": draw.choice(SCOPES),
        "sectors": f"{draw.choice(SECTORS)};",
        "mentor_before": "No – please skip to Q. 7" if side == "mentor" else "No",
        "mentee_now": "No",
        "confidence": draw.choice(("3", "4 - Quite confident", "Confident", "2 – Not very confident")),
        "platforms": "None;",
        "training": "None;",
        "wishes": "Examples, and time to talk",
        "organisation": draw.choice(BODIES),
        "years_prescribing": draw.choice((3, 4, "5 years", 8)),
        "capacity": draw.choice((1, 1, 1, 2)),
        "role": "Pharmacist",
        "prescribing_frequency": draw.choice(("Never", "Monthly", "Weekly")),
        "qualified_year": draw.choice((2021, 2022)),
        "availability": "Monday;Thursday;",
    }


def workbook(table: list[list[Any]]) -> bytes:
    """A workbook as Forms exports it, with a second sheet that holds no answers."""
    import xlsxwriter

    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": datetime(2023, 3, 1)})
    sheet, moment = book.add_worksheet("Form1"), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    for row, cells in enumerate(table):
        for column, cell in enumerate(cells):
            if isinstance(cell, datetime):
                sheet.write_datetime(row, column, cell, moment)
            elif cell == "=B2":
                sheet.write_formula(row, column, cell, value="")
            elif cell == "#N/A":
                sheet.write_formula(row, column, "=NA()", value="#N/A")
            elif cell != "":
                sheet.write(row, column, cell)
    book.add_worksheet("Notes").write_string(0, 0, "Exported in March.")
    book.close()
    return memory.getvalue()


def csv_file(table: list[list[Any]]) -> bytes:
    """A CSV file as Excel saves it on Windows in Britain, which is not UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(table)
    return text.getvalue().encode("cp1252")


ORGANISATIONS = """\
code,name,parent,successor
RAA,Camden Hospitals,,
RBB,Old Camden Hospital,,RAA
RCC,Brighton Hospitals,,
RDD,Kent Community Trust,,
H81001,Guildford Medical Group,,
"""
COLUMNS = """\
[programme]
name = "IP mentoring, made-up round"
regions = ["London", "Kent", "Surrey", "Sussex"]
"""


def made() -> dict[str, bytes]:
    """The content of every file, by its name."""
    return {
        MENTORS: workbook(rows(MENTORS)),
        MENTEES: csv_file(rows(MENTEES)),
        "organisations.csv": ORGANISATIONS.encode(),
        "columns.toml": COLUMNS.encode(),
    }


if __name__ == "__main__":
    for name, content in made().items():
        (FOLDER / name).write_bytes(content)

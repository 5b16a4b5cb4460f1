"""Fifty students as universities have them, and how Moodle and Canvas write their names."""

import re
import unicodedata

NAMES = (
    ("Ann", "Lee"),
    ("Ann", "Lee"),
    ("Ann Lee", ""),
    ("Jürgen", "Müller"),
    ("Ju\u0308rgen", "Mu\u0308ller"),
    ("Zoë", "Strauß"),
    ("小明", "王"),
    ("王小明", "-"),
    ("Conor", "O'Brien"),
    ("Conor", "O’Brien"),
    ("Jean-Luc", "Picard-Dubois"),
    ("snake_case", "Under_Score"),
    ("محمد", "الأحمد"),
    ("\u202eדוד", "כהן\u202c"),
    ("Emoji 🎓", "Kim 👩‍🔬"),
    ("Dr. Ada", "Lovelace, Jr."),
    ("María José", "de la Cruz"),
    ("Nguyễn", "Thị Minh Khai"),
    ("Øystein", "Åse"),
    ("İbrahim", "Yıldız"),
    ("Σωκράτης", "Παπαδόπουλος"),
    ("Иван", "Иванов"),
    ("ไทย", "สมชาย"),
    ("हिमांशु", "शर्मा"),
    ("김", "민수"),
    ("たろう", "山田"),
    ("Łukasz", "Żółć"),
    ("=cmd|' /C calc'!A0", "Evil"),
    ("+Plus", "@At"),
    ("-Dash", "Minus"),
    ("Robert'); DROP", "TABLE"),
    ("R2", "D2"),
    ("agent_007_", "Bond"),
    ("12", "34"),
    ("Eve", "x_1001"),
    ("A" * 60, "B" * 60),
    ("x", "y"),
    ("Semi;colon", "Comma, Comma"),
    ('Quote"d', "Name"),
    ("Tab\there", "Line"),
    ("  Spaces ", "  Around  "),
    ("<b>Bold</b>", "&amp;"),
    ("back\\slash", "for/ward"),
    ("Pct%20", "Hash#"),
    ("Ünï", "Çödé"),
    ("ﬁ", "ligature"),
    ("Late", "LATE"),
    ("assignsubmission", "file"),
    ("𝕸𝖆𝖙𝖍", "Ａ"),
    ("Test", "Last"),
)
assert len(NAMES) == 50


def in_moodle(first, last, number, version="folders"):
    """What a file of theirs begins with; see `downloader.php`, `clean_param(..., PARAM_FILE)`."""
    name = f"{first} {last}".replace("_", " ")
    name = re.sub(r"""[\x00-\x1f\x7f&<>"`|':\\/]""", "", name)
    end = {"folders": "/", "folders before 4.1": "_/", "no folders": "_"}[version]
    return f"{name}_{number}_assignsubmission_file{end}"


def in_canvas(first, last, user, attachment, late=False):
    """What a file of theirs begins with; see `content_zipper.rb`, Ruby's `[[:word:]]`."""
    name = re.sub(r"_(\d+)_", r"\1", f"{last}, {first}").lower()
    kinds = [(sign, unicodedata.category(sign)) for sign in name]
    name = "".join(sign for sign, kind in kinds if sign == "_" or kind[0] in "LM" or kind == "Nd")
    return f"{name}_{'LATE_' if late else ''}{user}_{attachment}_"

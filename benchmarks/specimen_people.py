"""Invented people, one or more for every script that papers are printed in, and drawn faces."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Sample:
    """An invented person. ``language`` is ISO 639-3."""

    name: str
    latin: str
    language: str
    sex: str
    birth: str
    place: str


PEOPLE = (
    Sample("Ilan Orlok", "", "eng", "M", "1986-03-09", "Lower Orlan"),
    Sample("Éloïse Brûlé-Ndiaye", "Eloise Brule-Ndiaye", "fra", "F", "1979-12-01", "Saint-Aubin"),
    Sample(
        "فاطمة عبد الرحمن الخطيب", "Fatima Abd al-Rahman al-Khatib", "ara", "F", "1990", "حلب 12"
    ),
    Sample("غلام‌حسین رضایی", "Ghulam Husain Rezayi", "prs", "M", "1361~", "بامیان"),
    Sample("ګل‌مکۍ ځدراڼ", "Gulmakai Dzadran", "pus", "F", "1995-05", "خوست"),
    Sample("محمد عثمان چوہدری", "Muhammad Usman Chaudhry", "urd", "M", "1988-07-21", "پشاور"),
    Sample("စောထူးဝါးကြည်", "Saw Htoo Wah Kyi", "mya", "M", "1986-03-09", "ဖာပွန်"),
    Sample("𐴂𐴡𐴌𐴢𐴇 𐴀𐴝𐴔𐴞𐴕", "Noor Amin", "rhg", "M", "1992", "Maungdaw"),
    Sample("សុខ ស្រីមុំ", "Sok Sreymom", "khm", "F", "2001-01-15", "បាត់ដំបង"),
    Sample("กุลธิดา เพ็ชรรัตน์", "Kunthida Phetcharat", "tha", "F", "1999", "แม่ฮ่องสอน"),
    Sample("ບຸນມີ ພົມມະຈັນ", "Bounmy Phommachanh", "lao", "M", "1983-04", "ສະຫວັນນະເຂດ"),
    Sample("আব্দুর রহিম চৌধুরী", "Abdur Rahim Chowdhury", "ben", "M", "1975", "কক্সবাজার"),
    Sample("कृष्ण प्रसाद श्रेष्ठ", "Krishna Prasad Shrestha", "nep", "M", "1969-02", "काठमाडौं"),
    Sample("கார்த்திகா செல்வராஜ்", "Karthika Selvaraj", "tam", "F", "1994-09-30", "யாழ்ப்பாணம்"),
    Sample("ශ්‍රී නිමල් ප්‍රනාන්දු", "Sri Nimal Fernando", "sin", "M", "1981", "ගාල්ල"),
    Sample("ገብረ መድኅን ኃይሌ", "Gebre Medhin Haile", "amh", "M", "1978", "ጎንደር"),
    Sample("ሓዳስ ወልደሚካኤል", "Hadas Woldemichael", "tir", "F", "2003-06-11", "ከረን"),
    Sample("ნინო მჭედლიშვილი", "Nino Mchedlishvili", "kat", "F", "1990-10-02", "გორი"),
    Sample("Արմեն Հակոբյան", "Armen Hakobyan", "hye", "M", "1972", "Ստեփանակերտ"),
    Sample("Олександра Ґудзь-Їжакевич", "Oleksandra Gudz", "ukr", "F", "1985-08-24", "Маріуполь"),
    Sample("Nguyễn Thị Phượng Uyên", "Nguyen Thi Phuong Uyen", "vie", "F", "1997", "Huế"),
    Sample("欧阳晓梅", "Ouyang Xiaomei", "zho", "F", "1991-02-28", "昆明"),
    Sample("Ali علي Müller 12-34", "Ali Mueller", "ara", "M", "1980", "A-12 / ب"),
)


@lru_cache(maxsize=64)
def face(seed: int) -> bytes:
    """A drawn face as a stored JPEG, another one for every seed."""
    from PIL import Image, ImageDraw, ImageFilter

    skin = [(238, 200, 170), (190, 140, 110), (120, 84, 60), (214, 172, 138), (90, 62, 46)][
        seed % 5
    ]
    picture = Image.new("RGB", (360, 463), (205, 214 - seed % 20, 220))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((60, 320, 300, 650), fill=(70, 80 + seed % 60, 110))
    draw.ellipse((105, 90, 255, 310), fill=skin)
    draw.pieslice((97, 70, 263, 280), 180, 360, fill=(40, 30 + seed % 40, 28))
    for x in (145, 215):
        draw.ellipse((x - 14, 175, x + 14, 190), fill="white")
        draw.ellipse((x - 6, 176, x + 6, 189), fill=(40, 25, 20))
    draw.arc((150, 230, 210, 275), 20, 160, fill=(140, 60, 60), width=6)
    for at in range(seed % 1000):
        draw.point(((at * 37) % 360, (at * 91 + seed) % 463), fill=(at % 255, 120, 120))
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1)).save(out, "JPEG", quality=85)
    return out.getvalue()

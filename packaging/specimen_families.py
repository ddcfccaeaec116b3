"""Invented families for the specimen book, one for every language of papers and three more.

Each has a head, a spouse, a child, one just born, and an old parent with a name as long as names
are. Births are in the calendar that people there use, and as precise as people know them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from values.calendars import Calendar
from values.dates import PartialDate

BORN = date(2026, 11, 2)


@dataclass(frozen=True, slots=True)
class Relative:
    """One of a family. `relation` is a code of the list."""

    relation: str
    name: str
    latin: str
    sex: str
    birth: PartialDate


@dataclass(frozen=True, slots=True)
class Family:
    """`language` is ISO 639-3, of the names; `country` ISO 3166-1 alpha-3, as declared."""

    language: str
    country: str
    place: str
    calendar: Calendar
    relatives: tuple[Relative, ...]

    def of(self, relation: str) -> Relative:
        return next(one for one in self.relatives if one.relation == relation)

    def day(self, day: date, *, precision: str = "day", about: bool = False) -> PartialDate:
        """A day as it is told here."""
        whole = PartialDate.of_day(day, self.calendar).edtf
        said = whole[: {"day": 10, "month": 7, "year": 4}[precision]]
        return PartialDate.parse(f"{said}{'~' if about else ''}", self.calendar)


_RELATIONS = (("head", "M"), ("spouse", "F"), ("child", "F"), ("child", "M"), ("parent", "F"))


def _family(
    language: str,
    country: str,
    place: str,
    calendar: Calendar,
    births: str,
    *names: tuple[str, str],
) -> Family:
    """`births` of all but the newborn."""
    said = [PartialDate.parse(one, calendar) for one in births.split()]
    said.insert(3, PartialDate.of_day(BORN, calendar))
    people = zip(_RELATIONS, names, said, strict=True)
    return Family(
        language,
        country,
        place,
        calendar,
        tuple(
            Relative(relation, name, latin, sex, birth)
            for (relation, sex), (name, latin), birth in people
        ),
    )


FAMILIES = {
    "en": _family(
        "eng", "SSD", "Lower Orlan", Calendar.GREGORIAN, "1986-03-09 1989 2019-07 1951~",
        ("Ilan Orlok", ""), ("Marwa Teverin-Orlok", ""), ("Dalia Orlok", ""), ("", ""),
        ("Maximiliana Theodora Wilhelmina Featherstonehaugh-Orlok of Upper Orlan", ""),
    ),
    "fr": _family(
        "fra", "CAF", "Saint-Aubin", Calendar.GREGORIAN, "1979-12-01 1984-05 2015 195X",
        ("Thierry Brûlé-Ndiaye", "Thierry Brule-Ndiaye"),
        ("Éloïse Brûlé-Ndiaye", "Eloise Brule-Ndiaye"),
        ("Maëlle Brûlé-Ndiaye", "Maelle Brule-Ndiaye"),
        ("Noël Brûlé-Ndiaye", "Noel Brule-Ndiaye"),
        ("Marie-Françoise Adélaïde Ngo Bassong, épouse Brûlé-Ndiaye de L’Haÿ-les-Çais",
         "Marie-Francoise Adelaide Ngo Bassong Brule-Ndiaye de LHay-les-Cais"),
    ),
    "ar": _family(
        "ara", "SYR", "حلب، حي الفرافرة", Calendar.ISLAMIC, "1403-07-21 1406-02~ 1440-11 1371~",
        ("محمود عبد الرحمن الخطيب", "Mahmud Abd al-Rahman al-Khatib"),
        ("فاطمة حسين العلي", "Fatima Husain al-Ali"),
        ("رغد محمود الخطيب", "Raghad Mahmud al-Khatib"),
        ("يوسف محمود الخطيب", "Yusuf Mahmud al-Khatib"),
        ("زينب عبد العزيز محمد سعيد بن عبد اللطيف الهاشمي الموسوي الخطيب",
         "Zainab Abd al-Aziz Muhammad Said bin Abd al-Latif al-Hashimi al-Musawi al-Khatib"),
    ),
    "fa-AF": _family(
        "prs", "AFG", "بامیان، یکاولنگ", Calendar.SOLAR_HIJRI, "1361-07-12 1365 1398-04 1331~",
        ("غلام‌حسین رضایی", "Ghulam Husain Rezayi"), ("معصومه رضایی", "Masuma Rezayi"),
        ("زهرا رضایی", "Zahra Rezayi"), ("علی‌رضا رضایی", "Ali Reza Rezayi"),
        ("بی‌بی‌گل سیده فاطمه حسینی هزاره‌ای قره‌باغی یکاولنگی",
         "Bibi Gul Sayyida Fatima Husaini Hazarayi Qarabaghi Yakawlangi"),
    ),
    "ps": _family(
        "pus", "AFG", "خوست، ځدراڼ", Calendar.SOLAR_HIJRI, "1364-01-05 1368~ 1397 1335~",
        ("زلمی ځدراڼ", "Zalmay Dzadran"), ("ګل‌مکۍ ځدراڼ", "Gulmakai Dzadran"),
        ("سپوږمۍ ځدراڼ", "Spogmai Dzadran"), ("څپه‌خان ځدراڼ", "Tsapa Khan Dzadran"),
        ("بي‌بي ښایسته ګلالۍ د حاجي عبدالرحیم‌ځي ځدراڼ لور",
         "Bibi Khaista Gulalai, daughter of Haji Abdurrahimzai Dzadran"),
    ),
    "ur": _family(
        "urd", "PAK", "پشاور، حیات آباد", Calendar.GREGORIAN, "1988-07-21 1990-02 2018-10-05 1955~",
        ("محمد عثمان چوہدری", "Muhammad Usman Chaudhry"), ("صائمہ عثمان", "Saima Usman"),
        ("عائشہ چوہدری", "Ayesha Chaudhry"), ("ابراہیم چوہدری", "Ibrahim Chaudhry"),
        ("سیدہ بیگم نور جہاں بنت صاحبزادہ غلام مصطفیٰ خان یوسف زئی چوہدری",
         "Syeda Begum Noor Jahan bint Sahibzada Ghulam Mustafa Khan Yousafzai Chaudhry"),
    ),
    "my": _family(
        "mya", "MMR", "ဖာပွန်မြို့", Calendar.GREGORIAN, "1986-03-09 1991 2017-12 1949~",
        ("စောထူးဝါးကြည်", "Saw Htoo Wah Kyi"), ("နော်ဖောလာ", "Naw Paw Lar"),
        ("နော်မူယယ်", "Naw Mu Yeh"), ("စောအယ်ဒို", "Saw Eh Doh"),
        ("ဒေါ်ခင်မာလာသန္တာဝင်းနွယ်နီလွင်ကြူကြူသွယ်", "Daw Khin Mar Lar Thandar Win Nwe Ni Lwin Kyu Kyu Thwe"),
    ),
    "am": _family(
        "amh", "ETH", "ጎንደር፣ ደብረ ታቦር", Calendar.ETHIOPIC, "1971-13-05 1975 2010-03 1943~",
        ("ገብረ መድኅን ኃይሌ", "Gebre Medhin Haile"), ("ጽጌረዳ ወልደ ማርያም", "Tsigereda Welde Mariam"),
        ("ማኅሌት ገብረ መድኅን", "Mahlet Gebre Medhin"),
        ("ፍቅረ ሥላሴ ገብረ መድኅን", "Fikre Selassie Gebre Medhin"),
        ("እማሆይ ወለተ ኢየሱስ ትርንጎ ገብረ ክርስቶስ ወልደ ጊዮርጊስ ኃይለ ማርያም",
         "Emahoy Welete Iyesus Tirngo Gebre Kristos Welde Giyorgis Haile Mariam"),
    ),
    "bn": _family(
        "ben", "BGD", "কক্সবাজার, উখিয়া", Calendar.GREGORIAN, "1975 1982-06 2016-01-30 1947~",
        ("আব্দুর রহিম চৌধুরী", "Abdur Rahim Chowdhury"), ("রোকেয়া বেগম", "Rokeya Begum"),
        ("শ্রাবন্তী চৌধুরী", "Shrabonti Chowdhury"), ("ইব্রাহিম চৌধুরী", "Ibrahim Chowdhury"),
        ("মোছাম্মৎ জান্নাতুল ফেরদৌসী সৈয়দা কৃষ্ণচূড়া আক্তার বানু চৌধুরাণী",
         "Mosammat Jannatul Ferdousi Syeda Krishnachura Akter Banu Chowdhurani"),
    ),
    "km": _family(
        "khm", "KHM", "បាត់ដំបង", Calendar.BUDDHIST, "2528-01-15 2531 2560-08 2493~",
        ("សុខ វិចិត្រ", "Sok Vichet"), ("សុខ ស្រីមុំ", "Sok Sreymom"),
        ("សុខ បុប្ផា", "Sok Bopha"), ("សុខ ពិសិដ្ឋ", "Sok Piseth"),
        ("ឧបាសិកា ចាន់ សុវណ្ណារិទ្ធិ វឌ្ឍនៈពេជ្ររតនា ព្រះស្រីមុន្នីរ័ត្ន",
         "Upasika Chan Sovannarith Vattanakpechrattana Preahsreymonnirath"),
    ),
    "th": _family(
        "tha", "THA", "แม่ฮ่องสอน", Calendar.BUDDHIST, "2526-04-13 2532-09 2559 2489~",
        ("ธีรศักดิ์ เพ็ชรรัตน์", "Thirasak Phetcharat"), ("กุลธิดา เพ็ชรรัตน์", "Kunthida Phetcharat"),
        ("น้ำผึ้ง เพ็ชรรัตน์", "Namphueng Phetcharat"), ("ปิ่นเพชร เพ็ชรรัตน์", "Pinphet Phetcharat"),
        ("คุณหญิงสิริมงคลวัฒนานุกูล อัครพงศ์พิพัฒน์ไพบูลย์ เพ็ชรรัตน์ ณ อยุธยา",
         "Khunying Sirimongkhonwatthananukun Akkharaphongphiphatphaibun Phetcharat Na Ayutthaya"),
    ),
}  # fmt: skip
"""By the language of the paper; where there are no words for papers, the page is English."""

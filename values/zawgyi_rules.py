"""The rules that turn Zawgyi-encoded Burmese into Unicode, as data for :mod:`values.burmese`.

Source: Unicode CLDR, transform ``Zawgyi-my`` (my-t-my-s0-zawgyi), as ICU 78.3 holds it. Copyright
1991-2025 Unicode, Inc.; licence Unicode-3.0, see ``LICENSE.unicode`` beside this file. One slip of
the source is mended: a set of marks that reads ``\\1u36`` where it means ``\\u1036``.

One text is one pass over the whole string; one line is one rule, ``from > to``, in the notation of
CLDR without its spaces: characters as ``\\uXXXX``, sets, ``+`` and ``*``, groups that ``to`` takes
up as ``$1``, ``^`` and ``$`` for the ends of the string, and ``|`` for where to go on.
"""

from typing import Final

SPACES: Final = r"[\ \u00A0\u1680\u2000-\u200D\u202F\u205F\u2060\u3000\uFEFF]"
"""What ``{space}`` stands for: white space, joiners and the like."""

PASSES: Final = (
    # code points to Unicode's
    r"""
([\u1000-\u1021])\u103A\u1064 > \u1004\u103A\u1039$1\u103B
([\u1000-\u1021])\u1064 > \u1004\u103A\u1039$1
\u1064 > \u1004\u103A\u1039
([\u1000-\u1021])\u108B > \u1004\u103A\u1039$1\u102D
([\u1000-\u1021])\u108C > \u1004\u103A\u1039$1\u102E
([\u1000-\u1021])\u108D > \u1004\u103A\u1039$1\u1036
([\u1000-\u1021])\u103A\u1033\u108B > \u1004\u103A\u1039$1\u103B\u102D\u102F
([\u1000-\u1021])\u103A\u108B > \u1004\u103A\u1039$1\u103B\u102D
([\u1000-\u1021])\u103A\u108C > \u1004\u103A\u1039$1\u103B\u102E
([\u1000-\u1021])\u103A\u108D > \u1004\u103A\u1039$1\u103B\u1036
([\u1000-\u1021])\u103A\u108E > $1\u103B\u102D\u1036
\u108B > \u1004\u103A\u1039\u102D
\u108C > \u1004\u103A\u1039\u102E
\u108D > \u1004\u103A\u1039\u1036
\u106A > \u1009
\u106B > \u100A
\u108F > \u1014
\u1090 > \u101B
\u1086 > \u103F
[\u103A\u107D] > \u103B
([\u103B\u107E-\u1084])+ > \u103C
\u103C*\u108A > \u103D\u103E
\u103C > \u103D
[\u103D\u1087] > \u103E
\u1088 > \u103E\u102F
\u1089 > \u103E\u1030
\u1033 > \u102F
\u1034 > \u1030
\u1039 > \u103A
[\u1094\u1095] > \u1037
\u1025\u1039 > \u1009\u103A
\u1025\u1061 > \u1009\u1039\u1001
\u1025\u1062 > \u1009\u1039\u1002
\u1025\u1065 > \u1009\u1039\u1005
\u1025\u1068 > \u1009\u1039\u1007
\u1025\u1076 > \u1009\u1039\u1013
\u1025\u1078 > \u1009\u1039\u1015
\u1025\u107A > \u1009\u1039\u1017
\u1025\u1079 > \u1009\u1039\u1016
\u105A > \u102B\u103A
\u1060 > \u1039\u1000
\u1061 > \u1039\u1001
\u1062 > \u1039\u1002
\u1063 > \u1039\u1003
\u1065 > \u1039\u1005
[\u1066\u1067] > \u1039\u1006
\u1068 > \u1039\u1007
\u1069 > \u1039\u1008
\u106C > \u1039\u100B
\u106D > \u1039\u100C
\u1070 > \u1039\u100F
[\u1071\u1072] > \u1039\u1010
\u1096 > \u1039\u1010\u103D
[\u1073\u1074] > \u1039\u1011
\u1075 > \u1039\u1012
\u1076 > \u1039\u1013
\u1077 > \u1039\u1014
\u1078 > \u1039\u1015
\u1079 > \u1039\u1016
\u107A > \u1039\u1017
[\u107B\u1093] > \u1039\u1018
\u107C > \u1039\u1019
\u1085 > \u1039\u101C
\u108E > \u102D\u1036
\u106E > \u100D\u1039\u100D
\u106F > \u100D\u1039\u100E
\u1091 > \u100F\u1039\u100D
\u1092 > \u100B\u1039\u100C
\u1097 > \u100B\u1039\u100B
\u104E > \u104E\u1004\u103A\u1038
""",
    # the digits nought and four that stand for letters
    r"""
^\u1040([^\u1040-\u1049]) > \u101D$1
^\u1044([^\u1040-\u1049]) > |\u104E$1
([^\u1040-\u1049])\u1040$ > $1\u101D
([^\u1040-\u1049])\u1044$ > $1\u104E
([\u102B-\u103F])\u1040([^\u1040-\u1049]) > $1\u101D$2
([\u102B-\u103F])\u1044([^\u1040-\u1049]) > $1\u104E$2
""",
    # vowel E behind its consonant
    r"""
({space})\u1037 > \u1037$1
({space}+)([\u102B-\u1030\u1032-\u103B\u103D\u103E]) > $2
\u1037+ > \u1037
\u1031+\u1004\u103A\u1039([\u1000-\u1021]) > \u1004\u103A\u1039$1\u1031
\u1031+\u1037+([\u1000-\u1021]) > $1\u1031\u1037
\u1031+\u103C([\u1000-\u1021]) > $1\u103C\u1031
\u1031+([\u1000-\u1021])([\u103B\u103D\u103E]+) > $1$2\u1031
\u1031+([\u1000-\u102A]) > $1\u1031
""",
    # after the reordering
    r"""
\u103B\u103A > \u103A\u103B
\u1025\u102E > \u1026
\u103A\u1037 > \u1037\u103A
\u1036([\u103B-\u103E]*)([\u102B-\u1030\u1032]+) > $1$2\u1036
([\u102B\u102C\u102F\u1030])([\u102D\u102E\u1032]) > $2$1
\u103C([\u1000-\u1021]) > $1\u103C
""",
    # anusvara and medial RA behind the consonant
    r"""
([\u103B-\u103E])\u1039([\u1000-\u1021]) > \u1039$2$1
\u103C\u103A\u1039([\u1000-\u1021]) > \u103A\u1039$1\u103C
\u1036([\u103B-\u103E]+) > $1\u1036
""",
    # the order of medials, vowels and marks
    r"""
([\u103C-\u103E]+)\u103B > \u103B$1
([\u103D\u103E]+)\u103C > \u103C$1
\u103E\u103D > \u103D\u103E
([\u1031]+)([\u102B-\u1030\u1032]*)\u1039([\u1000-\u1021]) > \u1039$3$1$2
([\u102B-\u1030\u1032]+)\u1039([\u1000-\u1021]) > \u1039$2$1
([\u103B-\u103E]*)([\u1031]+)([\u103B-\u103E]*) > $1$3$2
\u1037([\u102D-\u1030\u1032\u1036\u103B-\u103E]+) > $1\u1037
([\u102B-\u1030\u1032]+)([\u103B-\u103E]+) > $2$1
([\u1000-\u1021])([\u102B-\u1032\u1036\u103B-\u103E])\u103A([\u1000-\u1021]) > $1\u103A$2$3
""",
    # more of the same
    r"""
\u1005\u103B > \u1008
([\u102B-\u1032])([\u103B-\u103E]) > $2$1
([\u103C-\u103E])\u103B > \u103B$1
([\u103D\u103E])\u103C > \u103C$1
\u103E\u103D > \u103D\u103E
\u1038([\u1036\u102B-\u1030\u1032\u1037\u103A-\u103F]) > $1\u1038
\u1036\u102F > \u102F\u1036
""",
    # what stands twice, spaces before marks
    r"""
\u102D\u102D+ > \u102D
\u102E\u102E+ > \u102E
\u102F\u102F+ > \u102F
\u1030\u1030+ > \u1030
\u1032\u1032+ > \u1032
\u1036\u1036+ > \u1036
\u1037\u1037+ > \u1037
\u1039\u1039+ > \u1039
\u103A\u103A+ > \u103A
\u103B\u103B+ > \u103B
\u103C\u103C+ > \u103C
\u103D\u103D+ > \u103D
\u103E\u103E+ > \u103E
\u102F[\u1030\u103A] > \u102F
\u102D\u102E > \u102E
({space})+([\u102B-\u1032\u1036-\u103E]) > $2
^\u200B+ >
\u200B+$ >
{space}*\u200B{space}* > \u200B
""",
)

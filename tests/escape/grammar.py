"""What may leave the program.  Not the program's own table: categories and properties as Python's unicodedata has them."""
import re
import unicodedata

# Default_Ignorable_Code_Point (Unicode 15, DerivedCoreProperties) that is not Cf already.
IGNORABLE = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0} | set(range(0x180B, 0x1810)) | set(range(0xFE00, 0xFE10)) \
    | set(range(0xFFF0, 0xFFF9)) | set(range(0xE0000, 0xE1000))


def hidden(c):
    cp = ord(c)
    return (unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs") or cp in IGNORABLE or 0xFDD0 <= cp <= 0xFDEF
            or cp & 0xFFFE == 0xFFFE)


# Sequences that terminfo's xterm-256color and the program's own modes need; everything else is a leak.
TERMINAL = re.compile(
    "\x1b\\[(?:"
    "[0-9;]*m"                                # attributes and colours
    "|[0-9;]*[HABCDEFGdfJKXPL@MbSTr]"         # cursor, erase, insert, delete, repeat, scroll region
    "|\\?(?:1|7|12|25|1002|1006|1049|2004|12;25|1;1000|1006;1000|1002;1006)[hl]"
    "|4l|22;0;0t|23;0;0t|6n|!p|\\?3;4l"
    ")|\x1b[78=>M]|\x1b\\([B0]")
SGR = re.compile("\x1b\\[[0-9;]*m")


def leaks(output, allowed=None, lines="\n"):
    """The first places in output (bytes) that the grammar does not have: (offset in the text, what)."""
    try:
        text = output.decode()
    except UnicodeDecodeError as e:
        return [(e.start, "no UTF-8: " + output[e.start:e.start + 4].hex())]
    if allowed:
        text = allowed.sub(lambda m: " " * len(m.group()), text)
    return [(m, "U+%04X" % ord(text[m])) for m in range(len(text)) if hidden(text[m]) and text[m] not in lines]

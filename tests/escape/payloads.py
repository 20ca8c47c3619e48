"""What a hostile text may hold: control characters in every form, the sequences that terminals obey, and characters that
are not seen.  Each payload is bytes; those that are UTF-8 can also stand in a sidecar or in JSON, by escapes.

Sources: ECMA-48 and XTerm's ctlseqs for sequences, the Unicode Standard 15 for format characters, table 3-7 there for what
is no UTF-8."""

SEQUENCES = [
    b"\x1b[31m", b"\x1b[2J", b"\x1b[H", b"\x1b[1;1H", b"\x1b[?1049h", b"\x1b[?25l", b"\x1b[6n", b"\x1b[c", b"\x1b[>c", b"\x1b[21t",
    b"\x1b[5i", b"\x1b[?2004l", b"\x1b[200~", b"\x1b[201~", b"\x1b[?1003h", b"\x1b[4h", b"\x1b[3;5r",
    b"\x1b]0;title\x07", b"\x1b]0;title\x1b\\", b"\x1b]2;t\x07", b"\x1b]52;c;ZWNobyBoaQ==\x07", b"\x1b]52;c;?\x07",
    b"\x1b]8;;http://example.invalid/\x1b\\", b"\x1b]4;1;rgb:ff/00/00\x07", b"\x1b]1337;File=:AAAA\x07", b"\x1b]50;x\x07",
    b"\x1bP$q m\x1b\\", b"\x1bP+q544e\x1b\\", b"\x1bPtmux;\x1b\x1b]0;x\x07\x1b\\", b"\x1b_Gf=100;AAAA\x1b\\", b"\x1b^pm\x1b\\",
    b"\x1bXsos\x1b\\", b"\x1bc", b"\x1b(0", b"\x1b#8", b"\x1bE", b"\x1bM", b"\x1bkname\x1b\\", b"\x1b=", b"\x1b7\x1b8", b"\x1b",
    "\u009b31m".encode(), "\u009d0;x\u009c".encode(), "\u0090$q\u009c".encode(), b"\x9b31m", b"\x9d0;x\x9c", b"a\rb", b"a\x08\x08b",
    b"x\nzhupi: done", b"\x0e\x0f", b"%1B%5B31m\x1b[0m", b"\\x1b[31m\x1b[0m",
]
CODE_POINTS = (
    list(range(0x01, 0x20)) + [0x7F] + list(range(0x80, 0xA0))                     # C0, DEL, C1 as UTF-8
    + [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]     # bidi
    + [0x200B, 0x200C, 0x200D, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xFEFF, 0x180E]  # zero-width
    + [0x2028, 0x2029, 0xAD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0]    # separators, soft hyphen, fillers
    + [0x206A, 0x206B, 0x206C, 0x206D, 0x206E, 0x206F, 0xFFF9, 0xFFFA, 0xFFFB]     # deprecated, interlinear
    + [0x1BCA0, 0x1BCA3, 0x1D173, 0x1D17A, 0xE0001, 0xE0041, 0xE007F, 0xE0100, 0xFE00, 0xFE0F]  # more format characters, tags, selectors
    + [0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF]                          # noncharacters
)
BROKEN = [bytes([b]) for b in range(0x80, 0xA0)] + [
    b"\xc0\x9b", b"\xe0\x80\x9b", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xe4\xbd", b"\xff\xfe", b"\xbf",
]

ALL = SEQUENCES + [chr(c).encode() for c in CODE_POINTS] + BROKEN


def is_text(payload):
    """Whether it can be spelt where text must be UTF-8."""
    try:
        payload.decode()
        return True
    except UnicodeDecodeError:
        return False

from ipmatch.writing.characters import cut, shown, width


def test_controls_and_bidi_marks_are_spelt_out():
    assert shown("a\x1b[31mb\u202ec\u2028d\te\nf\x7f\U000e0041") == (
        "a\\x1b[31mb\\u202ec\\u2028d\\te\\nf\\x7f\\U000e0041"
    )


def test_joiners_that_spell_words_stay():
    assert shown("می\u200cخواهم") == "می\u200cخواهم"


def test_what_the_encoding_lacks_is_spelt_out_or_said_plainly():
    assert shown("Ana Sílva – 1…", "ascii") == "Ana S\\xedlva - 1..."
    assert shown("Sílva 李", "cp1252") == "Sílva \\u674e"


def test_wide_characters_take_two_columns_and_combining_ones_none():
    assert (width("abc"), width("李小龍"), width("Zoe\u0308"), width("한")) == (3, 6, 3, 2)


def test_a_cut_never_parts_a_letter_from_its_accent():
    assert cut("Zoe\u0308 x", 3) == ("Zoe\u0308", " x")
    assert cut("李小", 1) == ("李", "小")

import string

from abeyance_screening.engine.lists.reading.texts import narrow


def test_every_full_width_form_becomes_its_ascii_character():
    letters = string.digits + string.ascii_letters + string.punctuation
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in letters)
    assert narrow(wide + "\u3000") == letters + " "


def test_kana_han_and_their_marks_stay_as_printed():
    text = "株式会社・ジャパン、「連合」。ｶﾅ"
    assert narrow(text) == text

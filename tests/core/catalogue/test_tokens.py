"""How text is cut into search tokens."""

from __future__ import annotations

from core.catalogue import pinyin, tokens


def test_a_query_wants_every_word_and_the_last_as_a_beginning() -> None:
    assert tokens.query("Blue mu") == "'blue' & 'mu':*"


def test_han_is_cut_into_pairs_and_a_lone_character_is_asked_by_itself() -> None:
    assert tokens.query("手冲咖啡") == "'手冲' & '冲咖' & '咖啡'"
    assert tokens.query("杯") == "'杯'"


def test_accents_width_and_case_do_not_matter() -> None:
    assert tokens.fold("Ｃafé  CRÈME") == "cafe creme"


def test_plurals_are_found_by_the_singular_and_the_other_way_round() -> None:
    assert tokens.query("glasses") == "'glass':*"
    assert tokens.words("Berries")[0] == ["berries", "berry"]


def test_a_token_stands_under_its_best_weight_alone() -> None:
    parts = tokens.document("Oak board", brand="Oak", description="An oak board for bread")
    assert parts == [("A", ["oak", "board"]), ("D", ["an", "for", "bread"])]


def test_a_vector_is_written_for_postgresql_with_single_characters_weighing_least() -> None:
    assert tokens.vector_sql(tokens.document("手冲壶", brand="Kettle")) == (
        "'手冲':1A '冲壶':1A 'kettle':2B '手':4D '冲':4D '壶':4D"
    )


def test_quotes_and_operators_cannot_reach_the_query_language() -> None:
    assert tokens.query("a' | 'b & !tea:*") == "'tea':*"
    assert tokens.query("'':*&|!()<->") == ""


def test_words_that_are_all_syllables_are_asked_for_as_one_too() -> None:
    assert tokens.query("ka fei") == "('ka' & 'fei':*) | 'kafei':*"
    assert tokens.query("xi'an") == "('xi' & 'an':*) | 'xian':*"
    assert tokens.query("kafei") == "'kafei':*"


def test_han_sounds_from_each_character_on_as_syllables_and_initials() -> None:
    assert pinyin.sounds("咖啡壶") == ("kafeihu", "kfh", "feihu", "fh", "hu")
    assert pinyin.sounds("重庆 tea")[0] == "chongqing"
    assert pinyin.sounds("Blue mug") == ()
    assert len(pinyin.sounds("茶" * 500)) < 100


def test_a_beginning_of_pinyin_is_seen_in_the_middle_of_a_name() -> None:
    assert pinyin.begins("手冲咖啡", "ka fe")
    assert pinyin.begins("手冲咖啡", "kf")
    assert not pinyin.begins("手冲咖啡", "k")
    assert not pinyin.begins("手冲咖啡", "afei")

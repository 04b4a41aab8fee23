"""Cars by their start numbers, which need not be their own."""

from livetiming.services.wige.entrants import Entrant, Entrants

RED, BLUE = Entrant("7", "SP 9", "Red"), Entrant("7", "V6", "Blue")


def test_one_car_with_a_number_keeps_its_id_whatever_is_corrected():
    entrants = Entrants()
    for row in (RED, RED._replace(team="Read"), RED._replace(class_="SP 10"), BLUE):
        assert entrants.ids([row]) == ["7"]


def test_two_cars_keep_their_ids_in_whatever_order_they_come():
    entrants = Entrants()
    assert entrants.ids([RED, BLUE]) == ["7", "7~2"]
    assert entrants.ids([BLUE, RED]) == ["7~2", "7"]
    assert entrants.ids([BLUE]) == ["7~2"]
    assert entrants.ids([RED]) == ["7"]


def test_one_of_two_may_be_corrected_and_keeps_its_id():
    entrants = Entrants()
    entrants.ids([RED, BLUE])
    renamed = BLUE._replace(team="Blue Racing")
    assert entrants.ids([renamed, RED]) == ["7~2", "7"]
    assert entrants.ids([renamed]) == ["7~2"]


def test_two_rows_that_are_alike_are_two_cars():
    assert Entrants().ids([RED, RED, Entrant("07", "", "")]) == ["7", "7~2", "07"]

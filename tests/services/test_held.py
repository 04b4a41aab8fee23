"""One service of a class and a name at a time."""

import json

import pytest

from livetiming.errors import BadValue
from livetiming.events import SessionId
from livetiming.events.log import RealDisk
from livetiming.services.held import LOOKS, AlreadyRuns, hold_instance, instance_name

SESSION = SessionId("5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b")


def hold(folder, class_="demo", instance="main", pid=17):
    return hold_instance(RealDisk(), folder, class_, instance, pid)


def test_a_second_one_of_a_class_and_a_name_is_refused_with_the_first_ones_pid(tmp_path):
    held = hold(tmp_path)
    with pytest.raises(AlreadyRuns, match=r"demo runs already as 'main' \(process 17\).*--name"):
        hold(tmp_path, pid=18)
    held.let_go()
    hold(tmp_path, pid=18).let_go()


def test_other_names_and_other_classes_are_others(tmp_path):
    each = [hold(tmp_path), hold(tmp_path, instance="two"), hold(tmp_path, class_="rmonitor")]
    for held in each:
        held.let_go()


def test_the_file_says_which_process_it_is_and_which_session_it_has(tmp_path):
    held = hold(tmp_path)
    path = tmp_path / "demo.main.service"
    assert json.loads(path.read_text()) == {"pid": 17, "session": None}
    held.tell(SESSION)
    assert json.loads(path.read_text()) == {"pid": 17, "session": SESSION}
    held.tell(None)
    assert json.loads(path.read_text()) == {"pid": 17, "session": None}
    held.let_go()


def test_who_only_looks_for_a_moment_is_in_nobodys_way(tmp_path):
    class Looking(RealDisk):
        pauses = 0

        def pause(self):
            self.pauses += 1
            if self.pauses == 20:
                looked.close()

    looked = RealDisk().lock(tmp_path / "demo.main.service")
    hold_instance(Looking(), tmp_path, "demo", "main", 17).let_go()


def test_whenever_one_looks_the_file_says_which_process_it_is(tmp_path):
    path = tmp_path / "demo.main.service"
    seen = []

    class Seen:
        def __init__(self, file):
            self.file = file

        def __getattr__(self, name):
            def call(*args):
                result = getattr(self.file, name)(*args)
                seen.append(json.loads(path.read_text())["pid"])
                return result

            return call

    class Watched(RealDisk):
        watched = False

        def append(self, path):
            file = super().append(path)
            return Seen(file) if self.watched else file

    disk = Watched()
    held = hold_instance(disk, tmp_path, "demo", "main", 4_194_304)
    disk.watched = True
    held.tell(SESSION)
    held.tell(None)
    assert set(seen) == {4_194_304}
    held.let_go()


def test_who_has_just_got_it_is_waited_for_to_say_so(tmp_path):
    path = tmp_path / "demo.main.service"

    class Waiting(RealDisk):
        pauses = 0

        def pause(self):
            self.pauses += 1
            if self.pauses == LOOKS + 20:
                path.write_text('{"pid":17,"session":null}')

    lock = RealDisk().lock(path)
    with pytest.raises(AlreadyRuns, match="process 17"):
        hold_instance(Waiting(), tmp_path, "demo", "main", 18)
    lock.close()


def test_a_file_that_cannot_be_read_is_another_process(tmp_path):
    lock = RealDisk().lock(tmp_path / "demo.main.service")
    with pytest.raises(AlreadyRuns, match="another process"):
        hold(tmp_path)
    lock.close()


@pytest.mark.parametrize("name", ["", "A", "a b", "a/b", "..", "x" * 33, "ä", "a\n"])
def test_a_name_is_small_letters_digits_and_dashes(name):
    with pytest.raises(BadValue, match="--name"):
        instance_name(name)
    assert instance_name("le-mans_24") == "le-mans_24"
